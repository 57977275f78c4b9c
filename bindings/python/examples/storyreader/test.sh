#!/usr/bin/env bash
# The tests of the story reader: test.sh PYTHON [options of pytest]. PYTHON has bhashatts and what
# requirements.txt and tests/requirements.txt list. Tests that need chromium or espeak-ng skip
# themselves where there is none, and say so.
# Exit 77: that Python has not what is needed.
set -euo pipefail
[ $# -ge 1 ] || { sed -n '2,/^set /s/^# \{0,1\}//p' "$0"; exit 2; }
python=$1
"$python" -c 'import bhashatts.django, dj_database_url, pytest_django, rest_framework, uvicorn, whitenoise' ||
  { echo "skipped: $python has not all of requirements.txt and tests/requirements.txt" >&2; exit 77; }
cd "$(dirname "$0")/tests"
export PYTHONDONTWRITEBYTECODE=1 NO_PROXY=127.0.0.1 no_proxy=127.0.0.1
exec "$python" -m pytest -rs "${@:2}"
