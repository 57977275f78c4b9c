#!/usr/bin/env bash
# Starts one server on free loopback ports with a directory of its own, runs the tests against it,
# and stops it, however they end: run.sh seaweedfs|versitygw TOOLS TEST_PROGRAM [ARGUMENT...].
# Exits with 77 (ctest: skipped) where the server cannot be had.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
name=$1
program=$("$here/make_tools.sh" "$name" "$2")
shift 2
python=${PYTHON:-python3}
key=AKIDTALES
secret=correct-horse+battery/staple

# In TMPDIR if it is set; versitygw wants extended attributes, which not every /tmp has.
work=$(mktemp -d "${TMPDIR:-$PWD}/s3-XXXXXX")
server=
# shellcheck disable=SC2317 # it is called by the trap
stop() { # at once: nothing of what it holds is kept
  if [ -n "$server" ]; then
    kill -9 "$server" 2>/dev/null || true
    wait "$server" 2>/dev/null || true
  fi
  rm -rf "$work"
}
trap stop EXIT
trap 'exit 143' INT TERM

# So many ports that nobody has, below those that the kernel gives to clients; SeaweedFS takes the
# one 10,000 above each too.
free_ports() {
  "$python" - "$1" <<'PYTHON'
import random, socket, sys

def free(port):
    with socket.socket() as s:
        return s.connect_ex(("127.0.0.1", port)) != 0

found = set()
while len(found) < int(sys.argv[1]):
    port = random.randrange(10_000, 22_000)
    if free(port) and free(port + 10_000):
        found.add(port)
print(*found)
PYTHON
}
read -r port master volume filer <<<"$(free_ports 4)"

mkdir "$work/data"
case "$name" in
  versitygw)
    "$program" --access "$key" --secret "$secret" --port "127.0.0.1:$port" --quiet \
      posix "$work/data" >"$work/log" 2>&1 &
    ;;
  seaweedfs)
    cat >"$work/s3.json" <<JSON
{"identities": [{"name": "tales", "actions": ["Admin", "Read", "Write", "List", "Tagging"],
  "credentials": [{"accessKey": "$key", "secretKey": "$secret"}]}]}
JSON
    (cd "$work" && exec "$program" server -dir="$work/data" -ip=127.0.0.1 -ip.bind=127.0.0.1 \
      -master.port="$master" -volume.port="$volume" -filer -filer.port="$filer" \
      -master.volumeSizeLimitMB=64 -master.telemetry=false -volume.max=500 \
      -s3 -s3.autoCreateBucket=false -s3.port="$port" -s3.config="$work/s3.json" -s3.port.iceberg=0 -s3.port.lance=0 \
      -s3.localSocket="$work/s3.sock" -filer.localSocket="$work/filer.sock" \
      >"$work/log" 2>&1) &
    ;;
esac
server=$!

# Its signature checked or not, an answer of S3 shows that it is up; the tests wait for the rest.
up=
for _ in $(seq 300); do
  if ! kill -0 "$server" 2>/dev/null; then break; fi
  if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
    up=yes
    break
  fi
  sleep 0.1
done
if [ -z "$up" ]; then
  tail -n 20 "$work/log" >&2
  echo "$name does not start" >&2
  exit 1
fi

status=0
env -u http_proxy -u HTTP_PROXY -u https_proxy -u HTTPS_PROXY \
  BHASHATTS_S3_SERVER="$name" BHASHATTS_S3_ENDPOINT="http://127.0.0.1:$port" \
  BHASHATTS_S3_KEY="$key" BHASHATTS_S3_SECRET="$secret" "$@" || status=$?
if [ "$status" -ne 0 ]; then
  echo "the last lines of $name:" >&2
  tail -n 20 "$work/log" >&2
fi
exit "$status"
