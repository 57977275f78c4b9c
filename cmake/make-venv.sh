#!/usr/bin/env bash
# Makes a Python environment that holds what a list asks for, and prints where it is:
#   cmake/make-venv.sh DIR REQUIREMENTS.txt [options of pip install]
# It is named after what is in it, so that it is made once and never stale. $PYTHON says for which
# Python. Exits with 77 (ctest: skipped) where the packages cannot be had.
set -euo pipefail
python=${PYTHON:-python3}

skip() {
  echo "skipped: $*" >&2
  exit 77
}

[ $# -ge 2 ] || { echo "usage: $0 DIR REQUIREMENTS.txt [options of pip install]" >&2; exit 2; }
list=$2
version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])') || skip "no $python"
hash=$({ cat "$list"; echo "$version" "${@:3}"; } | sha256sum | cut -c1-12)
venvs=$(realpath -m "$1")
venv=$venvs/venv-$version-$hash

if [ ! -e "$venv/complete" ]; then
  rm -rf "$venvs/venv-$version"-*
  mkdir -p "$venvs"
  log=$(mktemp)
  trap 'rm -f "$log"' EXIT
  "$python" -m venv "$venv" >"$log" 2>&1 || skip "$python has no venv: $(tail -n 1 "$log")"
  "$venv/bin/python" -m pip install --disable-pip-version-check --no-input --quiet \
    --retries 3 --timeout 20 -r "$list" "${@:3}" >"$log" 2>&1 ||
    skip "the packages could not be installed: $(tail -n 1 "$log")"
  touch "$venv/complete"
fi
echo "$venv"
