#!/usr/bin/env bash
# Starts the story reader on this machine: run.sh [WHEEL]; `make reader` installs what it needs first.
# It makes an environment of its own in build/reader, with bhashatts built from this tree (some
# minutes the first time, then only what changed), or from the WHEEL that is given. Stories, rows
# and speech are kept there too.
# PORT is 8000, or the next that is free. PYTHON is python3 unless set. Settings: README.md.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
tree=$(cd "$here/../../../.." && pwd)
place=$tree/build/reader
wheel=${1:+$(realpath "$1")}
export STORYREADER_DATA=${STORYREADER_DATA:-$place/data} PYTHONDONTWRITEBYTECODE=1
mkdir -p "$STORYREADER_DATA"

fail() {
  echo "$*" >&2
  exit 2
}

[ -z "$wheel" ] || [ -f "$wheel" ] || fail "there is no $wheel"
[ -n "${HUGGINGFACE_API_TOKEN:-}${BHASHATTS_ENDPOINT_URL:-}" ] || command -v espeak-ng >/dev/null ||
  fail "there is no voice: \`make reader\` installs espeak-ng; or set HUGGINGFACE_API_TOKEN"

# What pyproject.toml says a wheel is built with.
builders=()
[ -n "$wheel" ] || mapfile -t builders < <(sed -n 's/^requires = //p' "$tree/pyproject.toml" | grep -o '[^][", ]\+')
venv=$("$tree/cmake/make-venv.sh" "$place" "$here/requirements.txt" "${builders[@]}") ||
  fail "the environment could not be made, see above: is python3-venv installed, and is there a network?"
python=$venv/bin/python

# What it was made of: a wheel, or all that goes into one. So a second start installs nothing.
if [ -n "$wheel" ]; then wanted=$(sha256sum "$wheel"); else wanted=$("$tree/bindings/python/made_of.sh"); fi
if [ "$(cat "$venv/bhashatts" 2>/dev/null)" != "$wanted" ]; then
  if [ -z "$wheel" ]; then
    echo "building bhashatts from $tree: some minutes the first time"
    if command -v ccache >/dev/null; then export CMAKE_CXX_COMPILER_LAUNCHER=${CMAKE_CXX_COMPILER_LAUNCHER-ccache}; fi
    wheel=$("$tree/bindings/python/make_wheel.sh" "$place" "$python")
  fi
  "$python" -m pip install --quiet --disable-pip-version-check --no-input --force-reinstall --no-deps "$wheel"
  echo "$wanted" >"$venv/bhashatts"
fi

cd "$here"
"$python" manage.py migrate --verbosity 0
"$python" manage.py load_stories storyreader/stories.jsonl
[ ! -t 1 ] || echo "Ctrl-C ends it."
exec "$python" -m storyreader.serve
