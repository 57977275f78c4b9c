#!/bin/sh
# Prints a digest of all that a wheel is built from, so that nothing is built again that was not changed.
set -eu
cd "$(dirname "$0")/../.."
find CMakeLists.txt cmake pyproject.toml LICENSE include src bindings/python/CMakeLists.txt \
  bindings/python/README.md bindings/python/src bindings/python/bhashatts \
  -type f ! -name '*.pyc' -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum
