#!/bin/sh
# The classic way from a prepared tree to a netboot kernel, as it is done by hand:
# `npm run bench pipeline` measures Bootwright against it. It works in the tree.
#
# usage: by-hand.sh TREE CONFIG OUT JOBS
#   TREE    the kernel's sources, with the vendor's patches applied
#   CONFIG  the stock config
#   OUT     folder for the archive netboot.tar.bz2; what it is packed from lies there, too
#   JOBS    how many compilers run at once
#
# Each step is announced on standard output by a line "== STEP".
set -eu

if [ $# -ne 4 ]; then
  sed -n 's/^# usage: /usage: /p' "$0" >&2
  exit 2
fi
mkdir -p "$3"
tree=$(cd "$1" && pwd)
out=$(cd "$3" && pwd)
config=$2
jobs=$4
root=$out/root

# Whoever calls may have any of these for a build of his own.
unset ARCH CROSS_COMPILE KBUILD_OUTPUT KCONFIG_CONFIG MAKEFLAGS MAKELEVEL MFLAGS
export LC_ALL=C

echo "== configure"
# Every symbol that the network drivers' Kconfig files define, from m to y; then root over NFS.
find "$tree/drivers/net" -name 'Kconfig*' -exec \
  sed -n 's/^[[:space:]]*\(menu\)\{0,1\}config[[:space:]]\{1,\}\([A-Za-z0-9_]\{1,\}\).*/s,^CONFIG_\2=m$,CONFIG_\2=y,/p' {} + |
  sort -u >"$out/network.sed"
sed -f "$out/network.sed" "$config" >"$tree/.config"
for symbol in IP_PNP IP_PNP_DHCP NFS_FS NFS_V3 NFS_V4 ROOT_NFS; do
  echo "CONFIG_$symbol=y" >>"$tree/.config"
done
make -C "$tree" olddefconfig

echo "== make bzImage"
make -C "$tree" -j"$jobs" bzImage

echo "== make modules"
make -C "$tree" -j"$jobs" modules

echo "== make modules_install"
rm -rf "$root"
mkdir -p "$root/boot"
make -C "$tree" -j"$jobs" INSTALL_MOD_PATH="$root" modules_install
rm -f "$root"/lib/modules/*/build "$root"/lib/modules/*/source

echo "== strip"
find "$root/lib/modules" -name '*.ko' -exec strip --strip-debug {} \;

echo "== tar cjf"
cp "$tree/arch/x86/boot/bzImage" "$tree/System.map" "$tree/.config" "$root/boot/"
cp "$tree/Module.symvers" "$root/boot/"
tar cjf "$out/netboot.tar.bz2" -C "$root" boot lib

echo "== end"
