#!/usr/bin/env bash
# Prints the options of cmake that build the Python module too, in a line. Exits with 77 (ctest:
# skipped) where what that needs cannot be had.
set -euo pipefail
cd "$(dirname "$0")/.."
venv=$(cmake/make-venv.sh build/release/python bindings/python/tests/requirements.txt)
echo "-DBHASHATTS_BUILD_PYTHON=ON" "-DPython_EXECUTABLE=$venv/bin/python" \
  "-Dpybind11_DIR=$("$venv/bin/python" -m pybind11 --cmakedir)"
