#!/usr/bin/env bash
# Makes the Python environment that the tests here, and cmake/lint.sh, run in, and prints where it
# is: make_venv.sh DIR. It is named after what is in it, so that it is made once and never stale.
# Exits with 77 (ctest: skipped) where the packages cannot be had.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
python=${PYTHON:-python3}

skip() {
  echo "skipped: $*" >&2
  exit 77
}

version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])') || skip "no python3"
hash=$({ cat "$here/requirements.txt"; echo "$version"; } | sha256sum | cut -c1-12)
venv=$(realpath -m "$1")/venv-$hash

if [ ! -e "$venv/complete" ]; then
  rm -rf "$1"/venv-*
  mkdir -p "$1"
  log=$(mktemp)
  trap 'rm -f "$log"' EXIT
  "$python" -m venv "$venv" >"$log" 2>&1 || skip "python3 has no venv: $(tail -n 1 "$log")"
  "$venv/bin/python" -m pip install --disable-pip-version-check --no-input --quiet --no-deps \
    --retries 3 --timeout 20 -r "$here/requirements.txt" >"$log" 2>&1 ||
    skip "the packages could not be installed: $(tail -n 1 "$log")"
  touch "$venv/complete"
fi
echo "$venv"
