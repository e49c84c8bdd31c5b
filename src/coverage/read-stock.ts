import type { Bundle } from '../bundle/open.ts';
import { readStockIndex } from '../bundle/stock-index.ts';
import { isNetworkDriver } from '../hardware/index.ts';
import {
  indexStock,
  isNetbootTree,
  openStock,
  type StockKernel,
  stockSources,
} from '../kernel/stock/index.ts';
import { BootwrightError } from '../system/errors/index.ts';
import type { Step } from '../system/progress.ts';
import type { NetbootDrivers } from './netboot-drivers.ts';
import { networkDriversOf, type StockIndex } from './stock-index.ts';

/**
 * Which devices the network drivers of a stock kernel claim, by the index that the bundle keeps.
 *
 * @returns undefined for a bundle that keeps none
 * @throws BootwrightError as `readStockIndex` does
 */
export async function readKeptStock(
  bundle: Bundle,
  signal?: AbortSignal,
): Promise<StockIndex | undefined> {
  const index = await readStockIndex(bundle, signal);
  return index === undefined ? undefined : networkDriversOf(index);
}

/** What a stock kernel has to fit: its release, and what the netboot kernel of it has in its image. */
export interface StockFor {
  readonly manifest: {
    readonly target: { readonly kernelRelease: string };
    readonly promotion: { readonly promoted: readonly unknown[] };
  };
  readonly netboot: Pick<NetbootDrivers, 'builtIn'>;
}

/**
 * Reads which devices the network drivers of a stock kernel claim.
 *
 * @param paths - a folder of modules (or above one), or the kernel's packages
 * @throws BootwrightError `BW-STOCK-NOT` (no network driver), `BW-STOCK-IS-NETBOOT`, and as
 *   `openStock` and `indexStock` do
 */
export async function readStock(
  paths: readonly string[],
  bundle: StockFor,
  step: Step,
  signal?: AbortSignal,
): Promise<StockIndex> {
  const abortable = signal === undefined ? {} : { signal };
  await using stock = await openStock({
    paths,
    parts: ['network-drivers', 'indexes'],
    release: bundle.manifest.target.kernelRelease,
    ...abortable,
  });
  return await readStockTree(stock, bundle, step, signal);
}

/**
 * Like {@link readStock}, for a stock kernel that is open: with the parts `network-drivers` and
 * `indexes`, or more.
 */
export async function readStockTree(
  stock: StockKernel,
  { manifest: { promotion }, netboot }: StockFor,
  step: Step,
  signal?: AbortSignal,
): Promise<StockIndex> {
  const abortable = signal === undefined ? {} : { signal };
  const index = await indexStock(stock, { only: isNetworkDriver, step, ...abortable });
  if (promotion.promoted.length > 0 && isNetbootTree(index, [...netboot.builtIn.values()])) {
    throw new BootwrightError(
      'BW-STOCK-IS-NETBOOT',
      `"${stock.modules}" has built in what the bundle has built in: these are the modules of a netboot kernel, not of stock.`,
      { hint: `Give --stock with ${stockSources}.` },
    );
  }
  if (index.modules.length === 0 && index.builtIn.length === 0) {
    throw new BootwrightError('BW-STOCK-NOT', `"${stock.modules}" has no network driver.`, {
      hint: `Give --stock with ${stockSources}.`,
    });
  }
  step.note(`${index.modules.length} network drivers`);
  return networkDriversOf(index);
}
