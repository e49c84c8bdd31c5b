import { copyFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { readPackedFile } from '../../system/packed-file.ts';
import { run } from '../../system/process.ts';

/** The name of a module by its file: `kernel/drivers/net/ne2k-pci.ko.xz` is `ne2k_pci`. */
export function moduleName(path: string): string {
  const file = path.slice(path.lastIndexOf('/') + 1);
  return file.replace(/\.ko(\.(gz|xz|zst))?$/, '').replaceAll('-', '_');
}

/** Whether a file name is that of a module, compressed or not. */
export function isModuleFile(path: string): boolean {
  return /\.ko(\.(gz|xz|zst))?$/.test(path);
}

/**
 * Reads a module file, unpacked if it is compressed (gzip, xz, zstd).
 *
 * @throws BootwrightError `BW-MODULES-UNREADABLE` if it cannot be unpacked, `BW-TOOL-MISSING` for xz
 */
export function readModuleFile(path: string, signal?: AbortSignal): Promise<Uint8Array> {
  return readPackedFile(path, 'BW-MODULES-UNREADABLE', signal);
}

/** How many names of files one command takes, far below any limit. */
const filesPerCommand = 200;

/** The programs that unpack files in place, by the files' ending. */
const unpackers: Readonly<Record<string, readonly [string, ...string[]]>> = {
  xz: ['xz', '--decompress'],
  gz: ['gzip', '--decompress'],
  zst: ['zstd', '--decompress', '--quiet', '--rm'],
};

/**
 * Unpacks modules in place, many by one program: one for each would take longer than all else.
 *
 * @returns the paths of all of them, unpacked now
 * @throws BootwrightError `BW-MODULES-UNREADABLE`, `BW-TOOL-MISSING`
 */
export async function unpackModuleFiles(
  files: readonly string[],
  signal?: AbortSignal,
): Promise<readonly string[]> {
  for (const [ending, [tool, ...args]] of Object.entries(unpackers)) {
    const packed = files.filter((file) => file.endsWith(`.ko.${ending}`));
    for (let at = 0; at < packed.length; at += filesPerCommand) {
      await run(tool, [...args, '--', ...packed.slice(at, at + filesPerCommand)], {
        failure: 'BW-MODULES-UNREADABLE',
        ...(signal === undefined ? {} : { signal }),
      });
    }
  }
  return files.map((file) => file.replace(/\.(gz|xz|zst)$/, ''));
}

/** A module's file, and what is in it, unpacked. */
export interface ReadModule {
  /** As it was named. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

/**
 * Reads many module files in their order. Those that are packed are unpacked many by one program, in
 * a temporary folder.
 *
 * @throws BootwrightError `BW-MODULES-UNREADABLE`, `BW-TOOL-MISSING`
 */
export async function* readModuleFiles(
  paths: readonly string[],
  signal?: AbortSignal,
): AsyncGenerator<ReadModule> {
  const folder = await mkdtemp(join(tmpdir(), 'bootwright-modules-'));
  try {
    for (let at = 0; at < paths.length; at += filesPerCommand) {
      const batch = paths.slice(at, at + filesPerCommand);
      const copies = new Map<string, string>();
      for (const path of batch.filter((each) => !each.endsWith('.ko'))) {
        // What a program complains of is to be found by its name.
        const copy = join(folder, `${copies.size}-${basename(path)}`);
        await copyFile(path, copy);
        copies.set(path, copy);
      }
      const unpacked = await unpackModuleFiles([...copies.values()], signal);
      const places = new Map([...copies.keys()].map((path, index) => [path, unpacked[index]]));
      for (const path of batch) {
        signal?.throwIfAborted();
        yield { path, bytes: await readFile(places.get(path) ?? path) };
      }
      for (const file of unpacked) await rm(file);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
