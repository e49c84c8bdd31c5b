import type { Change } from '../bundle/promotion.ts';
import { isInNetworkMenu } from '../hardware/index.ts';
import type { NetbootDrivers } from './netboot-drivers.ts';

/** Where a driver is in a bundle: in its image, among its modules, or nowhere. */
export type DriverPlace = 'built-in' | 'module' | 'absent';

/** Where a bundle has a driver, and why not in the image. */
export interface DriverState {
  readonly module: string;
  readonly place: DriverPlace;
  /** Empty for a driver that is in the image. */
  readonly reason: string;
  /** `file:line` of the Kconfig line that the reason is about; empty if there is none. */
  readonly location: string;
}

const plain = (name: string): string => name.replaceAll('_', '').toLowerCase();

/**
 * The change that is about a module. The bundle does not say which symbol a module is compiled for,
 * so it is found by its name: `NETDEVSIM` is netdevsim, `CAN_PEAK_PCI` is peak_pci.
 */
export function changeOf(module: string, changes: readonly Change[]): Change | undefined {
  const name = plain(module);
  return (
    changes.find(({ symbol }) => plain(symbol) === name) ??
    changes.find(({ symbol }) => symbol.toLowerCase().endsWith(`_${module}`))
  );
}

/**
 * Where a bundle has a driver.
 *
 * @param path - of the module in stock's folder of modules, if it is known
 */
export function driverState(
  module: string,
  path: string | undefined,
  netboot: NetbootDrivers,
): DriverState {
  if (netboot.builtIn.has(module)) {
    return { module, place: 'built-in', reason: '', location: '' };
  }
  const place = netboot.modules.has(module) ? 'module' : 'absent';
  const change = changeOf(module, netboot.leftOut);
  if (change !== undefined) {
    const { symbol, reason, location } = change;
    return { module, place, reason: `${symbol}: ${reason}`, location: location ?? '' };
  }
  const where = path ?? netboot.modules.get(module) ?? '';
  const reason = isInNetworkMenu(where)
    ? `the promotion (scope ${netboot.scope}) names no symbol that is called like it`
    : 'not of the menu Network device support, so not promoted';
  return { module, place, reason, location: '' };
}
