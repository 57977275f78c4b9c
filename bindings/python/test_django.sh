#!/usr/bin/env bash
# Runs tests of the Django app from the wheel: test_django.sh DIR DJANGO WHAT [options of pytest], as
# "test_django.sh build/release 5.2 embedded". WHAT is one of
#   embedded      the app on SQLite and files
#   servers       the app on PostgreSQL, Redis and an S3 server, which are started for it
#   storyreader   examples/storyreader, in a browser too
#   deploy        deploy/django: nginx, gunicorn, systemd's units
# Exit 77: what that needs cannot be had here.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
[ $# -ge 3 ] || { sed -n '2,/^set /s/^# \{0,1\}//p' "$0"; exit 2; }
directory=$(realpath -m "$1")
what=$3
export PYTHONDONTWRITEBYTECODE=1 NO_PROXY=127.0.0.1 no_proxy=127.0.0.1

python=$("$here/make_test_venv.sh" "$directory" "$2")
case "$what" in
  storyreader) exec "$here/examples/storyreader/test.sh" "$python" "${@:4}" ;;
  deploy) exec "$here/../../deploy/django/test.sh" "$python" "${@:4}" ;;
esac
run=("$python" -m pytest "--ds=project.settings_$what" "${@:4}")
if [ "$what" = servers ]; then
  gateway=$("$here/../../tests/s3/make_tools.sh" versitygw "$directory/tests/s3/tools")
  export TMPDIR=$directory # where the S3 server has the extended attributes that it wants
  run=("$python" with_servers.py "$gateway" "${run[@]}")
fi
cd "$here/tests/django_app"
exec "${run[@]}"
