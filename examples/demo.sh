#!/bin/sh
# make demo: one short story in six languages, read aloud twice. What was made is kept in build/demo,
# so a second `make demo` finds all of it.
set -eu
BHASHATTS_DATA_DIR="$PWD/build/demo/data"
export BHASHATTS_DATA_DIR
exec build/release/examples/read_aloud examples/stories.jsonl build/demo
