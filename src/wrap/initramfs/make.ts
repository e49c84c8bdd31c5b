import { mkdir, readdir, readFile, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeCpio } from '../../formats/cpio/index.ts';
import type { StockKernel } from '../../kernel/stock/index.ts';
import type { FoundFirmware } from '../firmware.ts';
import type { ChosenModule } from '../modules/choose.ts';
import { indexModules, startModuleTree } from '../modules/index-modules.ts';
import { packInitramfsModules, readInitramfsModules } from '../modules/initramfs-tree.ts';
import type { ModuleFiles } from '../modules/module-files.ts';
import { type Compression, compress } from './compress.ts';
import { initramfsMembers } from './members.ts';
import type { Userland } from './userland.ts';

const scriptsFolder = fileURLToPath(new URL('../init/', import.meta.url));

/** What an initramfs is made of besides the kernel's own files. */
export interface Ingredients {
  /** Chosen modules, and where they are: unpacked in `read`. */
  readonly chosen: readonly ChosenModule[];
  readonly files: ModuleFiles;
  readonly read: string;
  readonly userland: Userland;
  readonly firmware: FoundFirmware;
  readonly compression: Compression;
}

/**
 * Makes the initramfs: an archive that is not compressed, with the drivers, each packed by itself,
 * and behind it a compressed one with what every boot needs. So a machine unpacks its own drivers
 * alone, and the kernel takes both (Documentation/driver-api/early-userspace/buffer-format.rst).
 *
 * @param root - an empty folder
 * @throws BootwrightError `BW-TOOL-MISSING`, `BW-TOOL-FAILED`, `BW-MODULES-INSTALL`
 */
export async function makeInitramfs(
  stock: StockKernel,
  { chosen, files, read, userland, firmware, compression }: Ingredients,
  root: string,
  signal?: AbortSignal,
): Promise<{ readonly bytes: Uint8Array; readonly bytesUnpacked: number }> {
  const tree = join(root, 'lib/modules', stock.release);
  await startModuleTree(stock.modules, tree);
  for (const { path } of chosen) {
    await mkdir(dirname(join(tree, path)), { recursive: true });
    await rename(join(read, path), join(tree, path));
  }
  await indexModules(root, stock.release, signal);
  await packInitramfsModules(stock.modules, chosen, files, tree, signal);
  const names = (await readdir(scriptsFolder)).filter((name) => name.endsWith('.sh'));
  const scripts = await Promise.all(
    names.map(async (name) => [name, await readFile(join(scriptsFolder, name), 'utf8')] as const),
  );
  const { drivers, rest } = initramfsMembers({
    kernelRelease: stock.release,
    busybox: await readFile(userland.path),
    applets: userland.applets,
    scripts: new Map(scripts),
    modules: await readInitramfsModules(tree),
    firmware: firmware.files,
  });
  const early = Buffer.concat([...writeCpio(drivers, 0)]);
  const late = Buffer.concat([...writeCpio(rest, 0)]);
  const packed = await compress(late, compression, signal);
  return {
    // Whoever appends a further archive has to begin at a multiple of four.
    bytes: Buffer.concat([early, packed, Buffer.alloc((4 - (packed.length % 4)) % 4)]),
    bytesUnpacked: early.length + late.length,
  };
}
