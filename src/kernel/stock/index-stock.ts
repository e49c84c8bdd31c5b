import { join, posix } from 'node:path';
import { ModuleFormatError, readKernelModule } from '../../formats/elf-kmod/index.ts';
import { parseBuiltInAliases } from '../../hardware/index.ts';
import { BootwrightError } from '../../system/errors/index.ts';
import { exists, readTextFile } from '../../system/files.ts';
import { type Step, unwatched } from '../../system/progress.ts';
import { moduleName, type ReadModule, readModuleFiles } from '../modules/module-file.ts';
import { parseModuleList } from '../modules/module-tree.ts';
import {
  isModulePath,
  isPlainWord,
  type StockBuiltIn,
  type StockModule,
  type StockModuleIndex,
} from './module-index.ts';
import type { StockKernel } from './open.ts';
import { listModuleFiles } from './read-modules.ts';

/** How an index is made. */
export interface IndexOptions {
  /** Which modules are wanted, by their paths without packing; the default is all. */
  readonly only?: (path: string) => boolean;
  readonly step?: Step;
  readonly signal?: AbortSignal;
}

const withoutPacking = (path: string): string => path.replace(/\.(gz|xz|zst)$/, '');

async function readOptional(path: string): Promise<string> {
  return (await exists(path)) ? readTextFile(path, 'index of modules') : '';
}

const unique = (words: readonly string[]): readonly string[] => [...new Set(words)].sort();

/** Reads `pre: a b post: c` of MODULE_SOFTDEP (modprobe.d(5)), several of which may stand there. */
function readSoftdeps(values: readonly string[]): StockModule['softdeps'] {
  const softdeps = { pre: new Set<string>(), post: new Set<string>() };
  for (const value of values) {
    let into: Set<string> | undefined;
    for (const word of value.split(/\s+/)) {
      if (word === 'pre:') into = softdeps.pre;
      else if (word === 'post:') into = softdeps.post;
      else if (isPlainWord(word)) into?.add(word);
    }
  }
  return { pre: [...softdeps.pre], post: [...softdeps.post] };
}

/** What a module's file says of itself, and the release that it was built for, by its vermagic. */
function describeModule(folder: string, { path: file, bytes }: ReadModule) {
  const inside = posix.relative(folder, file);
  let modinfo: ReturnType<typeof readKernelModule>['modinfo'];
  try {
    ({ modinfo } = readKernelModule(bytes));
  } catch (error) {
    if (!(error instanceof ModuleFormatError)) throw error;
    throw new BootwrightError(
      'BW-MODULES-UNREADABLE',
      `"${file}" is no module: ${error.message}.`,
      {
        cause: error,
      },
    );
  }
  const valuesOf = (key: string): readonly string[] =>
    modinfo.flatMap((entry) => (entry.key === key ? [entry.value] : []));
  const plainValuesOf = (key: string): readonly string[] =>
    unique(valuesOf(key).filter(isPlainWord));
  const module: StockModule = {
    name: moduleName(inside),
    path: withoutPacking(inside),
    aliases: plainValuesOf('alias'),
    depends: unique(
      valuesOf('depends')
        .flatMap((value) => value.split(','))
        .map((name) => name.replaceAll('-', '_'))
        .filter((name) => /^\w+$/.test(name)),
    ),
    softdeps: readSoftdeps(valuesOf('softdep')),
    firmware: plainValuesOf('firmware'),
  };
  return { module, release: valuesOf('vermagic')[0]?.split(' ')[0] };
}

/** What a kernel has built in, by its `modules.builtin` and, where there is one, `.modinfo` of it. */
async function readBuiltIn(
  folder: string,
  only: (path: string) => boolean,
): Promise<readonly StockBuiltIn[]> {
  const aliases = new Map<string, string[]>();
  const modinfo = await readOptional(join(folder, 'modules.builtin.modinfo'));
  for (const { module, pattern } of parseBuiltInAliases(modinfo)) {
    aliases.set(module, [...(aliases.get(module) ?? []), pattern]);
  }
  const paths = parseModuleList(await readOptional(join(folder, 'modules.builtin')));
  return unique(paths)
    .filter((path) => isModulePath(path) && only(path))
    .map((path) => {
      const name = moduleName(path);
      return { name, path, aliases: unique((aliases.get(name) ?? []).filter(isPlainWord)) };
    });
}

/**
 * Reads what the modules of a stock kernel say of themselves: aliases, dependencies and firmware,
 * out of each module's own `.modinfo`, so that it does not matter whether depmod has run.
 *
 * @param stock - opened with the parts `modules` (or those that `only` wants) and `indexes`
 * @returns plain data; the same modules give the same
 * @throws BootwrightError `BW-STOCK-RELEASE` (a module of another release than the folder),
 *   `BW-MODULES-UNREADABLE`, `BW-TOOL-MISSING` for xz
 */
export async function indexStock(
  stock: StockKernel,
  { only = () => true, step = unwatched, signal }: IndexOptions = {},
): Promise<StockModuleIndex> {
  const { modules: folder, release: kernelRelease } = stock;
  // Names that no kernel has could do harm to a terminal.
  const files = (await listModuleFiles(folder)).filter((file) => {
    const path = withoutPacking(file);
    return isModulePath(path) && only(path);
  });
  const modules: StockModule[] = [];
  const paths = files.map((file) => join(folder, file));
  for await (const file of readModuleFiles(paths, signal)) {
    const { module, release } = describeModule(folder, file);
    // A folder may have been renamed; what a module says of itself decides.
    if (release !== undefined && release !== kernelRelease) {
      throw new BootwrightError(
        'BW-STOCK-RELEASE',
        `"${file.path}" is of ${release}, not of ${kernelRelease}.`,
      );
    }
    modules.push(module);
    step.progress({
      done: modules.length,
      total: files.length,
      unit: 'modules',
      current: module.name,
    });
  }
  modules.sort((a, b) => (a.path < b.path ? -1 : 1));
  return { kernelRelease, modules, builtIn: await readBuiltIn(folder, only) };
}
