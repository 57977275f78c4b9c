#!/usr/bin/env bash
# Builds the fuzz targets (in the tree of the AddressSanitizer tests, which has what libFuzzer needs)
# and runs each for some seconds, one a core. Finds go to
# build/fuzz/artifacts and make the run fail; mend the defect and add the file to
# tests/fuzz/corpus/<target>, where the ordinary tests replay it.
#
#   cmake/run-fuzzers.sh [SECONDS]      default 60
#
# FUZZ_SEED (default 1) is where the search begins: the same one each time, so that a change is
# judged by what it changes. FUZZ_SEED=0 begins somewhere else at every run.
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=${1:-60}

cmake --preset asan-ubsan -DBHASHATTS_BUILD_TESTS=ON >/dev/null
cmake --build --preset asan-ubsan --target fuzzers

fuzz_one() {
  local name=$1 seconds=$2 place=build/fuzz/run/$1
  mkdir -p "$place/found" build/fuzz/artifacts
  # New inputs go to found/, not into the tree; the seeds are read only.
  if build/asan-ubsan/tests/fuzz/"${name}_fuzz" -seed="${FUZZ_SEED:-1}" -max_total_time="$seconds" -timeout=10 -max_len=65536 \
    -rss_limit_mb=2048 -print_final_stats=1 -artifact_prefix="build/fuzz/artifacts/$name-" \
    "$place/found" "tests/fuzz/corpus/$name" >"$place/log" 2>&1; then
    echo "$name: $(sed -n 's/^stat::number_of_executed_units: *//p' "$place/log") executions," \
      "$(sed -n 's/^stat::average_exec_per_sec: *//p' "$place/log") a second, nothing found"
  else
    tail -n 60 "$place/log"
    echo "$name: FAILED; the input is in build/fuzz/artifacts"
    return 1
  fi
}
export -f fuzz_one

echo "== fuzzing, $seconds s each"
xargs -a build/asan-ubsan/tests/fuzz/targets.txt -P "$(nproc)" -I{} \
  bash -c 'set -euo pipefail; fuzz_one "$@"' fuzz {} "$seconds"
