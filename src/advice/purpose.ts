import {
  type HardwareDevice,
  isNetworkDevice,
  isNetworkDriver,
  networkKind,
} from '../hardware/index.ts';

/** What a device has to do with finding the root. */
export type Purpose =
  /** A disk, or what disks are joined to. */
  | 'disk'
  /** A USB host controller: for a disk, a network card or a keyboard there. */
  | 'usb'
  | 'network'
  /** For whoever types the passphrase of an encrypted root. */
  | 'keyboard';

/** What a device says of itself: by PCI class, USB interface class, or the form of its modalias. */
const byModalias: readonly { readonly pattern: RegExp; readonly purpose: Purpose }[] = [
  // 01: mass storage. 0805: SD host. 0c04: Fibre Channel. (pci.ids, "List of known device classes")
  { pattern: /^pci:.*bc(01sc|08sc05|0Csc04)/i, purpose: 'disk' },
  { pattern: /^pci:.*bc0Csc03/i, purpose: 'usb' },
  { pattern: /^virtio:d0000000[28]v/i, purpose: 'disk' },
  // Disks, and those that sd(4) drives like them: of include/scsi/scsi_proto.h 0, 7, 0xe, 0x14.
  { pattern: /^scsi:t-0x(00|07|0e|14)/, purpose: 'disk' },
  { pattern: /^mmc:block/, purpose: 'disk' },
  { pattern: /^xen:vbd/, purpose: 'disk' },
  { pattern: /^usb:.*ic08/, purpose: 'disk' },
  // A keyboard by the boot interface (HID 1.11, 4.2 and 4.3).
  { pattern: /^usb:.*ic03isc01ip01/, purpose: 'keyboard' },
  { pattern: /^serio:ty(01|06)/, purpose: 'keyboard' },
];

/** Where the kernel's sources have the drivers of each purpose. */
const byFolder: readonly { readonly pattern: RegExp; readonly purpose: Purpose }[] = [
  // CDs, tapes, changers, enclosures and floppy disks hold no root.
  {
    pattern:
      /\/drivers\/(?!(scsi\/(sr_mod|st|ch|ses|sg)|block\/floppy)\.ko)(ata|ide|scsi|nvme|block|mmc|memstick|message|ufs|nvdimm|usb\/storage)\//,
    purpose: 'disk',
  },
  { pattern: /\/drivers\/pci\/(controller|host)\/vmd\.ko/, purpose: 'disk' },
  { pattern: /\/drivers\/usb\/host\//, purpose: 'usb' },
  { pattern: /\/drivers\/(hid|input\/(serio|keyboard))\//, purpose: 'keyboard' },
];

/**
 * What a device has to do with finding the root; undefined for one that has nothing to do with it.
 *
 * @param paths - of the stock modules that claim it
 */
export function purposeOf(device: HardwareDevice, paths: readonly string[]): Purpose | undefined {
  const { modalias } = device;
  const own = byModalias.find(({ pattern }) => pattern.test(modalias))?.purpose;
  if (own !== undefined) return own;
  const drivers = paths.filter((path) => isNetworkDriver(path));
  if (isNetworkDevice(device) || drivers.length > 0) {
    return networkKind(device, drivers) === 'wireless' ? undefined : 'network';
  }
  for (const path of paths) {
    const found = byFolder.find(({ pattern }) => pattern.test(path));
    // Of input devices on other buses only keyboards count, and only these can be told.
    if (found !== undefined) return found.purpose;
  }
  return undefined;
}

/** Whether a module serves a purpose of a device, and is not another thing that it can do. */
export function serves(path: string, purpose: Purpose): boolean {
  // Drivers of buses are asked for by what sits on them.
  return (
    purpose !== 'network' || isNetworkDriver(path) || /\/drivers\/(virtio|hv|xen)\//.test(path)
  );
}
