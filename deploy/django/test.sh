#!/usr/bin/env bash
# All tests of the deployment: test.sh PYTHON [options of pytest]. That Python has bhashatts, what
# tests/requirements.txt names, and what the story reader requires. What is missing on the machine
# (nginx, systemd-analyze, PostgreSQL, lmdb-utils, espeak-ng) is skipped, with the reason.
set -euo pipefail
[ $# -ge 1 ] || { echo "usage: $0 PYTHON [options of pytest]" >&2; exit 2; }
python=$(realpath --no-symlinks "$(command -v "$1")") # the name that it is called by decides its environment
cd "$(dirname "$0")/tests"
export PYTHONDONTWRITEBYTECODE=1 NO_PROXY=127.0.0.1 no_proxy=127.0.0.1

run() { # options may leave nothing to one of the two: pytest's exit status 5
  "$python" -m pytest -rs "$@" || [ $? -eq 5 ]
}

# The pages install a host of their own, so that they can be run beside the rest.
log=$(mktemp)
trap 'rm -f "$log"' EXIT
run test_docs.py "${@:2}" >"$log" 2>&1 &
pages=$!
status=0
run --ignore=test_docs.py "${@:2}" || status=1
wait "$pages" || status=1
cat "$log"
exit "$status"
