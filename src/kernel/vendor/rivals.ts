import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BootwrightError } from '../../system/errors/index.ts';
import { readConfigValues } from '../compile/index.ts';
import type { VendorDriver } from './driver.ts';
import { symbolsOfModule } from './makefile.ts';
import { placeInTree } from './place.ts';

/** A driver of the tree's own that has the name of a vendor's. */
export interface Rival {
  readonly driver: VendorDriver;
  /** The module's name, as lsmod shows it. */
  readonly module: string;
  /** The symbol that the tree's own is compiled by, without CONFIG_. */
  readonly symbol: string;
}

/**
 * Finds the network drivers of a tree that have the names of vendors' drivers: there can be only one
 * of a name in a running kernel.
 */
export async function findRivals(
  tree: string,
  drivers: readonly VendorDriver[],
): Promise<readonly Rival[]> {
  if (drivers.length === 0) return [];
  const rivals: Rival[] = [];
  const root = join(tree, 'drivers', 'net');
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (!entry.isFile() || !/^(?:Makefile|Kbuild)$/.test(entry.name)) continue;
    if (path.startsWith(join(tree, placeInTree, '/'))) continue;
    const text = await readFile(path, 'latin1');
    for (const driver of drivers) {
      for (const module of driver.modules) {
        for (const symbol of symbolsOfModule(text, module)) rivals.push({ driver, module, symbol });
      }
    }
  }
  return rivals;
}

/** A setting of the config, as configureNetboot() takes it. */
interface Setting {
  readonly symbol: string;
  readonly value: string;
  readonly reason: string;
}

/** What takes the tree's own drivers out of the way of those that are built in instead. */
export function rivalSettings(rivals: readonly Rival[]): readonly Setting[] {
  return rivals
    .filter(({ driver }) => driver.builtIn)
    .map(({ driver, symbol }) => ({
      symbol,
      value: 'n',
      reason: `--with-module ${driver.name}=y takes its place`,
    }));
}

/**
 * Makes sure that a vendor's module is not beaten by the tree's own driver in the image, which would
 * have the hardware before any module is loaded.
 *
 * @param config - text of the netboot config
 * @returns the rivals that are modules as well: depmod prefers `updates/` (depmod.d(5), search)
 * @throws BootwrightError `BW-VENDOR-SHADOWED`
 */
export function requireUsable(rivals: readonly Rival[], config: string): readonly Rival[] {
  const values = readConfigValues(config);
  const modules = rivals.filter(({ driver }) => !driver.builtIn);
  for (const { driver, module, symbol } of modules) {
    if (values.get(symbol) !== 'y') continue;
    throw new BootwrightError(
      'BW-VENDOR-SHADOWED',
      `The tree's own ${module} (CONFIG_${symbol}) is built in, so the module of "${driver.folder}" would never be loaded.`,
      {
        hint: `Build the vendor's in: --with-module ${driver.folder}=y. Or leave the tree's own a module: --exclude ${symbol}.`,
      },
    );
  }
  return modules.filter(({ symbol }) => values.get(symbol) === 'm');
}
