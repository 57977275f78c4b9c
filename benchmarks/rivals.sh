#!/usr/bin/env bash
# Our S3 and Redis clients beside those of others, on the same servers in the same run:
# rivals.sh BUILD_DIR [s3|redis]... The rivals and the S3 server are installed below BUILD_DIR, once.
# Exits with 77 where they cannot be had.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
build=$(realpath "$1")
shift
[ $# -gt 0 ] || set -- redis s3
cache=$build/benchmarks/rivals
python=${PYTHON:-python3}
log=$(mktemp)
trap 'rm -f "$log"' EXIT

skip() {
  echo "skipped: $*" >&2
  exit 77
}

# Named after what is in it, so that it is never stale.
version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])') || skip "no python3"
hash=$({ cat "$here/rivals_requirements.txt"; echo "$version"; } | sha256sum | cut -c1-12)
venv=$cache/venv-$hash
if [ ! -e "$venv/complete" ]; then
  rm -rf "$cache"/venv-*
  mkdir -p "$cache"
  "$python" -m venv "$venv" >"$log" 2>&1 || skip "python3 has no venv: $(tail -n 1 "$log")"
  "$venv/bin/python" -m pip install --disable-pip-version-check --no-input --quiet --no-deps \
    --retries 3 --timeout 20 -r "$here/rivals_requirements.txt" >"$log" 2>&1 ||
    skip "the rivals could not be installed: $(tail -n 1 "$log")"
  touch "$venv/complete"
fi

export PYTHONDONTWRITEBYTECODE=1
for which in "$@"; do
  case "$which" in
    redis) "$venv/bin/python" "$here/redis_bench.py" "$build/benchmarks/redis_rounds" ;;
    s3)
      TMPDIR=$cache PYTHON=$python "$here/../tests/s3/run.sh" versitygw "$cache/tools" \
        "$venv/bin/python" "$here/s3_bench.py" "$build/benchmarks/s3_bench"
      ;;
    *)
      echo "usage: $0 BUILD_DIR [s3|redis]..." >&2
      exit 2
      ;;
  esac
done
