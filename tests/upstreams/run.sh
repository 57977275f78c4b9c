#!/usr/bin/env bash
# One file of tests a call: run.sh VENVS TEST_FILE [BHASHATTS]. Exits with 77 (ctest: skipped) where
# what it needs cannot be had, and says what that is.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
venv=$("$here/make_venv.sh" "$1")
for program in espeak-ng ffmpeg; do
  if ! command -v "$program" >/dev/null; then
    echo "skipped: there is no $program" >&2
    exit 77
  fi
done
test_file=$here/$2
cd "$(dirname "$test_file")" # where its pyproject.toml is found from
export BHASHATTS_COMMAND=${3:-} PYTHONDONTWRITEBYTECODE=1
export NO_PROXY=127.0.0.1 no_proxy=127.0.0.1
exec "$venv/bin/python" -m pytest "$test_file"
