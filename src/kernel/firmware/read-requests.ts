import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isSystemError } from '../../system/errors/index.ts';
import { type FirmwareRequest, parseBuiltInFirmware } from './request.ts';

/** What the image tells of its drivers, relative to the folder of its objects. */
const modinfoFile = 'modules.builtin.modinfo';

/**
 * Reads which blobs the drivers of a compiled image may ask for.
 *
 * @param objects - folder of the objects
 * @returns undefined if the image does not tell: before 5.2
 */
export async function readFirmwareRequests(
  objects: string,
): Promise<readonly FirmwareRequest[] | undefined> {
  try {
    return parseBuiltInFirmware(await readFile(join(objects, modinfoFile), 'latin1'));
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return undefined;
    throw error;
  }
}
