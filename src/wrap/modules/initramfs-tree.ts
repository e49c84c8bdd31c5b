import { copyFile, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../../system/process.ts';
import { type ChosenModule, loadedAlways } from './choose.ts';
import type { ModuleFiles } from './module-files.ts';

/** As the kernel's own modules_install packs them (scripts/Makefile.modinst): the kernel can unpack no more. */
const packing = ['--check=crc32', '--lzma2=preset=9e,dict=1MiB', '-T1', '--'];

/** How many names of files one command takes, far below any limit. */
const filesPerCommand = 200;

/**
 * Packs the modules of an initramfs. What every boot loads is left as it is, since the archive is
 * packed; each of the others is packed by itself, as the vendor has it or, where that is not by xz,
 * anew: busybox reads no zstd. What is in the file stays as it is, and so does its signature.
 *
 * @param from - the folder of stock's modules
 * @param tree - the initramfs' modules, which depmod has indexed: it is to know them by the names
 *   that they are loaded by
 * @throws BootwrightError `BW-TOOL-MISSING` for xz, `BW-TOOL-FAILED`
 */
export async function packInitramfsModules(
  from: string,
  chosen: readonly ChosenModule[],
  files: ModuleFiles,
  tree: string,
  signal?: AbortSignal,
): Promise<void> {
  const always = loadedAlways(chosen);
  const toPack: string[] = [];
  for (const { name, path } of chosen) {
    if (always.has(name)) continue;
    const packed = files.packed(path) ?? path;
    if (packed.endsWith('.xz')) {
      await copyFile(join(from, packed), join(tree, `${path}.xz`));
      await rm(join(tree, path));
    } else toPack.push(join(tree, path));
  }
  for (let at = 0; at < toPack.length; at += filesPerCommand) {
    await run('xz', [...packing, ...toPack.slice(at, at + filesPerCommand)], {
      ...(signal === undefined ? {} : { signal }),
    });
  }
}

/** What of depmod's indexes busybox does not read. */
const unread = /^modules\.(?:.*\.bin|builtin\.modinfo|order|devname|softdep|symbols)$/;

/** The modules of an initramfs and their indexes, by their names in the folder of the modules. */
export async function readInitramfsModules(tree: string): Promise<ReadonlyMap<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>();
  for (const entry of await readdir(tree, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || unread.test(entry.name)) continue;
    const path = join(entry.parentPath, entry.name);
    files.set(path.slice(tree.length + 1), await readFile(path));
  }
  return files;
}
