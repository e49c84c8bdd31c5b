import { type KeptStockIndex, parseStockIndex } from '../kernel/stock/index.ts';
import type { Bundle } from './open.ts';
import { readMembers } from './read-members.ts';

/**
 * Reads the index of the stock kernel's modules that a bundle keeps.
 *
 * @returns undefined for a bundle that was built without a stock kernel
 * @throws BootwrightError `BW-BUNDLE-MISSING-FILE`, `BW-BUNDLE-CORRUPT`, `BW-BUNDLE-NEWER-SCHEMA`
 */
export async function readStockIndex(
  bundle: Bundle,
  signal?: AbortSignal,
): Promise<KeptStockIndex | undefined> {
  const { stockIndex } = bundle.manifest;
  if (stockIndex === undefined) return undefined;
  const { path } = stockIndex;
  const members = await readMembers(bundle, [path], signal);
  return parseStockIndex(members.get(path)?.toString('utf8') ?? '', path);
}
