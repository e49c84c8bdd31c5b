import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BootFile } from '../dhcp/configuration.ts';
import { findPart } from '../parts.ts';
import type { FirmwareName } from '../qemu/cards.ts';
import {
  type LoaderEntry,
  type LoaderName,
  renderGrub,
  renderIpxe,
  renderPxelinux,
} from './loaders.ts';

/** The folders that the servers of a lab hand out. */
export interface ServedFolders {
  readonly tftp: string;
  readonly http: string;
}

/** Loaders that run on a firmware; the first is the default. */
export const loadersOf: Readonly<Record<FirmwareName, readonly LoaderName[]>> = {
  bios: ['pxelinux', 'ipxe'],
  uefi: ['ipxe', 'grub'],
};

/**
 * Puts a loader and its configuration where the servers of a lab find them.
 * Only what a boot ROM has to have comes by TFTP, which collapses under load;
 * the rest comes by HTTP.
 *
 * @returns what DHCP has to say
 * @throws BootwrightError `BW-PROOF-PARTS`, `BW-PROOF-COMMAND-LINE`
 */
export async function placeLoader(
  loader: LoaderName,
  firmware: FirmwareName,
  entry: LoaderEntry,
  folders: ServedFolders,
): Promise<BootFile> {
  switch (loader) {
    case 'pxelinux':
      await copyFile(findPart('lpxelinux.0'), join(folders.tftp, 'lpxelinux.0'));
      await copyFile(findPart('ldlinux.c32'), join(folders.http, 'ldlinux.c32'));
      await writeFile(join(folders.http, 'pxelinux.cfg'), renderPxelinux(entry));
      return {
        tftp: 'lpxelinux.0',
        pxelinux: { configuration: 'pxelinux.cfg', prefix: `http://${entry.server}/` },
      };
    case 'ipxe': {
      const program = firmware === 'uefi' ? 'snponly.efi' : 'undionly.kpxe';
      await copyFile(findPart(program), join(folders.tftp, program));
      await writeFile(join(folders.http, 'boot.ipxe'), renderIpxe(entry));
      return { tftp: program, ipxeUrl: `http://${entry.server}/boot.ipxe` };
    }
    case 'grub':
      await copyFile(findPart('grubnetx64.efi'), join(folders.tftp, 'grubnetx64.efi'));
      // Debian's network image looks in this folder, and has no HTTP module inside.
      await mkdir(join(folders.tftp, 'grub', 'x86_64-efi'), { recursive: true });
      await copyFile(findPart('http.mod'), join(folders.tftp, 'grub', 'x86_64-efi', 'http.mod'));
      await writeFile(join(folders.tftp, 'grub', 'grub.cfg'), renderGrub(entry));
      return { tftp: 'grubnetx64.efi' };
  }
}
