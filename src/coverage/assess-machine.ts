import {
  type HardwareDevice,
  indexAliases,
  isNetworkDevice,
  isNetworkDriver,
  isPartlyKnown,
  type ModuleAlias,
  type NetworkKind,
  networkKind,
  networkModalias,
  virtualDriver,
  withoutDetails,
} from '../hardware/index.ts';
import { type DriverFirmware, driverFirmware } from './driver-firmware.ts';
import { type DriverState, driverState } from './driver-state.ts';
import type { NetbootDrivers } from './netboot-drivers.ts';
import type { StockIndex } from './stock-index.ts';

/** What links a driver with a device. */
export type Evidence =
  /** The driver claims the device's ids. */
  | 'id'
  /** It claims them for some boards, and which board this is was not told. */
  | 'some-boards'
  /** The device is a virtual one, for which there is but one driver. */
  | 'interface'
  /** It was named as the driver of the device on the system that this was read on. */
  | 'name';

/** A driver for a device of the machine. */
export interface DeviceDriver extends DriverState {
  readonly evidence: Evidence;
}

/** What becomes of a network device under a bundle's kernel. */
export type DeviceState =
  /** A driver for it is in the image. */
  | 'built-in'
  /** A driver for it is in the initramfs of a wrapped kernel. */
  | 'initramfs'
  /** A module drives it, which lies on the far side of the network. */
  | 'module'
  /** The kernel has no driver for it. */
  | 'absent'
  /** Without the ids of stock's drivers, nobody can tell. */
  | 'unknown';

/** A network device of a machine, and what drives it. */
export interface CoveredDevice {
  readonly device: HardwareDevice;
  readonly kind: NetworkKind;
  readonly state: DeviceState;
  /** The one that decides comes first. */
  readonly drivers: readonly DeviceDriver[];
  /** The machine can boot over it: by a cable, with all that it takes in the image. */
  readonly netboots: boolean;
  /** What its driver loads into it, if that is known. */
  readonly firmware?: DriverFirmware;
  /** What else is to be known, as a sentence without its full stop; empty if there is nothing. */
  readonly note: string;
}

export type Verdict = 'netboots' | 'does-not' | 'unknown' | 'no-network-device';

/** Whether a machine netboots with a bundle, and by what. */
export interface MachineCoverage {
  readonly devices: readonly CoveredDevice[];
  readonly verdict: Verdict;
}

/** Drivers of the buses that a network device may sit on: one of them has to be in the image. */
export const transports: Readonly<Record<string, readonly string[]>> = {
  virtio: ['virtio_pci', 'virtio_mmio', 'virtio_ccw'],
  vmbus: ['hv_vmbus'],
  usb: ['xhci_pci', 'xhci_hcd', 'ehci_pci', 'ehci_hcd', 'ohci_pci', 'uhci_hcd'],
};

const rank = ({ place }: DriverState): number =>
  ['built-in', 'initramfs', 'module', 'absent'].indexOf(place);

/** Whether a driver is there before the root is. */
const isEarly = (place: DeviceState): boolean => place === 'built-in' || place === 'initramfs';

/** Finds the modules that claim a device. */
function finder(aliases: readonly ModuleAlias[]) {
  const exact = indexAliases(aliases);
  const byIdAlone = indexAliases(
    aliases.map(({ pattern, module }) => ({ pattern: withoutDetails(pattern), module })),
  );
  return (device: HardwareDevice): { modules: readonly string[]; evidence: Evidence } => {
    const modalias = networkModalias(device);
    const modules = modalias === '' ? [] : exact.lookup(modalias);
    if (modules.length > 0 || !isPartlyKnown(modalias)) return { modules, evidence: 'id' };
    // A USB device has interfaces of several kinds: one of them is the one that the driver wants.
    const evidence = device.bus === 'usb' ? 'id' : 'some-boards';
    return { modules: byIdAlone.lookup(modalias), evidence };
  };
}

/** A virtio card shows up as a PCI device and as the virtio device in it: one card, told once. */
function withoutInnerDevices(devices: readonly HardwareDevice[]): readonly HardwareDevice[] {
  const isVirtio = (device: HardwareDevice): boolean =>
    networkModalias(device).startsWith('virtio:');
  const cards = devices.filter((device) => device.bus === 'pci' && isVirtio(device));
  return cards.length === 0
    ? devices
    : devices.filter((device) => device.bus === 'pci' || !isVirtio(device));
}

/** A USB device has an interface for each of its functions: `2-1:1.0`, `2-1:1.1`. */
function oncePerUsbDevice(devices: readonly CoveredDevice[]): readonly CoveredDevice[] {
  const seen = new Set<string>();
  return devices.filter(({ device: { bus, address } }) => {
    if (bus !== 'usb' || address === '') return true;
    const [port = ''] = address.split(':');
    if (seen.has(port)) return false;
    seen.add(port);
    return true;
  });
}

/** What is to be known of the firmware of a device. */
function firmwareNote({ embedded, gaps }: DriverFirmware): string {
  if (gaps.length === 0) return `with firmware: ${embedded.join(', ')}`;
  const missing = gaps.flatMap((gap) => gap.missing).join(', ');
  const consequences = gaps.flatMap((gap) => gap.consequences).join('; ');
  const some = embedded.length === 0 ? '' : ', if its chip asks for that';
  return `firmware missing in the image: ${missing}: ${consequences}${some}`;
}

