#!/usr/bin/env bash
# The Python module, from its wheel, beside its rivals:
#   benchmarks/python/run.sh BUILD_DIR [imports|hits|threads|loop|load]...
# $PYTHON is python3 unless set. Where BUILD_DIR has capi_bench, the hit in C++ is told beside; load
# wants wrk, nginx, PostgreSQL and redis-server. Exits with 77 where the rivals cannot be had.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
build=$(realpath -m "$1")
shift
[ $# -gt 0 ] || set -- imports hits threads loop load

tools=$("$root/cmake/make-venv.sh" "$build/python" "$root/bindings/python/tests/requirements.txt")
wheel=$("$root/bindings/python/make_wheel.sh" "$build/python" "$tools/bin/python")
export PYTHONPATH=$root/bindings/python/tests  # servers.py
venv=$("$root/cmake/make-venv.sh" "$build/python/rivals" "$here/requirements.txt" --no-deps)
"$venv/bin/python" -m pip install --quiet --no-deps --no-input --disable-pip-version-check \
  --force-reinstall "$wheel"

load() { # with redirects where an S3 server can be had
  local gateway
  gateway=$("$root/tests/s3/make_tools.sh" versitygw "$build/tests/s3/tools") || gateway=
  "$venv/bin/python" "$here/load.py" ${gateway:+--versitygw "$gateway"}
}

for which in "$@"; do
  case "$which" in
    imports | threads | loop) "$venv/bin/python" "$here/$which.py" ;;
    load) load ;;
    hits) "$venv/bin/python" "$here/hits.py" "$build" ;;
    *)
      echo "usage: $0 BUILD_DIR [imports|hits|threads|loop|load]..." >&2
      exit 2
      ;;
  esac
done
