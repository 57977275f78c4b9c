#!/bin/sh
# test.sh DIR: checks the crate against the library of a build tree or an installed prefix. Nothing is
# downloaded, and nothing is written but below DIR, or CARGO_TARGET_DIR where that is set. Exits with
# 77 where it cannot be done here.
set -eu

skip() {
  echo "skipped: $1"
  exit 77
}

directory=$(cd "${1:?usage: test.sh DIR}" && pwd)
cd "$(dirname "$0")"
command -v cargo >/dev/null || skip "there is no cargo"
library=$(find "$directory" -name libbhashatts_c.so | head -n 1)
[ -n "$library" ] || skip "there is no libbhashatts_c.so in $directory"
case $(ldd "$library") in
  *libasan* | *libtsan*) skip "a sanitizer must come before Rust's programs, and cannot" ;;
esac

export LIBBHASHATTS_C_DIR="${library%/*}"
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$directory/rust}"
# Doc tests and unit tests get no run path from cargo.
export LD_LIBRARY_PATH="${library%/*}${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
export RUST_BACKTRACE=0 # tests panic on purpose

if cargo fmt --version >/dev/null 2>&1; then
  cargo fmt --check
fi
# Before 0.1.70 clippy misses safety comments that stand above a statement of several lines.
clippy=$(cargo clippy --version 2>/dev/null | sed -n 's/^clippy 0\.1\.\([0-9]*\).*/\1/p')
if [ "${clippy:-0}" -ge 70 ]; then
  cargo clippy --offline --locked --quiet --all-targets -- -D warnings
fi
cargo test --offline --locked --quiet
RUSTDOCFLAGS="-D warnings" cargo doc --offline --locked --quiet --no-deps
