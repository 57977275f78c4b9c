#!/usr/bin/env bash
# Installs the Debian 12 packages that a task needs, and only those that are missing: where all of
# them are there it neither asks for root nor touches the network.
#
#   cmake/install-dependencies.sh --build [--python] [--test] [--lint] [--bench] [--package]
set -euo pipefail

build=(g++ cmake ninja-build pkg-config liblmdb-dev libxxhash-dev libutf8proc-dev
       nlohmann-json3-dev libsndfile1-dev libssl-dev
       libcurl4-openssl-dev libopusenc-dev libpugixml-dev libcli11-dev espeak-ng)
# ccache for the wheel, which holds the files of the release build once more; clang for the
# AddressSanitizer build and the fuzzers, llvm for the names in their reports; python3 for the checks
# of the tree, python3-venv and ffmpeg for the servers of tests/upstreams; redis-server for
# tests/redis, where libhiredis-dev is the oracle; lmdb-utils for the commands of docs/machines.md;
# abigail-tools for the ABI of the C API, valgrind for its leaks; dpkg-dev and file for cpack;
# postgresql, nginx-light, openssl and chromium for what Django's hosts are served with and read by.
python=(python3-dev python3-venv)
test=("${python[@]}" ccache libgtest-dev libgmock-dev clang libclang-rt-14-dev llvm python3 ffmpeg
      redis-server libhiredis-dev lmdb-utils abigail-tools valgrind dpkg-dev file
      postgresql nginx-light openssl chromium)
lint=(clang clang-format clang-tidy shellcheck "${python[@]}")
bench=(libbenchmark-dev redis-server libhiredis-dev python3 postgresql nginx-light wrk)
package=(dpkg-dev file)
# A Go or a Rust that is there, however it came, is good enough.
languages=()
command -v go >/dev/null || languages+=(golang-go)
command -v cargo >/dev/null || languages+=(cargo rustfmt)

usage() {
  echo "usage: $0 --build|--python|--test|--lint|--bench|--package ..." >&2
  exit 2
}

wanted=()
[ $# -gt 0 ] || usage
for group in "$@"; do
  case "$group" in
    --build) wanted+=("${build[@]}") ;;
    --python) wanted+=("${python[@]}") ;;
    --test) wanted+=("${test[@]}" "${languages[@]}") ;;
    --lint) wanted+=("${lint[@]}") ;;
    --bench) wanted+=("${bench[@]}" "${languages[@]}") ;;
    --package) wanted+=("${package[@]}") ;;
    *) usage ;;
  esac
done

if ! command -v dpkg-query >/dev/null; then
  echo "This is no Debian system. Install what these Debian 12 packages hold: ${wanted[*]}" >&2
  exit 0 # cmake itself names whatever is not there
fi

missing=()
for package in "${wanted[@]}"; do
  status=$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null || true)
  [ "$status" = installed ] || missing+=("$package")
done
[ ${#missing[@]} -gt 0 ] || exit 0

as_root=()
if [ "$(id -u)" -ne 0 ]; then
  if ! command -v sudo >/dev/null; then
    echo "Missing packages, and neither root nor sudo to install them. Run as root:" >&2
    echo "  apt-get update && apt-get install --no-install-recommends ${missing[*]}" >&2
    exit 1
  fi
  as_root=(sudo)
fi

apt() {
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get -qq -o Acquire::Retries=3 -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 "$@"
}

# Nobody who runs tests wants a web server or a database started by it: while this file says so,
# Debian's packages start none.
policy=/usr/sbin/policy-rc.d
made_policy=
log=$(mktemp)
# shellcheck disable=SC2317 # it is called by the trap
leave() {
  rm -f "$log"
  [ -z "$made_policy" ] || "${as_root[@]}" rm -f "$policy"
}
trap leave EXIT
if [ ! -e "$policy" ]; then
  made_policy=yes
  printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee "$policy" >/dev/null
  "${as_root[@]}" chmod 755 "$policy"
fi

echo "Installing ${missing[*]}"
# A mirror that is being updated answers for some minutes with files that do not fit its lists, so
# the lists are fetched again before each new try.
for wait in 5 20 0; do
  if { apt update && apt install -y --no-install-recommends "${missing[@]}"; } >"$log" 2>&1; then
    exit 0
  fi
  sleep "$wait"
done
cat "$log" >&2
echo "The packages could not be installed; see above." >&2
exit 1
