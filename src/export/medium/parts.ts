import { findHostFile, type HostFile } from '../../system/host-files.ts';

const ipxe = { debian: 'ipxe', redhat: 'ipxe-bootimgs-x86' };

const parts = {
  'boot_hybrid.img': {
    what: 'what a BIOS starts from a disk',
    paths: ['/usr/lib/grub/i386-pc/boot_hybrid.img'],
    packages: { debian: 'grub-pc-bin', redhat: 'grub2-pc-modules' },
  },
  'i386-pc': {
    what: 'GRUB for BIOS',
    paths: ['/usr/lib/grub/i386-pc'],
    packages: { debian: 'grub-pc-bin', redhat: 'grub2-pc-modules' },
  },
  'x86_64-efi': {
    what: 'GRUB for UEFI',
    paths: ['/usr/lib/grub/x86_64-efi'],
    packages: { debian: 'grub-efi-amd64-bin', redhat: 'grub2-efi-x64-modules' },
  },
  'ipxe.lkrn': {
    what: 'iPXE with drivers of its own, for BIOS',
    paths: ['/usr/lib/ipxe/ipxe.lkrn', '/usr/share/ipxe/ipxe.lkrn'],
    packages: ipxe,
  },
  'ipxe.efi': {
    what: 'iPXE with drivers of its own, for UEFI',
    paths: ['/usr/lib/ipxe/ipxe.efi', '/usr/share/ipxe/ipxe-x86_64.efi'],
    packages: ipxe,
  },
} as const satisfies Record<string, HostFile>;

/** The name of a file or folder that {@link findMediumPart} knows. */
export type MediumPart = keyof typeof parts;

/** All names that {@link findMediumPart} knows. */
export const mediumParts = Object.keys(parts) as readonly MediumPart[];

/** What a part is, and which packages bring it. */
export function describeMediumPart(name: MediumPart): Pick<HostFile, 'what' | 'packages'> {
  return parts[name];
}

/**
 * Finds what a boot medium is made of.
 *
 * @throws BootwrightError `BW-EXPORT-PARTS`, with the package to install
 */
export function findMediumPart(name: MediumPart, root = '/'): string {
  return findHostFile(name, parts[name], 'BW-EXPORT-PARTS', root);
}
