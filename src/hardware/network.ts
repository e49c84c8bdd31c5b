import type { HardwareDevice } from './device.ts';

/** What a network device is joined by. */
export type NetworkKind = 'ethernet' | 'wireless' | 'infiniband' | 'other';

/** Device 1 of virtio is the network, whatever bus it comes by (virtio specification, 5.1). */
const virtioNetwork = 'virtio:d00000001v';

/** Network devices of hypervisors: one driver each, named by the interface itself. */
const virtualDevices: readonly { readonly start: string; readonly driver: string }[] = [
  { start: virtioNetwork, driver: 'virtio_net' },
  // HV_NIC_GUID of include/linux/hyperv.h, in the byte order of the modalias.
  { start: 'vmbus:635161f83edfc546913ff2d2f965ed0e', driver: 'hv_netvsc' },
  { start: 'xen:vif', driver: 'xen_netfront' },
];

/** PCI ids of virtio network cards: transitional and modern (virtio specification, 4.1.2). */
const virtioCards: readonly string[] = ['1af4:1000', '1af4:1041'];

/**
 * The modalias by which a network driver finds the device. That of a virtio card is claimed by the
 * driver of the transport, which makes a virtio device of it, and that is what virtio_net claims.
 */
export function networkModalias({ ids, modalias }: HardwareDevice): string {
  const isVirtio = ids !== undefined && virtioCards.includes(`${ids.vendor}:${ids.device}`);
  return isVirtio ? `${virtioNetwork}00001AF4` : modalias;
}

/** The driver of a hypervisor's network device; undefined for any other device. */
export function virtualDriver(modalias: string): string | undefined {
  return virtualDevices.find(({ start }) => modalias.startsWith(start))?.driver;
}

/**
 * Whether a device is one of a network by what was told of it: its PCI class (02, or 0d for
 * wireless), or a virtual device of a network. A USB device does not tell: that takes a driver that
 * claims it.
 */
export function isNetworkDevice(device: HardwareDevice): boolean {
  if (device.isNetwork === true) return true;
  if (virtualDriver(networkModalias(device)) !== undefined) return true;
  // 0280, "Network controller", is what most wireless cards say; 0d.. are the other radios.
  return /^02|^0d(11|20|21|80)$/.test(device.classCode ?? '');
}

/** What of Device Drivers > Network device support is compiled where. */
const menuFolders = /^kernel\/drivers\/(net|atm|isdn|s390\/net|ieee802154)\//;

/** Drivers of network devices that the kernel has elsewhere in its menus. */
const otherFolders =
  /^kernel\/drivers\/(infiniband\/hw\/|firewire\/firewire-net|message\/fusion\/mptlan|staging\/(rtl|r8\d|vt665|wlan|wilc|wfx|qlge|ks7010|octeon\/|p80211|prism))/;

/** Whether a module is of the menu Network device support, by where the kernel's sources have it. */
export function isInNetworkMenu(path: string): boolean {
  return menuFolders.test(path);
}

/** Whether a module is the driver of a network device, likewise. */
export function isNetworkDriver(path: string): boolean {
  return menuFolders.test(path) || otherFolders.test(path);
}

/** Whether a driver drives radios, by where the kernel's sources have it. */
function isWirelessDriver(path: string): boolean {
  return /\/drivers\/(net\/(wireless|wwan|ieee802154)|staging)\//.test(path);
}

/**
 * How a network device is joined.
 *
 * @param driverPaths - of the modules that claim it; they say more than the class does
 */
export function networkKind(device: HardwareDevice, driverPaths: readonly string[]): NetworkKind {
  const { classCode = '', text } = device;
  if (driverPaths.length > 0 && driverPaths.every(isWirelessDriver)) return 'wireless';
  if (classCode.startsWith('0d') || /\b(wireless|wi-?fi|wlan|802\.11)/i.test(text)) {
    return 'wireless';
  }
  if (classCode === '0207' || classCode === '0208') return 'infiniband';
  if (classCode === '0280' && driverPaths.length === 0) return 'wireless';
  if (classCode === '0200' || classCode === '' || classCode === '0280') return 'ethernet';
  return 'other';
}
