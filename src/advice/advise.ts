import type { HardwareDevice } from '../hardware/index.ts';
import type { KeptStockIndex, StockBuiltIn, StockModule } from '../kernel/stock/index.ts';
import { type DeviceName, nameDevice, sortDevices } from './device.ts';
import { impliedBy, possibleModaliases, usualDriversOf } from './implied.ts';
import { type Companion, loadingOrder } from './loading-order.ts';
import { type Purpose, purposeOf, serves } from './purpose.ts';
import { isOverNetwork, modulesForRoot, type RootKind } from './root-on.ts';
import { type Claim, lookUpStock, type StockLookup } from './stock-lookup.ts';

/** Why a module belongs into the initramfs. */
export type Reason =
  | {
      /** It claims the device. */
      readonly kind: 'device';
      readonly device: DeviceName;
      readonly purpose: Purpose;
      /** The pattern that matched. */
      readonly alias: string;
      /** False where it claims only some boards, or interfaces, and which this is was not told. */
      readonly certain: boolean;
    }
  | {
      /** It claims what follows from the device. */
      readonly kind: 'implied';
      readonly device: DeviceName;
      readonly purpose: Purpose;
      /** `SCSI disks behind it`. */
      readonly what: string;
      readonly alias: string;
    }
  | {
      /** It was told with the device, on whatever system that was. */
      readonly kind: 'named';
      readonly device: DeviceName;
      readonly purpose: Purpose;
    }
  | {
      /** What the root is on takes it. */
      readonly kind: 'root';
      readonly on: RootKind;
    }
  | Companion;

/** A stock module that belongs into the initramfs. */
export interface AdvisedModule {
  readonly name: string;
  /** In stock's folder of modules. */
  readonly path: string;
  /** Its code is in the image of the netboot kernel, where it is no module. */
  readonly inNetbootImage: boolean;
  readonly reasons: readonly Reason[];
  /** Files that it may ask for, relative to /lib/firmware. */
  readonly firmware: readonly string[];
}

/** A driver that stock has built in. */
export interface BuiltInDriver {
  readonly name: string;
  readonly reasons: readonly Reason[];
}

/** A device by which the root may be found, and what drives it under the stock kernel. */
export interface AdvisedDevice {
  readonly device: DeviceName;
  readonly purpose: Purpose;
  readonly state:
    | 'module'
    | 'built-in'
    /** No stock module claims it: stock has no driver, or has it built in, where ids are not told. */
    | 'unknown';
  /** Names of modules, or of drivers in stock's image. */
  readonly drivers: readonly string[];
}

/** A device that is not needed to find the root. */
export interface LaterDevice {
  readonly device: DeviceName;
  /** What udev will load for it. */
  readonly modules: readonly string[];
}

/** What the initramfs of a machine needs of a stock kernel's modules. */
export interface Advice {
  /** In the order in which they are to be loaded; closed under dependencies. */
  readonly modules: readonly AdvisedModule[];
  readonly builtIn: readonly BuiltInDriver[];
  readonly devices: readonly AdvisedDevice[];
  readonly later: readonly LaterDevice[];
  /** What was asked for that stock has neither as a module nor in its image. */
  readonly missing: readonly RootKind[];
}

/** Which devices are looked at. */
function wantedPurposes(rootOn: readonly RootKind[]): ReadonlySet<Purpose> {
  // Whoever does not say where the root is gets all by which one can be found.
  if (rootOn.length === 0) return new Set(['disk', 'usb', 'network']);
  const wanted = new Set<Purpose>([isOverNetwork(rootOn) ? 'network' : 'disk']);
  if (rootOn.includes('luks')) wanted.add('keyboard');
  return wanted;
}

/** What was found, by name. */
interface Found {
  readonly modules: Map<string, { readonly module: StockModule; readonly reasons: Reason[] }>;
  readonly builtIn: Map<string, Reason[]>;
}

function addModule({ modules }: Found, module: StockModule, reason: Reason): void {
  const before = modules.get(module.name);
  if (before === undefined) modules.set(module.name, { module, reasons: [reason] });
  else before.reasons.push(reason);
}

function addBuiltIn({ builtIn }: Found, drivers: readonly StockBuiltIn[], reason: Reason): void {
  for (const { name } of drivers) builtIn.set(name, [...(builtIn.get(name) ?? []), reason]);
}

/** The modules that claim a device by its modalias, or by those that it may have. */
function claimsOf(device: HardwareDevice, stock: StockLookup): readonly Claim[] {
  const possible = possibleModaliases(device);
  const claims = possible.flatMap((modalias) => stock.claims(modalias));
  if (possible.length <= 1) return claims;
  // Which of several interfaces it has, the driver that it had elsewhere tells.
  const named = claims.filter(({ module }) => device.drivers.includes(module.name));
  const left = named.length > 0 ? named : claims;
  const isCertain = named.length > 0 || new Set(claims.map(({ module }) => module.name)).size === 1;
  const byName = new Map(left.map((claim) => [claim.module.name, claim]));
  return Array.from(byName.values(), (claim) => ({
    ...claim,
    certain: claim.certain && isCertain,
  }));
}

