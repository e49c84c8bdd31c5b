import { join } from 'node:path';
import { ModuleFormatError, readKernelModule } from '../../formats/elf-kmod/index.ts';
import { BootwrightError } from '../../system/errors/index.ts';
import { moduleName, readModuleFile } from '../modules/module-file.ts';
import { listModuleFiles } from '../stock/index.ts';
import { type FirmwareRequest, sortRequests } from './request.ts';

/** Where a module's sources are, by its place among the modules: `drivers/net/…/bnx2`. */
function sourceOf(file: string): string {
  return file.replace(/^kernel\//, '').replace(/\.ko(\.(gz|xz|zst))?$/, '');
}

/**
 * Reads which blobs drivers ask for out of their modules of the stock kernel: for images that do not
 * tell (before 5.2).
 *
 * @param modules - folder of the stock modules
 * @param builtIn - names of the drivers in the image, with underscores
 * @throws BootwrightError `BW-MODULES-UNREADABLE`, `BW-TOOL-MISSING` for xz
 */
export async function readStockRequests(
  modules: string,
  builtIn: ReadonlySet<string>,
  signal?: AbortSignal,
): Promise<readonly FirmwareRequest[]> {
  const requests: FirmwareRequest[] = [];
  for (const file of await listModuleFiles(modules)) {
    const driver = moduleName(file);
    if (!builtIn.has(driver)) continue;
    signal?.throwIfAborted();
    const path = join(modules, file);
    const bytes = await readModuleFile(path, signal);
    try {
      for (const { key, value } of readKernelModule(bytes).modinfo) {
        if (key === 'firmware') requests.push({ driver, file: sourceOf(file), path: value });
      }
    } catch (error) {
      if (!(error instanceof ModuleFormatError)) throw error;
      throw new BootwrightError(
        'BW-MODULES-UNREADABLE',
        `"${path}" is no module: ${error.message}.`,
        { cause: error },
      );
    }
  }
  return sortRequests(requests);
}
