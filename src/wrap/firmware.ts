import { readFile, realpath } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { promisify } from 'node:util';
import { gunzip, zstdDecompress } from 'node:zlib';
import { isMemberName } from '../bundle/members.ts';
import { BootwrightError, isSystemError } from '../system/errors/index.ts';
import { openOutput } from '../system/process-output.ts';
import type { StockModule } from './modules/stock-module.ts';

/** Firmware that a driver may ask for, and that is not there. */
export interface MissingFirmware {
  readonly module: string;
  readonly file: string;
}

/** What a tree of firmware has for some modules. */
export interface FoundFirmware {
  /** Not compressed, by names below /lib/firmware; sorted. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** By module, then file. */
  readonly missing: readonly MissingFirmware[];
}

/** How distros pack files of firmware (CONFIG_FW_LOADER_COMPRESS). */
const packings = ['', '.xz', '.zst', '.gz'] as const;

async function unpack(bytes: Uint8Array, packing: (typeof packings)[number]): Promise<Uint8Array> {
  switch (packing) {
    case '':
      return bytes;
    case '.gz':
      return promisify(gunzip)(bytes);
    case '.zst':
      return promisify(zstdDecompress)(bytes);
    case '.xz': {
      const { output, ended } = openOutput('xz', ['-dc'], bytes);
      const chunks: Uint8Array[] = [];
      for await (const chunk of output) if (chunk instanceof Uint8Array) chunks.push(chunk);
      await ended;
      return Buffer.concat(chunks);
    }
  }
}

/** A file of the tree, whatever it is packed with; undefined if there is none, or it leads out of the tree. */
async function readFirmware(tree: string, name: string): Promise<Uint8Array | undefined> {
  for (const packing of packings) {
    try {
      const path = await realpath(join(tree, name + packing));
      if (relative(tree, path).startsWith('..')) continue;
      return await unpack(await readFile(path), packing);
    } catch (error) {
      if (!isSystemError(error, 'ENOENT', 'ENOTDIR', 'EISDIR')) throw error;
    }
  }
  return undefined;
}

/**
 * Finds the firmware that modules name.
 *
 * @param path - a tree as linux-firmware has it, such as /lib/firmware; without one, all is missing
 * @throws BootwrightError `BW-FILE-MISSING`, `BW-TOOL-MISSING` for xz, `BW-TOOL-FAILED`
 */
export async function findFirmware(
  path: string | undefined,
  modules: readonly Pick<StockModule, 'name' | 'firmware'>[],
  signal?: AbortSignal,
): Promise<FoundFirmware> {
  let tree: string | undefined;
  try {
    tree = path === undefined ? undefined : await realpath(resolve(path));
  } catch (error) {
    if (!isSystemError(error, 'ENOENT', 'ENOTDIR')) throw error;
    throw new BootwrightError('BW-FILE-MISSING', `There is no firmware at "${path}".`, {
      cause: error,
    });
  }
  const files = new Map<string, Uint8Array>();
  const missing: MissingFirmware[] = [];
  for (const { name: module, firmware } of modules) {
    for (const file of [...new Set(firmware)].sort()) {
      signal?.throwIfAborted();
      if (files.has(file)) continue;
      const isSafe = isMemberName(file) && !/[*?[]/.test(file);
      const bytes = tree === undefined || !isSafe ? undefined : await readFirmware(tree, file);
      if (bytes === undefined) missing.push({ module, file });
      else files.set(file, bytes);
    }
  }
  return { files: new Map([...files].sort(([a], [b]) => (a < b ? -1 : 1))), missing };
}
