import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Manifest } from '../bundle/manifest.ts';
import { BootwrightError, isSystemError } from '../system/errors/index.ts';
import { run } from '../system/process.ts';
import type { Step } from '../system/progress.ts';
import type { NetbootDrivers } from './netboot-drivers.ts';
import type { StockIndex } from './stock-index.ts';
import { unpackStockPackage } from './stock-package.ts';
import { readStockTree, stockHint } from './stock-tree.ts';

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    if (!isSystemError(error, 'ENOENT', 'ENOTDIR')) throw error;
    throw new BootwrightError('BW-FILE-MISSING', `There is nothing at "${path}".`, {
      cause: error,
    });
  }
}

/** How many names of files one command takes, far below any limit. */
const filesPerCommand = 200;

/** Unpacks modules with one program for many: one for each would take longer than all else. */
async function unpackModules(files: readonly string[], signal?: AbortSignal): Promise<void> {
  const packed = files.filter((file) => file.endsWith('.xz'));
  for (let at = 0; at < packed.length; at += filesPerCommand) {
    await run('xz', ['--decompress', '--', ...packed.slice(at, at + filesPerCommand)], {
      failure: 'BW-MODULES-UNREADABLE',
      ...(signal === undefined ? {} : { signal }),
    });
  }
}

/**
 * Reads which devices the network drivers of a stock kernel claim.
 *
 * @param paths - a folder of modules (or above one), or the kernel's packages
 * @throws BootwrightError as {@link readStockTree} and {@link unpackStockPackage} do
 */
export async function readStock(
  paths: readonly string[],
  bundle: { readonly manifest: Manifest; readonly netboot: NetbootDrivers },
  step: Step,
  signal?: AbortSignal,
): Promise<StockIndex> {
  const folders: string[] = [];
  for (const path of paths) if (await isFolder(path)) folders.push(path);
  const [folder] = folders;
  if (folder !== undefined && paths.length === 1) {
    return readStockTree(folder, bundle, step, signal);
  }
  if (folder !== undefined) {
    throw new BootwrightError('BW-STOCK-NOT', `"${folder}" is a folder, beside other paths.`, {
      hint: `One folder, or any number of packages. ${stockHint}`,
    });
  }
  const unpacked = await mkdtemp(join(tmpdir(), 'bootwright-stock-'));
  try {
    for (const path of paths) {
      const files = await unpackStockPackage(path, unpacked, signal);
      await unpackModules(files, signal);
    }
    return await readStockTree(unpacked, bundle, step, signal);
  } finally {
    await rm(unpacked, { recursive: true, force: true });
  }
}
