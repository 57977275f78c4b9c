#!/usr/bin/env bash
# Builds the wheel of one Python, and prints where it is: make_wheel.sh DIR PYTHON. That Python has
# scikit-build-core and pybind11. DIR/cmake-<tag> is kept, so that only what changed is compiled; a
# wheel of this very tree is left as it is.
set -euo pipefail
directory=$(realpath -m "$1")
python=$2
cd "$(dirname "$0")/../.."

wheels=$directory/wheels-$("$python" -c 'import sys; print(sys.implementation.cache_tag)')
made_of=$(bindings/python/made_of.sh)
if [ "$(cat "$wheels/made-of" 2>/dev/null)" != "$made_of" ]; then
  rm -rf "$wheels"
  # The very files of a release build, by the same compiler with the same flags: where they were built
  # through a compiler cache (cmake/run-tests.sh), it has them. Python itself would ask for g++.
  export CXX=${CXX:-c++}
  "$python" -m pip wheel . --wheel-dir "$wheels" --no-deps --no-build-isolation --no-input \
    --disable-pip-version-check --quiet --config-settings=build-dir="$directory/cmake-{wheel_tag}" >&2
  echo "$made_of" >"$wheels/made-of"
fi
ls "$wheels"/bhashatts-*.whl
