#!/usr/bin/env bash
# Builds and runs the tests three times: as shipped (gcc, all labels), under AddressSanitizer and
# UBSan (clang, whose thread-safety analysis is then an error too), and under ThreadSanitizer (gcc,
# warnings as errors). The crash runs (label long) run as shipped only: a sanitizer makes them five
# times longer and tells nothing about what is on the disk after a kill.
#
#   cmake/run-tests.sh [release|asan-ubsan|tsan ...]
set -euo pipefail
cd "$(dirname "$0")/.."

presets=("$@")
[ $# -gt 0 ] || presets=(release asan-ubsan tsan)

# ThreadSanitizer maps its shadow at fixed places, which a kernel with much address randomisation
# (vm.mmap_rnd_bits over 30) takes away; where we may not switch it off we try all the same.
plainly=()
if setarch -R true 2>/dev/null; then plainly=(setarch -R); fi

# The wheel of bindings/python holds the very files of the release build: they are compiled once.
if command -v ccache >/dev/null; then
  export CMAKE_CXX_COMPILER_LAUNCHER=${CMAKE_CXX_COMPILER_LAUNCHER-ccache}
fi

# Under AddressSanitizer the Python module is built too, where what it needs can be had.
options() {
  [ "$1" = asan-ubsan ] || return 0
  cmake/python-options.sh || return 0
}

run() {
  local python
  read -ra python <<<"$(options "$1")"
  "${plainly[@]}" cmake --preset "$1" -DBHASHATTS_BUILD_TESTS=ON "${python[@]}" >/dev/null
  "${plainly[@]}" cmake --build --preset "$1"
  "${plainly[@]}" ctest --preset "$1" --parallel "$(nproc)"
}

for preset in "${presets[@]}"; do
  start=$SECONDS
  echo "== tests, $preset"
  run "$preset"
  echo "== tests, $preset: $((SECONDS - start)) s"
done
