#!/usr/bin/env bash
# Django's commands of the deployed reader, with its settings and as its user: manage.sh COMMAND...
# manage.sh bhashatts ... is the engine's own command (docs/cli.md) in the same way.
# The settings are read literally, NAME=value, as systemd and Docker read them: no shell's quoting.
set -euo pipefail
umask 022 # nginx reads the audio
here=/opt/storyreader
while IFS= read -r line || [ -n "$line" ]; do
  [[ $line =~ ^[A-Z][A-Z0-9_]*= ]] && export "${line?}"
done </etc/storyreader/env

command=("$here/venv/bin/python" "$here/manage.py" "$@")
[ "${1:-}" != bhashatts ] || command=("$here/venv/bin/bhashatts" "${@:2}")
# The owner of the data directory: an engine refuses one that is another user's.
owner=$(stat -c %U "$BHASHATTS_DATA_DIR")
[ "$owner" = "$(id -un)" ] || command=(runuser -u "$owner" -- "${command[@]}")
exec "${command[@]}"
