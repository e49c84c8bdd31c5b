import { join } from 'node:path';
import {
  type KernelModule,
  ModuleFormatError,
  modinfoValue,
  readKernelModule,
} from '../../formats/elf-kmod/index.ts';
import { moduleName, readModuleFile } from '../../kernel/modules/module-file.ts';
import { listModuleFiles } from '../../kernel/stock/index.ts';
import { BootwrightError } from '../../system/errors/index.ts';
import type { Step } from '../../system/progress.ts';

/** A stock module, as far as its price goes. */
export interface SizedModule {
  /** In stock's folder of modules, without the ending of its packing. */
  readonly path: string;
  /** Code and data that would be in the image, in bytes. */
  readonly bytes: number;
  /** Names of the modules that it needs. */
  readonly depends: readonly string[];
}

/** What only a module has: built in, the same driver does without. */
const ofModulesAlone =
  /^(?:\.modinfo|__versions?|__version_ext_.*|\.gnu\.linkonce\.this_module|\.note.*)$/;

/** The bytes of a module that its driver has as part of an image, too: what is loaded into memory. */
export function imageBytes({ sections }: Pick<KernelModule, 'sections'>): number {
  return sections
    .filter(({ name, isAllocated }) => isAllocated && !ofModulesAlone.test(name))
    .reduce((sum, { size }) => sum + size, 0);
}

async function measure(folder: string, file: string, signal?: AbortSignal): Promise<SizedModule> {
  const bytes = await readModuleFile(join(folder, file), signal);
  try {
    const module = readKernelModule(bytes);
    return {
      path: file.replace(/\.(gz|xz|zst)$/, ''),
      bytes: imageBytes(module),
      depends: (modinfoValue(module, 'depends') ?? '')
        .split(',')
        .filter((name) => name !== '')
        .map((name) => name.replaceAll('-', '_')),
    };
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
}

/**
 * Measures modules of stock, and all that these need.
 *
 * @param folder - that of stock's modules
 * @param names - of those to begin with; what stock has no module of is passed over
 * @throws BootwrightError `BW-MODULES-UNREADABLE`, `BW-TOOL-MISSING` for xz
 */
export async function measureModules(
  folder: string,
  names: Iterable<string>,
  step: Step,
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, SizedModule>> {
  const files = new Map((await listModuleFiles(folder)).map((file) => [moduleName(file), file]));
  const measured = new Map<string, SizedModule>();
  const queue = [...new Set(names)].filter((name) => files.has(name));
  for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
    signal?.throwIfAborted();
    const file = files.get(name);
    if (file === undefined || measured.has(name)) continue;
    const module = await measure(folder, file, signal);
    measured.set(name, module);
    queue.push(...module.depends);
    const total = measured.size + queue.length;
    step.progress({ done: measured.size, total, unit: 'modules', current: name });
  }
  step.note(`${measured.size} modules`);
  return measured;
}
