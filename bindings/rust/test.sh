#!/bin/sh
# test.sh BUILD_DIR: checks the crate against the library of a build tree. Nothing is downloaded, and
# nothing is written but below BUILD_DIR. Exits with 77 where it cannot be done here.
set -eu

skip() {
  echo "skipped: $1"
  exit 77
}

build=$(cd "${1:?usage: test.sh BUILD_DIR}" && pwd)
cd "$(dirname "$0")"
command -v cargo >/dev/null || skip "there is no cargo"
library=$build/capi/libbhashatts_c.so
[ -e "$library" ] || skip "$library is not built"
if ldd "$library" | grep -qE 'lib[at]san'; then
  skip "a sanitizer must come before Rust's programs, and cannot"
fi

export LIBBHASHATTS_C_DIR="$build/capi"
export CARGO_TARGET_DIR="$build/rust"
# Doc tests and unit tests get no run path from cargo.
export LD_LIBRARY_PATH="$build/capi${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
export RUST_BACKTRACE=0 # tests panic on purpose

if cargo fmt --version >/dev/null 2>&1; then
  cargo fmt --check
fi
if cargo clippy --version >/dev/null 2>&1; then
  cargo clippy --offline --locked --quiet --all-targets -- -D warnings
fi
cargo test --offline --locked --quiet
RUSTDOCFLAGS="-D warnings" cargo doc --offline --locked --quiet --no-deps
