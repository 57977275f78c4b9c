# A minimal Debian 12 root, for the scripts that prove things in one; sourced, not run. Needs root and
# debootstrap. How packages are reached (mirror, proxy, certificates) is this machine's own business
# and is copied from it.
#
#   bare_root DIRECTORY    makes $root anew, mounted, from DIRECTORY/base.tar, which it keeps
#   in_bare_root COMMAND   runs it there, with an environment of its own
# shellcheck shell=bash

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
  for point in dev/shm dev/pts dev proc; do
    ! mountpoint -q "$root/$point" || umount -l "$root/$point"
  done
}
bare_root() {
  mkdir -p "$1"
  place=$(cd "$1" && pwd)
  root="$place/root"
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
  mount --bind /dev/pts "$root/dev/pts"
  mount -t tmpfs tmpfs "$root/dev/shm"
}

in_bare_root() {
  env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root TERM=dumb LANG=C.UTF-8 \
    PIP_CERT=/etc/ssl/certs/ca-certificates.crt CI="${CI:-}" \
    http_proxy="${http_proxy:-}" https_proxy="${https_proxy:-}" \
    chroot "$root" "$@" </dev/null
}
