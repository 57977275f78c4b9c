#!/usr/bin/env bash
# Runs tests with a real S3 server at hand, which they start, kill and start again themselves:
# run.sh TOOLS TEST_PROGRAM [ARGUMENT...]. Exits with 77 (ctest: skipped) where it cannot be had.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
program=$("$here/../s3/make_tools.sh" versitygw "$1")
shift
# Below the build tree: the server wants extended attributes, which not every /tmp has.
work=$(mktemp -d "${TMPDIR:-$PWD}/hosts-XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 143' INT TERM
env -u http_proxy -u HTTP_PROXY -u https_proxy -u HTTPS_PROXY \
  BHASHATTS_S3_PROGRAM="$program" BHASHATTS_S3_WORK="$work" "$@"
