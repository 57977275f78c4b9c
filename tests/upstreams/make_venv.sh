#!/bin/sh
# The environment that the tests here, and cmake/lint.sh, run in: make_venv.sh DIR prints where it is.
here=$(dirname "$0")
exec "$here/../../cmake/make-venv.sh" "$1" "$here/requirements.txt" --no-deps # complete as it is
