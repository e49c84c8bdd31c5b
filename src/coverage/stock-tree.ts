import { readdir } from 'node:fs/promises';
import { basename, join, posix } from 'node:path';
import type { Manifest } from '../bundle/manifest.ts';
import { isMemberName } from '../bundle/members.ts';
import { ModuleFormatError, readKernelModule } from '../formats/elf-kmod/index.ts';
import {
  isNetworkDriver,
  type ModuleAlias,
  parseBuiltInAliases,
  parseModulesAlias,
} from '../hardware/index.ts';
import { isModuleFile, moduleName, readModuleFile } from '../kernel/modules/module-file.ts';
import { parseModuleList } from '../kernel/modules/module-tree.ts';
import { stockSources } from '../kernel/stock/index.ts';
import { BootwrightError } from '../system/errors/index.ts';
import { exists, readTextFile } from '../system/files.ts';
import type { Step } from '../system/progress.ts';
import type { NetbootDrivers } from './netboot-drivers.ts';
import type { StockDriver, StockIndex } from './stock-index.ts';

/**
 * The module files below a folder, sorted. Links (weak-modules) lead to those of other kernels; names
 * that no bundle would hold are no modules, but could do harm to a terminal.
 */
async function listModules(folder: string): Promise<readonly string[]> {
  const found: string[] = [];
  const visit = async (inside: string): Promise<void> => {
    for (const entry of await readdir(join(folder, inside), { withFileTypes: true })) {
      const path = posix.join(inside, entry.name);
      if (entry.isDirectory()) await visit(path);
      else if (entry.isFile() && isModuleFile(path) && isMemberName(path)) found.push(path);
    }
  };
  await visit('');
  return found.sort();
}

async function readOptional(path: string): Promise<string> {
  return (await exists(path)) ? readTextFile(path, 'index of modules') : '';
}

/** `.modinfo` of a module's file: its release, by its vermagic, and its aliases. */
async function readModule(path: string, signal: AbortSignal | undefined) {
  const bytes = await readModuleFile(path, signal);
  try {
    const { modinfo } = readKernelModule(bytes);
    const vermagic = modinfo.find(({ key }) => key === 'vermagic')?.value ?? '';
    return {
      release: vermagic.split(' ')[0] ?? '',
      aliases: modinfo.flatMap(({ key, value }) => (key === 'alias' ? [value] : [])),
    };
  } catch (error) {
    if (!(error instanceof ModuleFormatError)) throw error;
    throw new BootwrightError(
      'BW-MODULES-UNREADABLE',
      `"${path}" is no module: ${error.message}.`,
      {
        cause: error,
      },
    );
  }
}

/** The patterns of an index of aliases, by module. */
function byModule(aliases: readonly ModuleAlias[]): ReadonlyMap<string, readonly string[]> {
  const patterns = new Map<string, string[]>();
  for (const { module, pattern } of aliases) {
    const before = patterns.get(module);
    if (before === undefined) patterns.set(module, [pattern]);
    else before.push(pattern);
  }
  return patterns;
}

/**
 * A netboot kernel has the `uname -r` of stock, and its tree of modules looks like stock's but for
 * what is missing there: the very drivers whose ids are wanted.
 *
 * @param builtIn - names of what the tree says is built in
 * @throws BootwrightError `BW-STOCK-IS-NETBOOT`
 */
export function assertStock(
  folder: string,
  builtIn: ReadonlySet<string>,
  netboot: Pick<NetbootDrivers, 'builtIn'>,
  manifest: Manifest,
) {
  const inImage = [...netboot.builtIn].filter(([, path]) => isNetworkDriver(path));
  const hasPromoted = inImage.length > 0 && manifest.promotion.promoted.length > 0;
  if (hasPromoted && inImage.every(([module]) => builtIn.has(module))) {
    throw new BootwrightError(
      'BW-STOCK-IS-NETBOOT',
      `"${folder}" has built in what the bundle has built in: these are the modules of a netboot kernel, not of stock.`,
      { hint: `Give --stock with ${stockSources}.` },
    );
  }
}

/**
 * Reads which devices the network drivers of a stock kernel claim: by `modules.alias` where depmod
 * has run, else by the modules' own `.modinfo`, as in packages that were unpacked.
 *
 * @param folder - that of the modules, such as `/lib/modules/<uname -r>`
 * @throws BootwrightError `BW-STOCK-NOT`, `BW-STOCK-RELEASE` (of another release
 *   than the bundle's), `BW-STOCK-IS-NETBOOT`, `BW-MODULES-UNREADABLE`, `BW-TOOL-MISSING` for xz
 */
export async function readStockTree(
  folder: string,
  { manifest, netboot }: { readonly manifest: Manifest; readonly netboot: NetbootDrivers },
  step: Step,
  signal?: AbortSignal,
): Promise<StockIndex> {
  const { kernelRelease } = manifest.target;
  const files = await listModules(folder);
  const network = files.filter((file) => isNetworkDriver(file));
  const [sample] = network.length > 0 ? network : files;
  // A folder may have been renamed; what a module says of itself decides.
  const release =
    sample === undefined
      ? basename(folder)
      : (await readModule(join(folder, sample), signal)).release || basename(folder);
  if (release !== kernelRelease) {
    throw new BootwrightError(
      'BW-STOCK-RELEASE',
      `"${folder}" is of ${release}; the bundle is of ${kernelRelease}.`,
    );
  }
  const indexed = byModule(parseModulesAlias(await readOptional(join(folder, 'modules.alias'))));
  const isIndexed = indexed.size > 0;
  const drivers: StockDriver[] = [];
  for (const [index, file] of network.entries()) {
    signal?.throwIfAborted();
    const module = moduleName(file);
    const aliases = isIndexed
      ? (indexed.get(module) ?? [])
      : (await readModule(join(folder, file), signal)).aliases;
    drivers.push({ module, path: file.replace(/\.(gz|xz|zst)$/, ''), aliases });
    if (!isIndexed) {
      step.progress({ done: index + 1, total: network.length, unit: 'modules', current: module });
    }
  }
  const builtInAliases = byModule(
    parseBuiltInAliases(await readOptional(join(folder, 'modules.builtin.modinfo'))),
  );
  const builtIn = parseModuleList(await readOptional(join(folder, 'modules.builtin')))
    .filter((file) => isNetworkDriver(file) && isMemberName(file))
    .sort()
    .map((file) => {
      const module = moduleName(file);
      return { module, path: file, aliases: builtInAliases.get(module) ?? [] };
    });
  const stock: StockIndex = { kernelRelease, drivers, builtIn };
  assertStock(folder, new Set(builtIn.map(({ module }) => module)), netboot, manifest);
  if (drivers.length === 0 && builtIn.length === 0) {
    throw new BootwrightError('BW-STOCK-NOT', `"${folder}" has no network driver.`, {
      hint: `Give --stock with ${stockSources}.`,
    });
  }
  step.note(`${drivers.length} network drivers`);
  return stock;
}
