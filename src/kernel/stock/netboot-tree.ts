import { isNetworkDriver } from '../../hardware/index.ts';
import type { StockModuleIndex } from './module-index.ts';

/**
 * Whether what was given as a stock kernel's modules are those of a netboot kernel. It has the
 * `uname -r` of stock, and its tree looks like stock's but for what is missing there: the very
 * drivers that are asked about.
 *
 * @param netbootBuiltIn - paths in the `modules.builtin` of the netboot kernel that is asked about
 */
export function isNetbootTree(
  { builtIn }: Pick<StockModuleIndex, 'builtIn'>,
  netbootBuiltIn: readonly string[],
): boolean {
  const inImage = netbootBuiltIn.filter(isNetworkDriver);
  const inStock = new Set(builtIn.map(({ path }) => path));
  return inImage.length > 0 && inImage.every((path) => inStock.has(path));
}
