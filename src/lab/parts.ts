import { findHostFile, type HostFile } from '../system/host-files.ts';

const ipxe = { debian: 'ipxe', redhat: 'ipxe-bootimgs' };
const syslinux = { debian: 'syslinux-common', redhat: 'syslinux' };
const ovmf = { debian: 'ovmf', redhat: 'edk2-ovmf' };

const parts = {
  'lpxelinux.0': {
    what: 'the boot loader pxelinux (with HTTP)',
    paths: ['/usr/lib/PXELINUX/lpxelinux.0', '/usr/share/syslinux/lpxelinux.0'],
    packages: { debian: 'pxelinux', redhat: 'syslinux-nonlinux' },
  },
  'pxelinux.0': {
    what: 'the boot loader pxelinux (TFTP alone)',
    paths: ['/usr/lib/PXELINUX/pxelinux.0', '/usr/share/syslinux/pxelinux.0'],
    packages: { debian: 'pxelinux', redhat: 'syslinux-nonlinux' },
  },
  'ldlinux.c32': {
    what: 'the core module of pxelinux',
    paths: ['/usr/lib/syslinux/modules/bios/ldlinux.c32', '/usr/share/syslinux/ldlinux.c32'],
    packages: syslinux,
  },
  'undionly.kpxe': {
    what: 'the boot loader iPXE for BIOS',
    paths: ['/usr/lib/ipxe/undionly.kpxe', '/usr/share/ipxe/undionly.kpxe'],
    packages: ipxe,
  },
  'snponly.efi': {
    what: 'the boot loader iPXE for UEFI',
    paths: ['/usr/lib/ipxe/snponly.efi', '/usr/share/ipxe/ipxe-snponly-x86_64.efi'],
    packages: ipxe,
  },
  'grubnetx64.efi': {
    what: 'the boot loader GRUB for UEFI',
    paths: ['/usr/lib/grub/x86_64-efi/monolithic/grubnetx64.efi'],
    packages: { debian: 'grub-efi-amd64-bin', redhat: 'grub2-efi-x64-modules' },
  },
  'shimx64.efi': {
    what: 'the first boot loader of Secure Boot, signed by Microsoft',
    paths: ['/usr/lib/shim/shimx64.efi.signed'],
    packages: { debian: 'shim-signed', redhat: 'shim-x64' },
  },
  'grubx64.efi': {
    what: 'the boot loader GRUB, signed by the distro',
    paths: ['/usr/lib/grub/x86_64-efi-signed/grubnetx64.efi.signed'],
    packages: { debian: 'grub-efi-amd64-signed', redhat: 'grub2-efi-x64' },
  },
  'http.mod': {
    what: 'the HTTP module of GRUB for UEFI',
    paths: ['/usr/lib/grub/x86_64-efi/http.mod'],
    packages: { debian: 'grub-efi-amd64-bin', redhat: 'grub2-efi-x64-modules' },
  },
  'OVMF_CODE.fd': {
    what: 'the UEFI firmware of the emulated machine',
    paths: ['/usr/share/OVMF/OVMF_CODE_4M.fd', '/usr/share/edk2/ovmf/OVMF_CODE.fd'],
    packages: ovmf,
  },
  'OVMF_VARS.fd': {
    what: 'the variables of the UEFI firmware',
    paths: ['/usr/share/OVMF/OVMF_VARS_4M.fd', '/usr/share/edk2/ovmf/OVMF_VARS.fd'],
    packages: ovmf,
  },
  'OVMF_CODE.secboot.fd': {
    what: 'the UEFI firmware of the emulated machine, with Secure Boot',
    paths: ['/usr/share/OVMF/OVMF_CODE_4M.secboot.fd', '/usr/share/edk2/ovmf/OVMF_CODE.secboot.fd'],
    packages: ovmf,
  },
  'OVMF_VARS.secboot.fd': {
    what: "the variables of the UEFI firmware, with Microsoft's keys",
    paths: ['/usr/share/OVMF/OVMF_VARS_4M.ms.fd', '/usr/share/edk2/ovmf/OVMF_VARS.secboot.fd'],
    packages: ovmf,
  },
} as const satisfies Record<string, HostFile>;

/** The name of a file that {@link findPart} knows. */
export type PartName = keyof typeof parts;

/** All names of files that {@link findPart} knows. */
export const partNames = Object.keys(parts) as readonly PartName[];

/** What a part is, and which packages bring it. */
export function describePart(name: PartName): Pick<HostFile, 'what' | 'packages'> {
  return parts[name];
}

/**
 * Finds a file that a boot in the lab needs.
 *
 * @param root - the host's file system, for tests
 * @returns its path
 * @throws BootwrightError `BW-PROOF-PARTS`, with the package to install
 */
export function findPart(name: PartName, root = '/'): string {
  return findHostFile(name, parts[name], 'BW-PROOF-PARTS', root);
}
