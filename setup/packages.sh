# shellcheck shell=sh
# Installs the system packages that building, proving and testing need, those that are missing only.
# To be sourced with $purpose set to demo or test.

# What the pipeline itself runs: source package, compile, sign, pack.
debian_build='rpm cpio patch perl python3 gawk make gcc libc6-dev binutils flex bison bc libelf-dev libssl-dev openssl kmod dwarves ccache rsync tar xz-utils bzip2 lbzip2 gzip zstd bubblewrap'
# What a proof runs: network namespace, DHCP, TFTP, NFS, boot loaders, a machine.
debian_prove='iproute2 dnsmasq-base nfs-ganesha nfs-ganesha-vfs rpcbind qemu-system-x86 ipxe-qemu ipxe pxelinux syslinux-common ovmf busybox-static'
# What packages and boot media are made by (bootwright export); dpkg and rpm are there already.
debian_export='grub-common grub-pc-bin grub-efi-amd64-bin xorriso mtools'
# What the example kernel is made of.
debian_example='linux-source-6.12'
# What the tests compare with.
debian_test='shim-signed grub-efi-amd64-signed shellcheck man-db mandoc zsh fish linux-source-6.1 linux-config-6.1 linux-config-6.12 libnfs-utils minisign dracut-core e2fsprogs'

redhat_build='rpm-build cpio patch perl-interpreter python3 gawk make gcc glibc-devel binutils flex bison bc elfutils-libelf-devel openssl-devel openssl kmod dwarves rsync tar xz bzip2 gzip zstd bubblewrap'
redhat_prove='iproute dnsmasq nfs-ganesha nfs-ganesha-vfs rpcbind qemu-kvm ipxe-bootimgs-x86 syslinux-tftpboot edk2-ovmf busybox'
redhat_export='grub2-tools grub2-pc-modules grub2-efi-x64-modules xorriso mtools'

as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    echo "bootwright: these packages have to be installed by root, and there is no sudo here:" >&2
    echo "  -> run as root: $*" >&2
    return 1
  fi
}

missing_debian_packages() {
  for package in "$@"; do
    case $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) in
    installed) ;;
    *) printf '%s ' "$package" ;;
    esac
  done
}

missing_redhat_packages() {
  for package in "$@"; do
    rpm -q --whatprovides "$package" >/dev/null 2>&1 || printf '%s ' "$package"
  done
}

install_packages() {
  if command -v apt-get >/dev/null; then
    wanted="$debian_build $debian_prove $debian_export $debian_example"
    [ "$purpose" = test ] && wanted="$wanted $debian_test"
    # shellcheck disable=SC2086
    missing=$(missing_debian_packages $wanted)
    [ -z "$missing" ] && return 0
    echo "bootwright: installing system packages by apt-get: $missing" >&2
    # Services of these packages are not wanted: a proof starts its own, in its own namespace.
    # shellcheck disable=SC2086
    as_root apt-get update -qq >&2 &&
      as_root env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 \
        apt-get install -y -qq --no-install-recommends $missing >&2
  elif command -v dnf >/dev/null; then
    # shellcheck disable=SC2086
    missing=$(missing_redhat_packages $redhat_build $redhat_prove $redhat_export)
    [ -z "$missing" ] && return 0
    echo "bootwright: installing system packages by dnf: $missing" >&2
    # shellcheck disable=SC2086
    as_root dnf install -y -q $missing >&2
  else
    echo "bootwright: this host has neither apt-get nor dnf, so the system packages are yours to install:" >&2
    echo "  -> $debian_build $debian_prove $debian_export (Debian's names)" >&2
    return 1
  fi
}

install_packages || exit 4
