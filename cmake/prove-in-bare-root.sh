#!/usr/bin/env bash
# Proves that a fresh clone builds where nothing is installed: makes a minimal Debian 12 root that
# has only make and ca-certificates added, clones this repository into it (committed state, as a
# stranger would get it) and runs make there.
#
#   cmake/prove-in-bare-root.sh DIRECTORY [TARGET...]      default targets: demo test
#
# The pristine root is kept as DIRECTORY/base.tar and unpacked anew each time. Needs root,
# debootstrap and git. How packages are reached (mirror, proxy, certificates) is this machine's own
# business and is copied from it.
set -euo pipefail

[ $# -ge 1 ] || { sed -n '2,/^set /s/^# \{0,1\}//p' "$0"; exit 2; }
mkdir -p "$1"
place=$(cd "$1" && pwd)
shift
targets=("$@")
[ $# -gt 0 ] || targets=(demo test)
source=$(cd "$(dirname "$0")/.." && pwd)
root="$place/root"

mirror_of_this_machine() {
  cat /etc/apt/sources.list /etc/apt/sources.list.d/*.{list,sources} 2>/dev/null |
    sed -nE 's/^URIs: *([^ ]+).*/\1/p; s/^deb (\[[^]]*\] )?([^ ]+).*/\2/p' | head -n 1
}

make_base() {
  local fresh
  fresh=$(mktemp -d "$place/fresh.XXXXXX")
  debootstrap --variant=minbase --include=make,ca-certificates bookworm "$fresh" \
    "$(mirror_of_this_machine)" >"$place/debootstrap.log"
  copy_apt_settings "$fresh"
  chmod 755 "$fresh" # mktemp made it private, and tests run as other users
  tar -C "$fresh" --one-file-system -cf "$place/base.tar.part" .
  mv "$place/base.tar.part" "$place/base.tar"
  rm -rf --one-file-system "$fresh"
}

copy_apt_settings() {
  local setting
  for setting in /etc/apt/apt.conf.d/*proxy* /etc/apt/apt.conf.d/99*; do
    [ ! -f "$setting" ] || cp "$setting" "$1/etc/apt/apt.conf.d/"
  done
  if compgen -G '/usr/local/share/ca-certificates/*.crt' >/dev/null; then
    cp /usr/local/share/ca-certificates/*.crt "$1/usr/local/share/ca-certificates/"
    chroot "$1" update-ca-certificates >/dev/null 2>&1
  fi
}

unmount() {
  local point
  for point in dev/shm dev proc; do
    ! mountpoint -q "$root/$point" || umount -l "$root/$point"
  done
}
trap unmount EXIT

[ -f "$place/base.tar" ] || make_base
unmount
rm -rf --one-file-system "$root"
mkdir "$root"
tar -C "$root" -xf "$place/base.tar"
cp /etc/resolv.conf "$root/etc/resolv.conf"
[ ! -f /etc/pip.conf ] || cp /etc/pip.conf "$root/etc/pip.conf"
mount -t proc proc "$root/proc"
mount --bind /dev "$root/dev"
mount -t tmpfs tmpfs "$root/dev/shm"
git clone -q "$source" "$root/bhashatts"

for target in "${targets[@]}"; do
  echo "== make $target in $root"
  env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root TERM=dumb \
    PIP_CERT=/etc/ssl/certs/ca-certificates.crt CI="${CI:-}" http_proxy="${http_proxy:-}" https_proxy="${https_proxy:-}" \
    chroot "$root" make -C /bhashatts "$target" </dev/null
done
