#!/usr/bin/env bash
# Makes environments in which tests run, each with the wheel of this tree in it, and prints their
# interpreters: make_test_venv.sh DIR WHAT..., as "make_test_venv.sh build/release module 4.2". WHAT is
# "module", for the tests of the module, or a version of Django, for those of the app. $PYTHON is
# python3 unless set. What is up to date is left alone, so that it may be asked for while tests run.
# Exit 77: this Python cannot be used, or the packages cannot be had.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
work=$(realpath -m "$1")/python
"${PYTHON:-python3}" -c 'import sys; sys.exit(sys.version_info < (3, 9))' ||
  { echo "skipped: Python 3.9 or newer is needed" >&2; exit 77; }

mkdir -p "$work"
exec 8>"$work/venvs.lock" # one at a time
flock 8
builder=$("$here/../../cmake/make-venv.sh" "$work" "$here/tests/requirements.txt")/bin/python
wheel=$("$here/make_wheel.sh" "$work" "$builder" 8>&-)
made_of=$(sha256sum "$wheel")
for what in "${@:2}"; do
  python=$builder
  if [ "$what" != module ]; then
    python=$("$here/../../cmake/make-venv.sh" "$work/django-$what" \
      "$here/tests/django_app/requirements.txt" "Django==$what.*")/bin/python
  fi
  there=$(dirname "$python")/../bhashatts-wheel
  if [ "$(cat "$there" 2>/dev/null)" != "$made_of" ]; then
    "$python" -m pip install --quiet --no-deps --no-input --disable-pip-version-check \
      --force-reinstall "$wheel" >&2
    echo "$made_of" >"$there"
  fi
  echo "$python"
done
