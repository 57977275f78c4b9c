#!/usr/bin/env bash
# clang-format, shellcheck, ruff, mypy and clang-tidy; --fix only formats.
set -euo pipefail
cd "$(dirname "$0")/.."

mapfile -t sources < <(find include src capi bindings tests benchmarks examples \
  \( -name '*.h' -o -name '*.cpp' -o -name '*.c' \) | sort)
if [ "${1:-}" = --fix ]; then
  clang-format -i "${sources[@]}"
  exit
fi

echo "== clang-format: ${#sources[@]} files"
clang-format --dry-run --Werror "${sources[@]}"

mapfile -t scripts < <(find .ci cmake capi bindings tests benchmarks examples deploy \
  -name '*.sh' -o -path .ci/run | sort)
echo "== shellcheck: ${#scripts[@]} files"
shellcheck "${scripts[@]}"

# In the environment of tests/upstreams, in the place where the tests of the release build look.
if venv=$(tests/upstreams/make_venv.sh build/release/tests/upstreams); then
  for folder in deploy/parler tests/upstreams; do
    echo "== ruff, mypy: $folder"
    (cd "$folder" && "$venv/bin/ruff" format --no-cache --quiet --check . &&
      "$venv/bin/ruff" check --no-cache --quiet . &&
      "$venv/bin/mypy" --no-error-summary --cache-dir /dev/null .)
  done
  # Django and REST framework are not installed here, and would be without types if they were.
  loose=(--strict --ignore-missing-imports --allow-subclassing-any --allow-untyped-decorators)
  module=$PWD/bindings/python
  for folder in benchmarks bindings/python capi tests/capi tests/layout tests/readme; do
    echo "== ruff, mypy: $folder"
    (cd "$folder" && "$venv/bin/ruff" format --no-cache --quiet --check . &&
      "$venv/bin/ruff" check --no-cache --quiet . &&
      MYPYPATH=$module "$venv/bin/mypy" "${loose[@]}" --exclude '^(examples|tests/django_app)/' \
        --no-error-summary --cache-dir /dev/null .)
  done
  # Each is a project of its own, with a conftest.
  for folder in bindings/python/tests/django_app bindings/python/examples/storyreader deploy/django; do
    echo "== ruff, mypy: $folder"
    (cd "$folder" && "$venv/bin/ruff" format --no-cache --quiet --check . &&
      "$venv/bin/ruff" check --no-cache --quiet . &&
      MYPYPATH=$module:$module/tests:$module/examples/storyreader "$venv/bin/mypy" "${loose[@]}" \
        --no-warn-return-any --no-error-summary --cache-dir /dev/null .)
  done
elif [ $? -ne 77 ]; then
  exit 1
fi

start=$SECONDS
folders=(src capi)
python_module=()
if options=$(cmake/python-options.sh); then
  folders+=(bindings/python/src)
  read -ra python_module <<<"$options"
elif [ $? -ne 77 ]; then
  exit 1
fi
# Biggest first, so that no core idles at the end.
mapfile -t units < <(find "${folders[@]}" -name '*.cpp' -printf '%s %p\n' | sort -rn | cut -d' ' -f2)
echo "== clang-tidy: ${#units[@]} files"
cmake --preset tidy "${python_module[@]}" >/dev/null
# Findings are on stdout; stderr only counts what was suppressed in system headers.
printf '%s\n' "${units[@]}" |
  xargs -P "$(nproc)" -n 1 clang-tidy --quiet -p build/tidy 2>/dev/null
echo "== clang-tidy: $((SECONDS - start)) s"
