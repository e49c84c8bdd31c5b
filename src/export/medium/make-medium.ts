import { copyFile, mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type RunOptions, run } from '../../system/process.ts';
import { findTool, requireTool } from '../../system/tools.ts';
import { settleTree } from '../settle-tree.ts';
import { type GrubMenu, grubModules, renderGrubMenu, renderGrubSearch } from './grub.ts';
import { findMediumPart } from './parts.ts';

/** What is to be on a boot medium. */
export interface MediumOrder extends Omit<GrubMenu, 'hasInitramfs'> {
  /** The kernel image (bzImage). */
  readonly image: string;
  /** What it is booted with, for a kernel that does not find its root by itself. */
  readonly initramfs?: string;
  /** Further files, for whoever looks what this is: texts by name. */
  readonly documents?: ReadonlyMap<string, string>;
  /** At least eight hexadecimal digits that tell this medium from others. */
  readonly digits: string;
  /** The time of everything on it, in seconds since the epoch. */
  readonly timestamp: number;
}

/** Type of the EFI system partition in a GPT (UEFI specification 5.3.3), as xorriso takes it. */
const efiSystemPartition = '28732ac11ff8d211ba4b00a0c93ec93b';

/** Type of a plain data partition, for the ISO file system itself. */
const basicData = 'a2a0d0ebe5b9334487c068b6b72699c7';

/** The programs that a medium is made by; GRUB's has another name in the RHEL family. */
function programs() {
  const why = 'make a boot medium';
  return {
    grubMkimage: findTool('grub2-mkimage') ?? requireTool('grub-mkimage', why),
    mformat: requireTool('mformat', why),
    mmd: requireTool('mmd', why),
    mcopy: requireTool('mcopy', why),
    xorriso: requireTool('xorriso', why),
  };
}

/**
 * The arguments of xorriso for an image that starts from CD and from disk, on BIOS and on UEFI
 * (xorrisofs(1), the section on bootable images): El Torito for both firmwares, an MBR that GRUB
 * starts from, and a GPT with an EFI system partition.
 *
 * @param bootSector - GRUB's boot_hybrid.img
 */
export function isoArguments(
  {
    volume,
    bootSector,
    efi,
    tree,
    out,
  }: Readonly<Record<'volume' | 'bootSector' | 'efi' | 'tree' | 'out', string>>,
  folder: string,
): readonly string[] {
  return [
    ...['-as', 'mkisofs', '-quiet', '-o', out, '-r', '-V', volume],
    ...['--grub2-mbr', bootSector, '-partition_offset', '16', '--mbr-force-bootable'],
    ...['-append_partition', '2', efiSystemPartition, efi, '-appended_part_as_gpt'],
    ...['-iso_mbr_part_type', basicData],
    ...['-c', `${folder}/boot.cat`, '-b', `${folder}/grub.img`],
    ...['-no-emul-boot', '-boot-load-size', '4', '-boot-info-table', '--grub2-boot-info'],
    ...['-eltorito-alt-boot', '-e', '--interval:appended_partition_2:all::', '-no-emul-boot'],
    tree,
  ];
}

/**
 * Makes a boot medium: an image that is written to a CD or, as it is, to a USB stick. It has the
 * kernel itself and iPXE, and boots on BIOS and on UEFI without any help of the firmware's network
 * drivers. The same order gives the same bytes.
 *
 * @param out - the image
 * @param scratch - an empty folder
 * @throws BootwrightError `BW-TOOL-MISSING`, `BW-EXPORT-PARTS`, `BW-EXPORT-FAILED`,
 *   `BW-EXPORT-COMMAND-LINE`, `BW-DISK-FULL`
 */
export async function makeMedium(
  order: MediumOrder,
  out: string,
  scratch: string,
  signal?: AbortSignal,
): Promise<void> {
  const { grubMkimage, mformat, mmd, mcopy, xorriso } = programs();
  const { folder, timestamp } = order;
  const serial = order.digits.slice(0, 8);
  const options: RunOptions = {
    env: {
      ...process.env,
      // mtools and xorriso take it for every time that is not a file's own.
      SOURCE_DATE_EPOCH: String(timestamp),
      LC_ALL: 'C',
      TZ: 'UTC',
      // Else somebody's own configuration has a say.
      MTOOLSRC: '/dev/null',
    },
    failure: 'BW-EXPORT-FAILED',
    ...(signal === undefined ? {} : { signal }),
  };
  const tree = join(scratch, 'tree');
  const home = join(tree, folder);
  const esp = join(scratch, 'EFI', 'BOOT');
  await mkdir(home, { recursive: true });
  await mkdir(esp, { recursive: true });
  for (const [name, text] of order.documents ?? []) await writeFile(join(tree, name), text);
  const hasInitramfs = order.initramfs !== undefined;
  await writeFile(join(home, 'grub.cfg'), renderGrubMenu({ ...order, hasInitramfs }));
  await copyFile(order.image, join(home, 'vmlinuz'));
  if (order.initramfs !== undefined) await copyFile(order.initramfs, join(home, 'initramfs.img'));
  await copyFile(findMediumPart('ipxe.lkrn'), join(home, 'ipxe.lkrn'));
  await copyFile(findMediumPart('ipxe.efi'), join(home, 'ipxe.efi'));

  const search = join(scratch, 'search.cfg');
  await writeFile(search, renderGrubSearch(order));
  const makeGrub = async (
    platform: keyof typeof grubModules,
    part: 'i386-pc' | 'x86_64-efi',
    program: string,
  ): Promise<void> => {
    const from = ['--directory', findMediumPart(part), '--format', platform];
    const into = ['--prefix', `/${folder}`, '--config', search, '--output', program];
    await run(grubMkimage, [...from, ...into, ...grubModules[platform]], options);
  };
  await makeGrub('i386-pc-eltorito', 'i386-pc', join(home, 'grub.img'));
  await makeGrub('x86_64-efi', 'x86_64-efi', join(esp, 'BOOTX64.EFI'));
  await settleTree(tree, timestamp);
  await settleTree(join(scratch, 'EFI'), timestamp);

  // The EFI system partition: a file system of 2.88 MB, as El Torito knows it since floppies.
  const efi = join(scratch, 'efi.img');
  await run(mformat, ['-C', '-f', '2880', '-N', serial, '-v', 'NETBOOT', '-i', efi, '::'], options);
  await run(mmd, ['-i', efi, '::EFI', '::EFI/BOOT'], options);
  await run(mcopy, ['-m', '-i', efi, join(esp, 'BOOTX64.EFI'), '::EFI/BOOT/BOOTX64.EFI'], options);

  const made = join(scratch, 'medium.iso');
  const bootSector = findMediumPart('boot_hybrid.img');
  const volume = `NETBOOT_${serial.toUpperCase()}`;
  await run(xorriso, isoArguments({ volume, bootSector, efi, tree, out: made }, folder), options);
  await rename(made, out);
}
