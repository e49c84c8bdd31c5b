import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BootFile } from '../dhcp/configuration.ts';
import { findPart } from '../parts.ts';
import type { CardName, FirmwareName } from '../qemu/cards.ts';
import {
  type LoaderEntry,
  type LoaderName,
  renderGrub,
  renderIpxe,
  renderPxelinux,
  type TransportName,
} from './loaders.ts';
import type { BootMethod } from './method.ts';

/** The folders that the servers of a lab hand out. */
export interface ServedFolders {
  readonly tftp: string;
  readonly http: string;
}

/** Loaders that run on a firmware; the first is the default. */
export const loadersOf: Readonly<Record<FirmwareName, readonly LoaderName[]>> = {
  bios: ['pxelinux', 'ipxe'],
  uefi: ['ipxe', 'grub', 'shim'],
};

/** A loader, and how it gets the kernel image. */
export interface BootPath {
  readonly loader: LoaderName;
  readonly transport: TransportName;
}

/**
 * Cards whose PXE ROM in QEMU is too slow, or loses too much, for the TCP stack of lpxelinux. pcnet
 * and i82559er lose it even to iPXE's own.
 */
const specialPaths: Readonly<Record<FirmwareName, Readonly<Partial<Record<CardName, BootPath>>>>> =
  {
    bios: {
      rtl8139: { loader: 'ipxe', transport: 'http' },
      ne2k_pci: { loader: 'ipxe', transport: 'http' },
      // 45 s instead of 3 for an image of 6.5 MB.
      vmxnet3: { loader: 'ipxe', transport: 'http' },
      pcnet: { loader: 'pxelinux', transport: 'tftp' },
      i82559er: { loader: 'pxelinux', transport: 'tftp' },
    },
    uefi: { pcnet: { loader: 'ipxe', transport: 'tftp' } },
  };

/** The way that a machine boots where nobody has asked for another one. */
export function defaultBootPath(
  card: CardName,
  firmware: FirmwareName,
  asked: Partial<BootPath> = {},
): BootPath {
  const usual = specialPaths[firmware][card] ?? {
    loader: loadersOf[firmware][0] ?? 'ipxe',
    transport: 'http',
  };
  // GRUB as Debian signs it has TFTP alone, and Secure Boot takes no further module.
  return { ...usual, ...(asked.loader === 'shim' ? { transport: 'tftp' } : {}), ...asked };
}

/**
 * Puts a loader and its configuration where the servers of a lab find them.
 * With HTTP, only what a boot ROM has to have comes by TFTP, which collapses under load.
 *
 * @returns what DHCP has to say
 * @throws BootwrightError `BW-PROOF-PARTS`, `BW-PROOF-COMMAND-LINE`
 */
export async function placeLoader(
  loader: LoaderName,
  firmware: FirmwareName,
  entry: LoaderEntry,
  folders: ServedFolders,
  method: BootMethod = 'pxe',
): Promise<BootFile> {
  const folder = folders[entry.transport];
  const place = `${entry.transport}://${entry.server}`;
  switch (loader) {
    case 'pxelinux': {
      const program = entry.transport === 'http' ? 'lpxelinux.0' : 'pxelinux.0';
      await copyFile(findPart(program), join(folders.tftp, program));
      if (method === 'proxy-dhcp') {
        // A proxy can tell it of no other place, and no other name, than its own.
        await copyFile(findPart('ldlinux.c32'), join(folders.tftp, 'ldlinux.c32'));
        await mkdir(join(folders.tftp, 'pxelinux.cfg'));
        await writeFile(join(folders.tftp, 'pxelinux.cfg', 'default'), renderPxelinux(entry));
        return { tftp: program };
      }
      await copyFile(findPart('ldlinux.c32'), join(folder, 'ldlinux.c32'));
      await writeFile(join(folder, 'pxelinux.cfg'), renderPxelinux(entry));
      return { tftp: program, pxelinux: { configuration: 'pxelinux.cfg', prefix: `${place}/` } };
    }
    case 'ipxe': {
      const program = firmware === 'uefi' ? 'snponly.efi' : 'undionly.kpxe';
      const ipxeUrl = `${place}/boot.ipxe`;
      await writeFile(join(folder, 'boot.ipxe'), renderIpxe(entry));
      if (method === 'http-boot') {
        await copyFile(findPart(program), join(folders.http, program));
        return { tftp: program, httpUrl: `http://${entry.server}/${program}`, ipxeUrl };
      }
      await copyFile(findPart(program), join(folders.tftp, program));
      return { tftp: program, ipxeUrl };
    }
    case 'grub':
      await copyFile(findPart('grubnetx64.efi'), join(folders.tftp, 'grubnetx64.efi'));
      // Debian's network image looks in this folder, has TFTP inside, and no HTTP.
      await mkdir(join(folders.tftp, 'grub', 'x86_64-efi'), { recursive: true });
      await copyFile(findPart('http.mod'), join(folders.tftp, 'grub', 'x86_64-efi', 'http.mod'));
      await writeFile(join(folders.tftp, 'grub', 'grub.cfg'), renderGrub(entry));
      return { tftp: 'grubnetx64.efi' };
    case 'shim':
      // shim gets what it starts by this name, from where it came itself (netboot.c of shim).
      for (const name of ['shimx64.efi', 'grubx64.efi'] as const) {
        await copyFile(findPart(name), join(folders.tftp, name));
      }
      await mkdir(join(folders.tftp, 'grub'));
      await writeFile(join(folders.tftp, 'grub', 'grub.cfg'), renderGrub(entry));
      return { tftp: 'shimx64.efi' };
  }
}
