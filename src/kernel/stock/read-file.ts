import { readModuleFile } from '../modules/module-file.ts';
import type { StockKernel } from './open.ts';
import type { StockFile } from './places.ts';

/**
 * Reads a text file of a stock kernel, unpacked if it is compressed (gzip, xz, zstd).
 *
 * @returns undefined if what was named does not have it
 * @throws BootwrightError `BW-MODULES-UNREADABLE` if it cannot be unpacked
 */
export async function readStockText(
  stock: StockKernel,
  part: Extract<StockFile, 'config' | 'system-map' | 'symvers'>,
  signal?: AbortSignal,
): Promise<{ readonly path: string; readonly text: string } | undefined> {
  const path = await stock.file(part);
  if (path === undefined) return undefined;
  const bytes = await readModuleFile(path, signal);
  return { path, text: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8') };
}
