import type { Manifest } from '../bundle/manifest.ts';
import { openStock } from '../kernel/stock/index.ts';
import type { Step } from '../system/progress.ts';
import type { NetbootDrivers } from './netboot-drivers.ts';
import type { StockIndex } from './stock-index.ts';
import { readStockTree } from './stock-tree.ts';

/**
 * Reads which devices the network drivers of a stock kernel claim.
 *
 * @param paths - a folder of modules (or above one), or the kernel's packages
 * @throws BootwrightError as `openStock` and {@link readStockTree} do
 */
export async function readStock(
  paths: readonly string[],
  bundle: { readonly manifest: Manifest; readonly netboot: NetbootDrivers },
  step: Step,
  signal?: AbortSignal,
): Promise<StockIndex> {
  await using stock = await openStock({
    paths,
    parts: ['network-drivers', 'indexes'],
    release: bundle.manifest.target.kernelRelease,
    ...(signal === undefined ? {} : { signal }),
  });
  return await readStockTree(stock.modules, bundle, step, signal);
}
