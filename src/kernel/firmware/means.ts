import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BootwrightError, isSystemError } from '../../system/errors/index.ts';
import { readConfigValues } from '../compile/index.ts';
import { type FirmwareWay, firmwareWays } from './way.ts';

/** What a kernel can do: whether a way is open, or why not. */
export type FirmwareMeans = Readonly<Record<FirmwareWay, true | string>>;

async function readOrNothing(path: string): Promise<string> {
  try {
    return await readFile(path, 'latin1');
  } catch (error) {
    if (isSystemError(error, 'ENOENT', 'ENOTDIR')) return '';
    throw error;
  }
}

/** The first of the texts that is there: files move from version to version. */
async function firstOf(tree: string, paths: readonly string[]): Promise<string> {
  for (const path of paths) {
    const text = await readOrNothing(join(tree, path));
    if (text !== '') return text;
  }
  return '';
}

function builtInMeans(kconfig: string, values: ReadonlyMap<string, string>): true | string {
  if (!/^config EXTRA_FIRMWARE$/m.test(kconfig)) {
    return 'this kernel has no EXTRA_FIRMWARE (it came with 2.6.27)';
  }
  const own = (values.get('EXTRA_FIRMWARE') ?? '""').replaceAll('"', '').trim();
  return own === '' || `the package's config has EXTRA_FIRMWARE="${own}" of its own`;
}

function initramfsMeans(
  loader: string,
  initramfs: string,
  values: ReadonlyMap<string, string>,
): true | string {
  if (values.get('BLK_DEV_INITRD') !== 'y') return 'the config has no BLK_DEV_INITRD';
  const own = (values.get('INITRAMFS_SOURCE') ?? '""').replaceAll('"', '').trim();
  if (own !== '') return `the package's config has INITRAMFS_SOURCE="${own}" of its own`;
  // From 3.7 on the kernel itself opens the file; before, it asks a program of the running system.
  if (!/\bfw_get_filesystem_firmware\b/.test(loader)) {
    return 'this kernel does not open files of firmware by itself (before 3.7)';
  }
  // From 5.13 on the initramfs is unpacked beside what else goes on; before, ahead of all drivers.
  if (/\basync_schedule/.test(initramfs) && !/\bwait_for_initramfs\b/.test(loader)) {
    return 'this kernel unpacks its initramfs late, and its drivers do not wait for it';
  }
  return true;
}

/**
 * Finds out how blobs can come into the image of a kernel, by its sources and its config.
 *
 * @param config - text of the shipped or stock config
 */
export async function readFirmwareMeans(tree: string, config: string): Promise<FirmwareMeans> {
  const values = readConfigValues(config);
  const kconfig = await firstOf(tree, [
    'drivers/base/firmware_loader/Kconfig',
    'drivers/base/Kconfig',
  ]);
  const loader = await firstOf(tree, [
    'drivers/base/firmware_loader/main.c',
    'drivers/base/firmware_class.c',
  ]);
  const initramfs = await readOrNothing(join(tree, 'init/initramfs.c'));
  return {
    'built-in': builtInMeans(kconfig, values),
    initramfs: initramfsMeans(loader, initramfs, values),
  };
}

/**
 * Chooses the way by which blobs come into an image: linked in where the kernel can, else by its
 * initramfs.
 *
 * @param asked - a way that has to be taken
 * @throws BootwrightError `BW-FIRMWARE-MEANS` if the kernel has none, or not that which was asked for
 */
export function chooseWay(means: FirmwareMeans, asked: FirmwareWay | 'auto'): FirmwareWay {
  const ways = asked === 'auto' ? firmwareWays : [asked];
  const way = ways.find((each) => means[each] === true);
  if (way !== undefined) return way;
  const why = ways.map((each) => `${each}: ${means[each]}`).join('; ');
  throw new BootwrightError('BW-FIRMWARE-MEANS', `${why}.`);
}
