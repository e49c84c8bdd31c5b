import type { KeyObject } from 'node:crypto';
import { copyFile, mkdir, readdir, readFile } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';
import { BootwrightError } from '../../system/errors/index.ts';
import type { Step } from '../../system/progress.ts';
import { isModuleFile, unpackModuleFiles } from '../modules/module-file.ts';
import { type ModuleFacts, readModuleFacts } from './module-facts.ts';
import { stockSources } from './open.ts';

/** How many modules are read at once. */
const readersAtOnce = 8;

/**
 * The module files below a folder, relative to it, sorted. Links (weak-modules) lead to modules of
 * other kernels and are left out.
 */
export async function listModuleFiles(folder: string): Promise<readonly string[]> {
  const found: string[] = [];
  const visit = async (inside: string): Promise<void> => {
    for (const entry of await readdir(join(folder, inside), { withFileTypes: true })) {
      const path = posix.join(inside, entry.name);
      if (entry.isDirectory()) await visit(path);
      else if (entry.isFile() && isModuleFile(path)) found.push(path);
    }
  };
  await visit('');
  return found.sort();
}

/** A module of stock's that is damaged is not built again, but had again. */
function explainDamage(error: unknown): unknown {
  if (!(error instanceof BootwrightError) || error.code !== 'BW-MODULES-UNREADABLE') return error;
  const { excerpt } = error.occasion;
  return new BootwrightError(error.code, `It is one of stock's. ${error.message}`, {
    hint: `Get it again: give ${stockSources}.`,
    ...(excerpt === undefined ? {} : { excerpt }),
    cause: error,
  });
}

/**
 * Copies modules, unpacks them, and reads what decides whether they fit an image.
 *
 * @param from - folder of the stock modules
 * @param files - their names in it
 * @param folder - gets the copies
 * @param keys - those whose signatures are trusted
 * @returns what was read, by path
 * @throws BootwrightError `BW-MODULES-UNREADABLE`, `BW-STOCK-NOT` (one of them twice), `BW-TOOL-MISSING`
 */
export async function copyModules(
  ...request: Parameters<typeof copyAndRead>
): Promise<Map<string, ModuleFacts>> {
  try {
    return await copyAndRead(...request);
  } catch (error) {
    throw explainDamage(error);
  }
}

async function copyAndRead(
  from: string,
  files: readonly string[],
  folder: string,
  keys: readonly KeyObject[],
  step: Step,
  signal?: AbortSignal,
): Promise<Map<string, ModuleFacts>> {
  for (const file of files) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await copyFile(join(from, file), join(folder, file));
  }
  await unpackModuleFiles(
    files.map((file) => join(folder, file)),
    signal,
  );
  const facts = new Map<string, ModuleFacts>();
  const waiting = [...files].reverse();
  const reader = async (): Promise<void> => {
    for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
      signal?.throwIfAborted();
      const path = file.replace(/\.(gz|xz|zst)$/, '');
      const read = readModuleFacts(path, await readFile(join(folder, path)), {
        keys,
        rebuilt: false,
      });
      if (facts.has(path)) {
        throw new BootwrightError('BW-STOCK-NOT', `"${path}" is in "${from}" twice.`);
      }
      facts.set(path, read);
      step.progress({ done: facts.size, total: files.length, unit: 'modules', current: read.name });
    }
  };
  await Promise.all(Array.from({ length: readersAtOnce }, reader));
  return new Map([...facts].sort(([one], [other]) => (one < other ? -1 : 1)));
}