function noteOf(
  kind: NetworkKind,
  driver: DeviceDriver | undefined,
  transport: string,
  firmware: DriverFirmware | undefined,
): string {
  if (kind === 'wireless') return 'wireless: the kernel by itself joins no such network';
  if (driver === undefined) return '';
  if (kind === 'infiniband') return 'InfiniBand: netboots only by a port that is set to Ethernet';
  if (transport !== '') return `the driver of its bus is no part of the image (${transport})`;
  if (!isEarly(driver.place)) return driver.reason;
  if (driver.evidence === 'some-boards') {
    return 'only some boards with this id: give the output of "lspci -nnk", which tells the board';
  }
  const guess =
    driver.evidence === 'name' ? ['by the name of its driver alone, not by its id'] : [];
  return [...guess, ...(firmware === undefined ? [] : [firmwareNote(firmware)])].join('; ');
}

/**
 * Says which network devices of a machine a bundle's kernel drives by itself.
 *
 * @param devices - of the machine, those of other kinds among them
 * @param stock - what stock's drivers claim; without it, only what drivers are called can be told
 */
export function assessMachine(
  devices: readonly HardwareDevice[],
  netboot: NetbootDrivers,
  stock: StockIndex | undefined,
): MachineCoverage {
  return machineAssessor(netboot, stock)(devices);
}

/** What {@link assessMachine} does, for many machines: the drivers' ids are sorted but once. */
export function machineAssessor(
  netboot: NetbootDrivers,
  stock: StockIndex | undefined,
): (devices: readonly HardwareDevice[]) => MachineCoverage {
  const stockDrivers = [...(stock?.drivers ?? []), ...(stock?.builtIn ?? [])];
  const paths = new Map([
    ...netboot.modules,
    ...netboot.initramfs,
    ...netboot.builtIn,
    ...stockDrivers.map(({ module, path }) => [module, path] as const),
  ]);
  const find = finder([
    ...stockDrivers.flatMap(({ module, aliases }) =>
      aliases.map((pattern) => ({ pattern, module })),
    ),
    ...netboot.aliases,
  ]);
  // Where a driver's ids are known, that it does not claim a device counts for more than its name.
  const known = new Set(
    stockDrivers.flatMap(({ module, aliases }) => (aliases.length > 0 ? [module] : [])),
  );
  const isOurs = (module: string): boolean => isNetworkDriver(paths.get(module) ?? '');

  const cover = (device: HardwareDevice): CoveredDevice | undefined => {
    const isNetwork = isNetworkDevice(device);
    const claimed = find(device);
    const virtual = virtualDriver(networkModalias(device));
    const evidence = new Map<string, Evidence>();
    for (const module of claimed.modules) {
      if (isNetwork || isOurs(module)) evidence.set(module, claimed.evidence);
    }
    const mayDrive = (module: string): boolean =>
      !evidence.has(module) && !known.has(module) && isOurs(module);
    if (virtual !== undefined && mayDrive(virtual)) evidence.set(virtual, 'interface');
    for (const module of device.drivers.filter(mayDrive)) evidence.set(module, 'name');
    if (!isNetwork && evidence.size === 0) return undefined;
    const drivers = Array.from(evidence, ([module, by]) => ({
      ...driverState(module, paths.get(module), netboot),
      evidence: by,
    })).sort((a, b) => rank(a) - rank(b));
    const [best] = drivers;
    const kind = networkKind(
      device,
      drivers.map(({ module }) => paths.get(module) ?? ''),
    );
    const bus = networkModalias(device).split(':')[0] ?? '';
    const needed = transports[bus] ?? [];
    const isThere = (module: string): boolean =>
      netboot.builtIn.has(module) || netboot.initramfs.has(module);
    const lacksBus = needed.length > 0 && !needed.some(isThere);
    const transport = lacksBus ? needed.join(', ') : '';
    const early =
      best !== undefined && isEarly(best.place) ? (lacksBus ? 'module' : best.place) : undefined;
    const firmware = best === undefined ? undefined : driverFirmware(best.module, netboot);
    const missing = stock === undefined ? 'unknown' : 'absent';
    const state = early ?? (best?.place === 'module' ? 'module' : missing);
    return {
      device,
      kind,
      state,
      drivers,
      netboots:
        isEarly(state) &&
        (kind === 'ethernet' || kind === 'other') &&
        best?.evidence !== 'some-boards' &&
        firmware?.forbidsLink !== true,
      ...(firmware === undefined ? {} : { firmware }),
      note: noteOf(kind, best, transport, firmware),
    };
  };
  return (devices) => {
    const covered = oncePerUsbDevice(
      withoutInnerDevices(devices).flatMap((device) => cover(device) ?? []),
    );
    return { devices: covered, verdict: verdictOf(covered) };
  };
}

function verdictOf(devices: readonly CoveredDevice[]): Verdict {
  if (devices.length === 0) return 'no-network-device';
  if (devices.some(({ netboots }) => netboots)) return 'netboots';
  const isOpen = ({ state, kind, drivers }: CoveredDevice): boolean =>
    kind !== 'wireless' &&
    (state === 'unknown' || (isEarly(state) && drivers[0]?.evidence === 'some-boards'));
  return devices.some(isOpen) ? 'unknown' : 'does-not';
}
