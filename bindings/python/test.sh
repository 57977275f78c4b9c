#!/usr/bin/env bash
# Builds the wheel, installs it where nothing of this tree is to be seen, and runs all tests of the
# module there: test.sh DIR [options of pytest]. DIR is a build tree (its bhashatts command is what the
# module is compared with) or any place to work in; $PYTHON is python3 unless set. The Django app has
# tests of its own: test_django.sh.
# Exit 77: this Python cannot be used, or the packages for the tests cannot be had.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
export PYTHONDONTWRITEBYTECODE=1 NO_PROXY=127.0.0.1 no_proxy=127.0.0.1

python=$("$here/make_test_venv.sh" "$1" module)
export TEST_COMMAND
TEST_COMMAND=$(find "$(realpath "$1")" -maxdepth 3 -name bhashatts -type f -perm -u+x | head -n 1)
cd "$here/tests"
exec "$python" -m pytest --ignore=django_app "${@:2}"
