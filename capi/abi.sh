#!/usr/bin/env bash
# Compares the ABI of the C headers with the recorded one, or records it anew.
#
#   capi/abi.sh compare|record [CC]
#
# Exit status of compare: 0 the same, 1 not, 77 nothing to compare with or by. What was added is
# recorded when it is released; what was changed or removed takes a new SOVERSION.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
what=$1
compiler=${2:-cc}
recorded="$here/bhashatts_c.abi"

for tool in abidw abidiff "$compiler"; do
  command -v "$tool" >/dev/null || { echo "no $tool"; exit 77; }
done
[ "$(uname -m)" = x86_64 ] || { echo "recorded for x86_64"; exit 77; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 "$here/make_abi_stub.py" >"$work/stub.c"
# From within, so that no path of this machine is recorded.
(cd "$work" && "$compiler" -std=c11 -g -shared -fPIC -I "$here/../include" stub.c \
  -o libbhashatts_c.so -Wl,-soname,libbhashatts_c.so.0)

if [ "$what" = record ]; then
  abidw --no-corpus-path --no-comp-dir-path --no-show-locs --out-file "$recorded" \
    "$work/libbhashatts_c.so"
  exit
fi
abidiff --no-show-locs "$recorded" "$work/libbhashatts_c.so" || {
  echo "The ABI is not the recorded one. Where it has only grown: capi/abi.sh record."
  exit 1
}
