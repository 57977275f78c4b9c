#!/usr/bin/env bash
# The packages that `make package` makes of a build: package_test.sh BUILD_DIR. They are unpacked, not
# installed, for which one must be root on a machine that bears it: cmake/prove-packages.sh.
set -euo pipefail
build=$1
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() {
  echo "$*" >&2
  exit 1
}

for tool in cpack dpkg-deb dpkg-shlibdeps file; do
  command -v "$tool" >/dev/null || { echo "skipped: there is no $tool"; exit 77; }
done

control() { dpkg-deb --field "$1" "$2"; }

# speaks PREFIX: a C program that is built against what lies there
speaks() {
  local flags
  export PKG_CONFIG_PATH="$1/lib/pkgconfig"
  read -ra flags < <(pkg-config --cflags --libs bhashatts-c)
  "${CC:-cc}" -std=c11 "$here/consumer.c" -o "$work/consumer" "${flags[@]}"
  LD_LIBRARY_PATH="$1/lib" "$work/consumer" "$(mktemp -d "$work/data.XXXXXX")"
  LD_LIBRARY_PATH='' "$1/bin/bhashatts" --help >/dev/null || fail "the command finds no library"
}

cpack --config "$build/CPackConfig.cmake" -B "$work/packages" >"$work/log" 2>&1 ||
  { cat "$work/log" >&2; exit 1; }
runtime=$(echo "$work"/packages/bhashatts_*.deb)
development=$(echo "$work"/packages/bhashatts-dev_*.deb)

for library in libc6 libcurl4 libsndfile1 libopusenc0 liblmdb0 libssl3; do
  grep -q "$library" <<<"$(control "$runtime" Depends)" || fail "does not depend on $library"
done
grep -q espeak-ng <<<"$(control "$runtime" Recommends)" || fail "does not recommend espeak-ng"
grep -q "bhashatts (= " <<<"$(control "$development" Depends)" || fail "not tied to its library"
! dpkg-deb --contents "$runtime" | grep -E '/include/|\.a$|\.cmake$' || fail "not for users"

dpkg-deb --extract "$runtime" "$work/debs"
dpkg-deb --extract "$development" "$work/debs"
speaks "$work/debs/usr"

mkdir "$work/tarball"
tar -C "$work/tarball" --strip-components=1 -xf "$work"/packages/bhashatts-*.tar.gz
speaks "$work/tarball"
(cd "$work/packages" && sha256sum --check --quiet ./*.sha256)
