import { copyFile, mkdir, readdir, readFile, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { run } from '../../system/process.ts';
import { type ChosenModule, loadedAlways } from './choose.ts';
import type { ModuleFiles } from './module-files.ts';

/** As the kernel's own modules_install packs them (scripts/Makefile.modinst): the kernel can unpack no more. */
const packing = ['--check=crc32', '--lzma2=preset=9e,dict=1MiB', '-T1', '--'];

/** How many names of files one command takes, far below any limit. */
const filesPerCommand = 200;

/**
 * Lays out the modules of an initramfs. What every boot loads is not packed, since the archive is;
 * each of the others is packed by itself, as the vendor has it or, where that is not by xz, anew:
 * busybox reads no zstd. What is in the file stays as it is, and so does its signature.
 *
 * @param from - the folder of stock's modules
 * @param to - where those are that were read, and the tree that they go into
 * @throws BootwrightError `BW-TOOL-MISSING` for xz, `BW-TOOL-FAILED`
 */
export async function layInitramfsModules(
  from: string,
  chosen: readonly ChosenModule[],
  files: ModuleFiles,
  to: { readonly scratch: string; readonly tree: string },
  signal?: AbortSignal,
): Promise<void> {
  const always = loadedAlways(chosen);
  const toPack: string[] = [];
  for (const { name, path } of chosen) {
    const target = join(to.tree, path);
    const packed = files.packed(path) ?? path;
    await mkdir(dirname(target), { recursive: true });
    if (!always.has(name) && packed.endsWith('.xz')) {
      await copyFile(join(from, packed), `${target}.xz`);
      continue;
    }
    await rename(join(to.scratch, 'read', path), target);
    if (!always.has(name)) toPack.push(target);
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
