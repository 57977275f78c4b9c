#!/usr/bin/env bash
# Proves that the packages work on a machine that has nothing: installs those of `make package` in
# minimal Debian 12 roots, one for each kind, as a user would, and speaks.
#
#   cmake/prove-packages.sh DIRECTORY PACKAGES [WHEELS]
#
# DIRECTORY is where cmake/prove-in-bare-root.sh keeps its root too; PACKAGES is what make package
# has filled, build/release/packages, WHEELS what make wheel has, build/python/dist, with Debian's
# own Python. Needs root and debootstrap.
set -euo pipefail

[ $# -eq 2 ] || [ $# -eq 3 ] || { sed -n '2,/^set /s/^# \{0,1\}//p' "$0"; exit 2; }
source=$(cd "$(dirname "$0")/.." && pwd)
packages=$(cd "$2" && pwd)
wheels=${3:+$(cd "$3" && pwd)}
# shellcheck source=cmake/bare-root.sh
. "$source/cmake/bare-root.sh"

there() { in_bare_root env DEBIAN_FRONTEND=noninteractive sh -c "$1"; } # expands in the root

fresh() {
  bare_root "$1"
  cp "$packages"/bhashatts* "$source/tests/consumers/consumer.c" "$root/tmp"
  there 'apt-get -qq update'
}

# speaks COMMAND: the same page twice, the second time from what the first has kept
speaks() {
  there "$1 say --json -o /tmp/page.wav 'एक था राजा।'" | grep '"origin": *"synthesized"'
  there "$1 say --json -o /tmp/page.wav 'एक था राजा।'" | grep '"origin": *"lmdb"'
  there "$1 status >/dev/null"
}

# shellcheck disable=SC2016
compile='gcc -std=c11 /tmp/consumer.c -o /tmp/consumer $(pkg-config --cflags --libs bhashatts-c)'

echo "== Debian packages: the command"
fresh "$1"
there 'apt-get -qq -y install /tmp/bhashatts_*.deb >/dev/null'
speaks bhashatts

echo "== Debian packages: a C program"
there 'apt-get -qq -y install --no-install-recommends /tmp/bhashatts-dev_*.deb \
  gcc libc6-dev pkg-config >/dev/null'
there "$compile && /tmp/consumer /tmp/consumer.data"

echo "== Debian packages: removed again"
there 'apt-get -qq -y remove bhashatts bhashatts-dev >/dev/null'
left=$(there "find /usr -name '*bhashatts*'")
[ -z "$left" ] || { echo "left behind: $left"; exit 1; }

echo "== tarball"
fresh "$1"
libraries=$(dpkg-deb --field "$packages"/bhashatts_*.deb Depends | sed 's/ *([^)]*)//g; s/,//g')
there "apt-get -qq -y install --no-install-recommends espeak-ng $libraries >/dev/null"
there 'mkdir /opt/bhashatts && tar -C /opt/bhashatts --strip-components=1 -xf /tmp/bhashatts-*.tar.gz'
speaks /opt/bhashatts/bin/bhashatts
if [ -n "$wheels" ]; then
  echo "== wheel: the command, and the README's program"
  fresh "$1"
  cp "$wheels"/bhashatts-*manylinux*.whl "$root/tmp"
  # shellcheck disable=SC2016
  sed -n '/^```python$/,/^```$/{/^```/!p}' "$source/README.md" >"$root/tmp/example.py"
  there 'apt-get -qq -y install --no-install-recommends espeak-ng python3-venv >/dev/null'
  there 'python3 -m venv /opt/venv && /opt/venv/bin/pip install --quiet --no-index /tmp/*.whl'
  speaks /opt/venv/bin/bhashatts
  there 'cd /tmp && /opt/venv/bin/python -W error example.py' | grep 'memory$'
  there 'cd /tmp && /opt/venv/bin/bhashatts say --language HINDI -o said.wav "नमस्ते बच्चों" >/dev/null &&
    cmp said.wav hello.wav'
fi
echo "== all of it works"
