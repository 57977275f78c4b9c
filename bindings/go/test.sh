#!/bin/sh
# Tests the Go module against a build tree or an installed prefix: test.sh DIR [go test's arguments].
# Exit 77: there is no Go that is new enough, or no C compiler for cgo.
set -eu
directory=$(cd "${1:?usage: test.sh BUILD_DIR}" && pwd)
shift
here=$(cd "$(dirname "$0")" && pwd)

skip() { echo "skipped: $*"; exit 77; }

go=${GO:-go}
command -v "$go" > /dev/null || skip "there is no $go (Debian: golang-go)"
minor=$("$go" env GOVERSION | sed -n 's/^go1\.\([0-9]*\).*/\1/p')
[ "${minor:-0}" -ge 19 ] || skip "Go 1.19 or newer is needed"
[ "$(cd / && "$go" env CGO_ENABLED)" = 1 ] || skip "cgo is off; it needs a C compiler"

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
trap 'exit 1' INT TERM

library=$(find "$directory" -name libbhashatts_c.so | head -n 1)
[ -n "$library" ] || { echo "there is no libbhashatts_c.so in $directory"; exit 1; }
if [ -f "$directory/include/bhashatts/c.h" ]; then
  description=$(find "$directory" -name bhashatts-c.pc | head -n 1)
  [ -n "$description" ] || { echo "there is no bhashatts-c.pc in $directory"; exit 1; }
else # a build tree has none that is any good before it is installed
  description=$scratch/bhashatts-c.pc
  cat > "$description" << END
Name: bhashatts-c
Description: a build tree
Version: 0
Libs: -L${library%/*} -lbhashatts_c
Cflags: -I$here/../../include
END
fi
export PKG_CONFIG_PATH="${description%/*}${PKG_CONFIG_PATH:+:$PKG_CONFIG_PATH}"
export LD_LIBRARY_PATH="${library%/*}${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
export GOTOOLCHAIN=local GOFLAGS=-buildvcs=false GOPROXY=off

cd "$here"
unformatted=$("$("$go" env GOROOT)/bin/gofmt" -l .)
[ -z "$unformatted" ] || { echo "gofmt would change: $unformatted"; exit 1; }
"$go" vet ./...
"$go" test -count=1 "$@" ./...
# The race detector wants a machine and a kernel that it knows.
if [ "$("$go" env GOARCH)" = amd64 ] && [ "$("$go" env GOOS)" = linux ]; then
  "$go" test -race -count=1 "$@" ./...
fi
