import { constants } from 'node:fs';
import { copyFile, mkdir, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { StockKernel } from '../../kernel/stock/index.ts';
import { indexModules, startModuleTree } from './index-modules.ts';
import { listStockModules } from './module-files.ts';

/** The modules of a bundle, laid out. */
export interface LaidModules {
  /** The folder `lib/modules/RELEASE`. */
  readonly tree: string;
  readonly count: number;
  /** Of the files as they are packed. */
  readonly bytes: number;
}

/**
 * Lays out the modules of a bundle: the vendor's files as they are, and depmod's indexes.
 *
 * @param root - gets `lib/modules/RELEASE`
 * @throws BootwrightError `BW-TOOL-MISSING`, `BW-MODULES-INSTALL`
 */
export async function layModules(
  stock: StockKernel,
  which: 'all' | 'none',
  root: string,
  signal?: AbortSignal,
): Promise<LaidModules> {
  const tree = join(root, 'lib/modules', stock.release);
  await startModuleTree(stock.modules, tree);
  const files = which === 'all' ? await listStockModules(stock.modules) : [];
  let bytes = 0;
  for (const file of files) {
    signal?.throwIfAborted();
    await mkdir(dirname(join(tree, file)), { recursive: true });
    await copyFile(join(stock.modules, file), join(tree, file), constants.COPYFILE_FICLONE);
    bytes += (await stat(join(tree, file))).size;
  }
  if (files.length === 0) await writeFile(join(tree, 'modules.order'), '');
  await indexModules(root, stock.release, signal);
  return { tree, count: files.length, bytes };
}
