import { claimedId, isNetworkDriver } from '../hardware/index.ts';
import { type FirmwareGap, firmwareGaps } from '../kernel/firmware/gaps.ts';
import { type DriverFirmware, driverFirmware } from './driver-firmware.ts';
import { type DriverPlace, type DriverState, driverState } from './driver-state.ts';
import type { NetbootDrivers } from './netboot-drivers.ts';
import type { StockIndex } from './stock-index.ts';

/** A network driver of stock, where the bundle has it, and the devices that it claims. */
export interface CoveredDriver extends DriverState {
  /** In stock's folder of modules. */
  readonly path: string;
  /** Sorted; `bus id`, such as `pci 8086:1572`. */
  readonly ids: readonly string[];
  /** What it loads into its devices, of a driver in the image that is known to load something. */
  readonly firmware?: DriverFirmware;
}

/** How many of stock's drivers and device ids are somewhere. */
export interface Count {
  readonly drivers: number;
  readonly ids: number;
  /** Ids by bus. */
  readonly buses: Readonly<Record<string, number>>;
}

/** What of a stock kernel's network devices a bundle serves. */
export interface BundleCoverage {
  readonly counts: Readonly<Record<DriverPlace, Count>>;
  /** Stock's modules that drive network devices, by name. */
  readonly drivers: readonly CoveredDriver[];
  /** Built in by stock itself and by the bundle; their ids are not told, unless they are listed. */
  readonly stockBuiltIn: readonly CoveredDriver[];
}

function idsOf(aliases: readonly string[]): readonly string[] {
  const ids = aliases.flatMap((alias) => {
    const claimed = claimedId(alias);
    return claimed === undefined ? [] : [`${claimed.bus} ${claimed.id}`];
  });
  return [...new Set(ids)].sort();
}

function count(drivers: readonly CoveredDriver[]): Count {
  // Two drivers may claim the same device: it is one id.
  const ids = new Set(drivers.flatMap((driver) => driver.ids));
  const buses: Record<string, number> = {};
  for (const id of ids) {
    const bus = id.slice(0, id.indexOf(' '));
    buses[bus] = (buses[bus] ?? 0) + 1;
  }
  return { drivers: drivers.length, ids: ids.size, buses };
}

/** Says for each network driver of a stock kernel whether a bundle has it built in, and why not. */
export function assessBundle(netboot: NetbootDrivers, stock: StockIndex): BundleCoverage {
  const covered = (drivers: StockIndex['drivers']): readonly CoveredDriver[] =>
    drivers
      .map(({ module, path, aliases }) => {
        const firmware = driverFirmware(module, netboot);
        return {
          ...driverState(module, path, netboot),
          path,
          ids: idsOf(aliases),
          ...(firmware === undefined ? {} : { firmware }),
        };
      })
      .sort((a, b) => (a.module < b.module ? -1 : 1));
  const drivers = covered(stock.drivers);
  const at = (place: DriverPlace): Count => count(drivers.filter((each) => each.place === place));
  return {
    counts: {
      'built-in': at('built-in'),
      initramfs: at('initramfs'),
      module: at('module'),
      absent: at('absent'),
    },
    drivers,
    stockBuiltIn: covered(stock.builtIn),
  };
}

/** What a bundle says of its network drivers by itself, without a stock kernel beside it. */
export interface OwnDrivers {
  readonly builtIn: readonly string[];
  readonly initramfs: readonly string[];
  readonly modules: readonly DriverState[];
  /** The drivers in the image that lack firmware. */
  readonly gaps: readonly FirmwareGap[];
}

/** The network drivers of a bundle, without the devices that they claim. */
export function ownDrivers(netboot: NetbootDrivers): OwnDrivers {
  const network = (paths: ReadonlyMap<string, string>): readonly string[] =>
    [...paths].flatMap(([module, path]) => (isNetworkDriver(path) ? [module] : [])).sort();
  return {
    builtIn: network(netboot.builtIn),
    initramfs: network(netboot.initramfs),
    modules: network(netboot.modules)
      .map((module) => driverState(module, undefined, netboot))
      .filter(({ place }) => place === 'module'),
    gaps: firmwareGaps(netboot.firmware),
  };
}
