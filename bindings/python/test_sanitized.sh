#!/usr/bin/env bash
# Runs all tests of the module over one that was built with AddressSanitizer:
#   test_sanitized.sh MODULE.so PYTHON [options of pytest]
# That Python has what tests/requirements.txt lists, and not the module itself.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
module=$(realpath "$1")
python=$2

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cp -r "$here/bhashatts" "$scratch"
cp "$module" "$scratch/bhashatts"
# The interpreter knows nothing of the sanitizer, so that must be there before it. Leaks are looked
# for by the tests themselves: an interpreter gives back at its end what it likes.
runtime=$(clang++ -print-file-name="libclang_rt.asan-$(uname -m).so")
export LD_PRELOAD="$runtime" ASAN_OPTIONS=detect_leaks=0:abort_on_error=1:${ASAN_OPTIONS:-}
export PYTHONPATH=$scratch PYTHONDONTWRITEBYTECODE=1 PYTHONMALLOC=malloc
export TEST_SANITIZED=1 NO_PROXY=127.0.0.1 no_proxy=127.0.0.1
cd "$here/tests"
"$python" -m pytest --ignore=django_app "${@:3}"
