import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BootwrightError, isSystemError } from '../system/errors/index.ts';
import { sha256File } from '../system/files.ts';
import { run } from '../system/process.ts';
import { requireTool } from '../system/tools.ts';

/**
 * Reads a file of a module tree.
 *
 * @param folder - `lib/modules/RELEASE`
 * @throws BootwrightError `BW-PROOF-INPUT` if it is not there
 */
export async function readModulesFile(folder: string, name: string): Promise<string> {
  try {
    return await readFile(join(folder, name), 'utf8');
  } catch (error) {
    if (isSystemError(error, 'ENOENT', 'ENOTDIR')) {
      throw new BootwrightError('BW-PROOF-INPUT', `There is no ${name} in "${folder}".`, {
        cause: error,
        hint: 'The folder must be lib/modules/RELEASE of an installed module tree, after depmod.',
      });
    }
    throw error;
  }
}

/**
 * The SHA-256 digest of a kernel image.
 *
 * @throws BootwrightError `BW-PROOF-INPUT` if it is not there
 */
export async function digestImage(image: string): Promise<string> {
  try {
    return await sha256File(image);
  } catch (error) {
    if (isSystemError(error, 'ENOENT', 'ENOTDIR', 'EISDIR')) {
      throw new BootwrightError('BW-PROOF-INPUT', `There is no kernel image "${image}".`, {
        cause: error,
      });
    }
    throw error;
  }
}

/**
 * The first line of what QEMU says of its version.
 *
 * @throws BootwrightError `BW-TOOL-MISSING`
 */
export async function qemuVersion(): Promise<string> {
  const qemu = requireTool('qemu-system-x86_64', 'boot a machine in the lab');
  return (await run(qemu, ['--version'])).stdout.split('\n')[0] ?? '';
}
