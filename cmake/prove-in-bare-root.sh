#!/usr/bin/env bash
# Proves that a fresh clone builds where nothing is installed: makes a minimal Debian 12 root that
# has only make and ca-certificates added, clones this repository into it (committed state, as a
# stranger would get it) and runs make there.
#
#   cmake/prove-in-bare-root.sh DIRECTORY [TARGET...]      default targets: demo test
#
# The pristine root is kept as DIRECTORY/base.tar and unpacked anew each time. Needs root,
# debootstrap and git.
set -euo pipefail

[ $# -ge 1 ] || { sed -n '2,/^set /s/^# \{0,1\}//p' "$0"; exit 2; }
source=$(cd "$(dirname "$0")/.." && pwd)
# shellcheck source=cmake/bare-root.sh
. "$source/cmake/bare-root.sh"
bare_root "$1"
shift
targets=("$@")
[ $# -gt 0 ] || targets=(demo test)
git clone -q "$source" "$root/bhashatts"

for target in "${targets[@]}"; do
  echo "== make $target in $root"
  in_bare_root make -C /bhashatts "$target"
done
