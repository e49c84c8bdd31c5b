import { isNetworkDriver } from '../hardware/index.ts';
import type { StockModuleIndex } from '../kernel/stock/index.ts';

/** A network driver of a stock kernel, and the devices that it claims. */
export interface StockDriver {
  /** With underscores, as lsmod shows it. */
  readonly module: string;
  /** Relative to the modules' folder, however it is packed: `kernel/drivers/net/…/e1000e.ko`. */
  readonly path: string;
  /** Patterns of modaliases, as MODULE_DEVICE_TABLE made them. */
  readonly aliases: readonly string[];
}

/**
 * The network devices that a stock kernel knows. It comes from the stock kernel's modules, since a
 * driver that is built in does not tell its ids (before 6.18, MODULE_DEVICE_TABLE is empty in code
 * that is built in).
 */
export interface StockIndex {
  /** Drivers that stock has as modules, by path. */
  readonly drivers: readonly StockDriver[];
  /** Drivers that stock itself has built in, by path; mostly without aliases. */
  readonly builtIn: readonly StockDriver[];
}

/** What of a stock kernel's modules drives network devices. */
export function networkDriversOf(index: Pick<StockModuleIndex, 'modules' | 'builtIn'>): StockIndex {
  const driversIn = (drivers: StockModuleIndex['builtIn']): readonly StockDriver[] =>
    drivers
      .filter(({ path }) => isNetworkDriver(path))
      .map(({ name, path, aliases }) => ({ module: name, path, aliases }));
  return { drivers: driversIn(index.modules), builtIn: driversIn(index.builtIn) };
}
