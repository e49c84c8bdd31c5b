import { copyFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip, zstdDecompress } from 'node:zlib';
import { BootwrightError, isSystemError } from '../../system/errors/index.ts';
import { run } from '../../system/process.ts';
import { openOutput } from '../../system/process-output.ts';

/** The name of a module by its file: `kernel/drivers/net/ne2k-pci.ko.xz` is `ne2k_pci`. */
export function moduleName(path: string): string {
  const file = path.slice(path.lastIndexOf('/') + 1);
  return file.replace(/\.ko(\.(gz|xz|zst))?$/, '').replaceAll('-', '_');
}

/** Whether a file name is that of a module, compressed or not. */
export function isModuleFile(path: string): boolean {
  return /\.ko(\.(gz|xz|zst))?$/.test(path);
}

/** Node has no xz. */
async function unpackXz(path: string, signal: AbortSignal | undefined): Promise<Uint8Array> {
  const { output, ended, stop } = openOutput('xz', ['--decompress', '--stdout', '--', path]);
  const onAbort = (): void => stop();
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    // Whatever fails first, the program has ended before anything is thrown.
    const [chunks] = await Promise.all([output.toArray(), ended]);
    return Buffer.concat(chunks);
  } catch (error) {
    signal?.throwIfAborted();
    if (!(error instanceof BootwrightError) || error.code !== 'BW-TOOL-FAILED') throw error;
    throw new BootwrightError('BW-MODULES-UNREADABLE', `"${path}" cannot be unpacked.`, {
      ...error.occasion,
      cause: error,
    });
  } finally {
    signal?.removeEventListener('abort', onAbort);
  }
}

/**
 * Reads a module file, unpacked if it is compressed (gzip, xz, zstd).
 *
 * @throws BootwrightError `BW-MODULES-UNREADABLE` if it cannot be unpacked, `BW-TOOL-MISSING` for xz
 */
export async function readModuleFile(path: string, signal?: AbortSignal): Promise<Uint8Array> {
  try {
    if (path.endsWith('.xz')) return await unpackXz(path, signal);
    const bytes = await readFile(path);
    if (path.endsWith('.gz')) return await promisify(gunzip)(bytes);
    if (path.endsWith('.zst')) return await promisify(zstdDecompress)(bytes);
    return bytes;
  } catch (error) {
    if (error instanceof BootwrightError || isSystemError(error)) throw error;
    throw new BootwrightError('BW-MODULES-UNREADABLE', `"${path}" cannot be unpacked.`, {
      cause: error,
    });
  }
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

/** So many modules are unpacked at a time: some 20 MB, or 200 for a kernel with debug information. */
const modulesPerBatch = 100;

/**
 * Reads many module files one after the other, unpacked, and leaves them as they are.
 *
 * @throws BootwrightError as {@link unpackModuleFiles} does
 */
export async function* readModuleFiles(
  paths: readonly string[],
  signal?: AbortSignal,
): AsyncGenerator<{ readonly path: string; readonly bytes: Uint8Array }> {
  for (let at = 0; at < paths.length; at += modulesPerBatch) {
    const batch = paths.slice(at, at + modulesPerBatch);
    const folder = await mkdtemp(join(tmpdir(), 'bootwright-modules-'));
    try {
      const places: string[] = [];
      for (const [index, path] of batch.entries()) {
        const packing = /\.(gz|xz|zst)$/.exec(path)?.[0];
        if (packing === undefined) {
          places.push(path);
          continue;
        }
        const copy = join(folder, `${index}.ko${packing}`);
        await copyFile(path, copy);
        places.push(copy);
      }
      const unpacked = await unpackModuleFiles(places, signal);
      for (const [index, path] of batch.entries()) {
        signal?.throwIfAborted();
        yield { path, bytes: await readFile(unpacked[index] ?? path) };
      }
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
}