/** Each of some drivers once, by name. */
function once(drivers: readonly StockBuiltIn[]): readonly StockBuiltIn[] {
  return [...new Set(drivers)].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Stock's built-in drivers for some modaliases, by alias or as every kernel has them. */
function builtInFor(modaliases: readonly string[], stock: StockLookup): readonly StockBuiltIn[] {
  return once(
    modaliases.flatMap((modalias) => [
      ...stock.builtIn(modalias),
      ...usualDriversOf(modalias).flatMap((name) => stock.builtIn(name)),
    ]),
  );
}

/** Finds what drives one device, and what follows from it. */
function adviseDevice(
  device: HardwareDevice,
  purpose: Purpose,
  claims: readonly Claim[],
  stock: StockLookup,
  found: Found,
): AdvisedDevice {
  const name = nameDevice(device);
  const serving = claims.filter(({ module }) => serves(module.path, purpose));
  const drivers: StockModule[] = [];
  for (const { module, alias, certain } of serving) {
    drivers.push(module);
    addModule(found, module, { kind: 'device', device: name, purpose, alias, certain });
  }
  if (drivers.length === 0) {
    for (const module of device.drivers.flatMap((each) => stock.module(each) ?? [])) {
      drivers.push(module);
      addModule(found, module, { kind: 'named', device: name, purpose });
    }
  }
  const builtIn =
    drivers.length > 0
      ? []
      : once([
          ...builtInFor(possibleModaliases(device), stock),
          ...device.drivers.flatMap((each) => stock.builtIn(each)),
        ]);
  addBuiltIn(found, builtIn, { kind: 'named', device: name, purpose });
  const all = drivers.length > 0 ? drivers : builtIn;
  const paths = all.map(({ path }) => path);
  for (const { what, modalias } of impliedBy(device, purpose, paths)) {
    const reason = { kind: 'implied', device: name, purpose, what } as const;
    const behind = stock.claims(modalias).filter(({ module }) => serves(module.path, purpose));
    for (const { module, alias } of behind) addModule(found, module, { ...reason, alias });
    if (behind.length === 0) {
      addBuiltIn(found, builtInFor([modalias], stock), { ...reason, alias: modalias });
    }
  }
  return {
    device: name,
    purpose,
    state: drivers.length > 0 ? 'module' : builtIn.length > 0 ? 'built-in' : 'unknown',
    drivers: all.map((each) => each.name),
  };
}

/** Finds what a kind of root takes; false if stock has none of it. */
function adviseRoot(kind: RootKind, stock: StockLookup, found: Found): boolean {
  const reason: Reason = { kind: 'root', on: kind };
  const has = modulesForRoot(kind).map((name) => {
    const byFileSystem = `fs-${name}`;
    const [own, alias] = [stock.named(name), stock.named(byFileSystem)];
    const modules = own.length > 0 ? own : alias;
    for (const module of modules) {
      addModule(found, module, reason);
      // What a root over iSCSI lies on is a SCSI disk.
      if (kind !== 'iscsi') continue;
      for (const disk of stock.claims('scsi:t-0x00')) addModule(found, disk.module, reason);
    }
    if (modules.length > 0) return true;
    const builtIn = [name, byFileSystem].flatMap((each) => stock.builtIn(each));
    addBuiltIn(found, once(builtIn), reason);
    return builtIn.length > 0;
  });
  // The later ones of a list are not in every kernel.
  return has[0] === true;
}

/** Whether a device of a root's kind is joined by USB, so that its host controller counts too. */
const isOnUsb = ({ device }: AdvisedDevice): boolean => device.bus === 'usb';

/**
 * Says which stock modules the initramfs of a machine needs to find its root.
 *
 * @param devices - of the machine, in any order
 * @param rootOn - what the root is on; if that is not told, everything by which one can be found is
 *   looked at: disk controllers, USB hosts and network cards
 */
export function advise(
  devices: readonly HardwareDevice[],
  stock: KeptStockIndex,
  rootOn: readonly RootKind[] = [],
): Advice {
  const lookup = lookUpStock(stock);
  const found: Found = { modules: new Map(), builtIn: new Map() };
  const wanted = wantedPurposes(rootOn);
  const judged = sortDevices(devices).map((device) => {
    const claims = claimsOf(device, lookup);
    return {
      device,
      claims,
      purpose: purposeOf(
        device,
        claims.map(({ module }) => module.path),
      ),
    };
  });
  const advised: AdvisedDevice[] = [];
  const adviseAll = (isWanted: (purpose: Purpose) => boolean): void => {
    for (const { device, claims, purpose } of judged) {
      if (purpose === undefined || !isWanted(purpose)) continue;
      advised.push(adviseDevice(device, purpose, claims, lookup, found));
    }
  };
  adviseAll((purpose) => wanted.has(purpose));
  const usbCounts = !wanted.has('usb') && (wanted.has('keyboard') || advised.some(isOnUsb));
  if (usbCounts) adviseAll((purpose) => purpose === 'usb');
  const isAdvised = (purpose: Purpose | undefined): boolean =>
    purpose !== undefined && (wanted.has(purpose) || (usbCounts && purpose === 'usb'));
  const missing = [...new Set(rootOn)].sort().filter((kind) => !adviseRoot(kind, lookup, found));
  const promoted = new Set(Object.keys(stock.promoted));
  const seeds = [...found.modules.values()]
    .map(({ module }) => module)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const placed = loadingOrder(seeds, lookup);
  const names = new Set(placed.map(({ module }) => module.name));
  const later = judged.flatMap(({ device, claims, purpose }) => {
    const modules = claims.map(({ module }) => module.name).filter((name) => !names.has(name));
    return isAdvised(purpose) || modules.length === 0
      ? []
      : [{ device: nameDevice(device), modules }];
  });
  return {
    modules: placed.map(({ module, companionOf }) => ({
      name: module.name,
      path: module.path,
      inNetbootImage: promoted.has(module.name),
      reasons: [...(found.modules.get(module.name)?.reasons ?? []), ...companionOf],
      firmware: module.firmware,
    })),
    builtIn: [...found.builtIn]
      .map(([name, reasons]) => ({ name, reasons }))
      .sort((a, b) => (a.name < b.name ? -1 : 1)),
    devices: advised,
    later,
    missing,
  };
}
