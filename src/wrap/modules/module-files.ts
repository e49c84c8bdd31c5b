import { copyFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';
import {
  isModuleFile,
  moduleName,
  readModuleFile,
  unpackModuleFiles,
} from '../../kernel/modules/module-file.ts';
import { isProvider, type ModuleSource } from './choose.ts';
import { describeModule, type StockModule } from './stock-module.ts';

/** The modules of a stock kernel, unpacked into a folder as they are asked for. */
export interface ModuleFiles extends ModuleSource {
  /** The file of a module as the vendor has packed it, relative to the folder of the modules. */
  packed(path: string): string | undefined;
  /** Reads those whose path, not compressed, is wanted. */
  read(isWanted: (path: string) => boolean): Promise<readonly StockModule[]>;
}

const withoutPacking = (path: string): string => path.replace(/\.(gz|xz|zst)$/, '');

const normalized = (alias: string): string => alias.replaceAll('-', '_');

/**
 * The module files of the kernel's own, sorted. What lies beside them (`extra`, `updates`,
 * `weak-updates`) is not of the kernel's vendor, or of another kernel.
 */
export async function listStockModules(folder: string): Promise<readonly string[]> {
  const entries = await readdir(join(folder, 'kernel'), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && isModuleFile(entry.name))
    .map((entry) => posix.join(entry.parentPath.slice(folder.length + 1), entry.name))
    .sort();
}

/**
 * Opens the modules of a stock kernel.
 *
 * @param folder - that of the modules, `lib/modules/RELEASE`
 * @param scratch - gets those that are read, unpacked, under the same paths
 * @throws BootwrightError `BW-MODULES-UNREADABLE`, `BW-TOOL-MISSING` for xz
 */
export async function openModuleFiles(
  folder: string,
  scratch: string,
  signal?: AbortSignal,
): Promise<ModuleFiles> {
  const files = await listStockModules(folder);
  const byPath = new Map(files.map((file) => [withoutPacking(file), file]));
  const pathsByName = new Map([...byPath.keys()].map((path) => [moduleName(path), path]));
  const known = new Map<string, StockModule>();

  /** Many at once, since a program for each would take longer than all else. */
  const read = async (isWanted: (path: string) => boolean): Promise<readonly StockModule[]> => {
    const wanted = [...byPath].filter(([path]) => isWanted(path));
    const missing = wanted.filter(([path]) => !known.has(path));
    for (const [path, file] of missing) {
      await mkdir(dirname(join(scratch, path)), { recursive: true });
      await copyFile(join(folder, file), join(scratch, file));
      if (/\.(gz|zst)$/.test(file)) {
        await writeFile(join(scratch, path), await readModuleFile(join(folder, file), signal));
        await rm(join(scratch, file));
      }
    }
    await unpackModuleFiles(
      missing.map(([, file]) => join(scratch, file)),
      signal,
    );
    for (const [path] of missing) {
      signal?.throwIfAborted();
      known.set(path, describeModule(path, await readFile(join(scratch, path))));
    }
    return wanted.flatMap(([path]) => known.get(path) ?? []);
  };
  return {
    packed: (path) => byPath.get(path),
    read,
    async named(name) {
      const path = pathsByName.get(name);
      if (path === undefined) return undefined;
      const [found] = await read((each) => each === path);
      return found;
    },
    async providing(alias) {
      const providers = await read(isProvider);
      return providers.filter(({ aliases }) => aliases.some((each) => normalized(each) === alias));
    },
  };
}
