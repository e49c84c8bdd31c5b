import { join } from 'node:path';
import { functionNames, readKernelModule } from '../../formats/elf-kmod/index.ts';
import { symbolNames } from '../../formats/system-map/index.ts';
import { readTextFile } from '../../system/files.ts';
import { readModuleFiles } from '../modules/module-file.ts';
import { readModuleFacts } from './module-facts.ts';

/** One name could be in the image by chance. */
const fewestNames = 2;

/** So many names of functions tell code from other code. */
export const functionsKept = 32;

/** What tells whether a module's code is in an image under another's name. */
export interface MergeSigns {
  /** The symbols that it needs. */
  readonly imports: readonly string[];
  /** Names of its functions, up to {@link functionsKept}. */
  readonly functions: readonly string[];
}

/**
 * Whether another module took a module's code in when it was built in. (In 6.12, brcmfmac-wcc is such
 * a one: its Makefile makes a module of it only where brcmfmac is a module, and else a part of
 * brcmfmac.) Such a module needs a symbol that a module in the image does not export any more, and all
 * of its functions are in the image. Either alone is no sign: many modules have functions called
 * `probe` and `remove`.
 *
 * @param withdrawn - what stock's modules that are in the image exported, and it does not
 * @param imageSymbols - the names in its System.map
 */
export function isMerged(
  { imports, functions }: MergeSigns,
  withdrawn: ReadonlySet<string>,
  imageSymbols: ReadonlySet<string>,
): boolean {
  return (
    imports.some((name) => withdrawn.has(name)) &&
    functions.length >= fewestNames &&
    functions.every((name) => imageSymbols.has(name))
  );
}

/** Where to look for code that is in an image under another's name. */
interface MergeSearch {
  /** Modules that found no place beside the image, relative to `folder`. */
  readonly paths: readonly string[];
  readonly folder: string;
  /** Files of stock's modules that are in the image. */
  readonly inImage: readonly string[];
  readonly exports: { has(symbol: string): boolean };
  readonly systemMap: string;
  readonly signal?: AbortSignal;
}

/**
 * Finds those modules whose code is in the image, see {@link isMerged}.
 *
 * @returns their paths
 * @throws BootwrightError `BW-MODULES-UNREADABLE`, `BW-FILE-MISSING`, `BW-TOOL-MISSING`
 */
export async function findMerged({
  paths,
  folder,
  inImage,
  exports,
  systemMap,
  signal,
}: MergeSearch): Promise<ReadonlySet<string>> {
  const merged = new Set<string>();
  if (paths.length === 0) return merged;
  const withdrawn = new Set<string>();
  const plain = { keys: [], rebuilt: false };
  for await (const { path, bytes } of readModuleFiles(inImage, signal)) {
    for (const { name } of readModuleFacts(path, bytes, plain).exports) {
      if (!exports.has(name)) withdrawn.add(name);
    }
  }
  const imageSymbols = symbolNames(await readTextFile(systemMap, 'System.map'));
  const files = new Map(paths.map((path) => [join(folder, path), path]));
  for await (const { path, bytes } of readModuleFiles([...files.keys()], signal)) {
    const { imports } = readModuleFacts(path, bytes, plain);
    const functions = functionNames(readKernelModule(bytes), functionsKept);
    if (isMerged({ imports, functions }, withdrawn, imageSymbols)) {
      merged.add(files.get(path) ?? path);
    }
  }
  return merged;
}
