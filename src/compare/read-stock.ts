import { basename, join } from 'node:path';
import type { Manifest } from '../bundle/manifest.ts';
import { isMemberName } from '../bundle/members.ts';
import { functionNames, readKernelModule } from '../formats/elf-kmod/index.ts';
import { initcallOrder } from '../formats/system-map/index.ts';
import { parseBuiltInAliases } from '../hardware/index.ts';
import { moduleName, readModuleFiles } from '../kernel/modules/module-file.ts';
import { parseModuleList } from '../kernel/modules/module-tree.ts';
import { isNetbootTree, openStock, readStockText, stockSources } from '../kernel/stock/index.ts';
import { functionsKept } from '../kernel/stock/merged.ts';
import { readModuleFacts } from '../kernel/stock/module-facts.ts';
import { listModuleFiles } from '../kernel/stock/read-modules.ts';
import { BootwrightError } from '../system/errors/index.ts';
import { exists, readTextFile } from '../system/files.ts';
import type { Step } from '../system/progress.ts';
import type { BundleFacts, StockFacts, StockModule } from './facts.ts';
import { readSymvers } from './read-bundle.ts';

/** A stock kernel that cannot be read is a bad input, and to be had again. */
function unreadable(message: string, cause: unknown): BootwrightError {
  return new BootwrightError('BW-STOCK-NOT', message, {
    cause,
    hint: `Get it again: ${stockSources}.`,
  });
}

/** @param path - relative to the folder of the modules */
function readModule(path: string, bytes: Uint8Array): StockModule {
  // It says with an error of the table what is no module.
  const facts = readModuleFacts(path, bytes, { keys: [], rebuilt: false });
  const module = readKernelModule(bytes);
  return {
    module: facts.name,
    path: facts.path,
    file: {
      facts,
      aliases: module.modinfo.flatMap(({ key, value }) => (key === 'alias' ? [value] : [])),
      functions: functionNames(module, functionsKept),
    },
  };
}

async function readIndex(folder: string, name: string): Promise<string> {
  const path = join(folder, name);
  return (await exists(path)) ? readTextFile(path, 'index of modules') : '';
}

function assertRelease(folder: string, modules: readonly StockModule[], manifest: Manifest): void {
  const { kernelRelease } = manifest.target;
  for (const { path, file } of modules) {
    const release = file?.facts.vermagic?.split(' ')[0] ?? '';
    if (release === '' || release === kernelRelease) continue;
    throw new BootwrightError(
      'BW-STOCK-RELEASE',
      `"${join(folder, path)}" is of ${release}; the bundle is of ${kernelRelease}.`,
    );
  }
}

/**
 * Reads of a stock kernel what is compared: every module, its indexes, config, System.map and symvers,
 * as far as what was named has them.
 *
 * @param paths - a folder of modules (or above one), or the kernel's packages
 * @throws BootwrightError `BW-STOCK-NOT` (also for a module that is none), `BW-STOCK-RELEASE`,
 *   `BW-STOCK-IS-NETBOOT`, `BW-COMPARE-SYMVERS`, and as `openStock` does
 */
export async function readStockFacts(
  paths: readonly string[],
  bundle: BundleFacts,
  step: Step,
  signal?: AbortSignal,
): Promise<StockFacts> {
  try {
    return await readFacts(paths, bundle, step, signal);
  } catch (error) {
    // The same code, of a module that we have compiled, says that the disk is bad.
    if (error instanceof BootwrightError && error.code === 'BW-MODULES-UNREADABLE') {
      throw unreadable(error.message, error);
    }
    throw error;
  }
}

async function readFacts(
  paths: readonly string[],
  { manifest, builtIn: netbootBuiltIn }: BundleFacts,
  step: Step,
  signal?: AbortSignal,
): Promise<StockFacts> {
  const { kernelRelease } = manifest.target;
  await using stock = await step.step('Open the stock kernel', () =>
    openStock({
      paths,
      parts: ['modules', 'indexes', 'config', 'system-map', 'symvers'],
      release: kernelRelease,
      ...(signal === undefined ? {} : { signal }),
    }),
  );
  const { modules: folder } = stock;
  const builtIn = parseModuleList(await readIndex(folder, 'modules.builtin')).filter(isMemberName);
  const stockBuiltIn = builtIn.map((path) => ({ name: moduleName(path), path, aliases: [] }));
  if (
    manifest.promotion.promoted.length > 0 &&
    isNetbootTree({ builtIn: stockBuiltIn }, netbootBuiltIn)
  ) {
    throw new BootwrightError(
      'BW-STOCK-IS-NETBOOT',
      `"${folder}" has built in what the bundle has built in: these are the modules of a netboot kernel, not of stock.`,
      { hint: `Give --stock with ${stockSources}.` },
    );
  }
  const files = (await listModuleFiles(folder)).filter(isMemberName);
  if (files.length === 0 && builtIn.length === 0) {
    throw new BootwrightError(
      'BW-STOCK-NOT',
      `"${folder}" has neither modules nor a list of them.`,
      {
        hint: `Give --stock with ${stockSources}.`,
      },
    );
  }
  const read = await step.step('Read the modules of stock', async (reading) => {
    const found = new Map<string, StockModule>();
    const total = files.length;
    for await (const { path, bytes } of readModuleFiles(
      files.map((file) => join(folder, file)),
      signal,
    )) {
      const module = readModule(path.slice(folder.length + 1), bytes);
      found.set(module.path, module);
      const current = module.module;
      reading.progress({ done: found.size, total, unit: 'modules', current });
    }
    reading.note(`${total} modules`);
    return found;
  });
  assertRelease(folder, [...read.values()], manifest);
  const ordered = parseModuleList(await readIndex(folder, 'modules.order')).filter(isMemberName);
  const all = [...new Set([...ordered, ...read.keys()])];
  const config = await readStockText(stock, 'config', signal);
  const symvers = await readStockText(stock, 'symvers', signal);
  const systemMap = await readStockText(stock, 'system-map', signal);
  return {
    kernelRelease,
    modules: all.map((path) => read.get(path) ?? { module: moduleName(path), path }),
    builtIn,
    builtInAliases: parseBuiltInAliases(await readIndex(folder, 'modules.builtin.modinfo')),
    initcalls: initcallOrder(systemMap?.text ?? ''),
    ...(config && { config: config.text }),
    ...(symvers && { symvers: readSymvers(symvers.text, basename(symvers.path)) }),
  };
}
