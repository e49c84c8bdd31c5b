import type { HardwareDevice } from '../hardware/index.ts';
import type { Purpose } from './purpose.ts';

/** What has to be there beside a device's own driver, though no device of the list says so. */
export interface Implied {
  /** What it is, behind the device's name: `SCSI disks behind it`. */
  readonly what: string;
  readonly modalias: string;
}

/** Drivers whose disks are SCSI disks for the kernel, libata's among them. */
const scsiHosts = /\/drivers\/(ata|scsi|message|ufs|usb\/storage)\/(?!.*\b(sd_mod|scsi_mod)\.ko)/;

/** PCI classes of controllers of which nearly all have SCSI disks, for those whose driver is not known. */
const scsiClasses = /^pci:.*bc01sc0[014567]/i;

const virtioPci = /^pci:v00001AF4d00001(0[0-7][0-9A-F])sv/i;

/** Transitional devices have numbers of their own (virtio specification, 4.1.2.3). */
const transitional: Readonly<Record<string, number>> = {
  '000': 1,
  '001': 2,
  '002': 5,
  '003': 3,
  '004': 8,
  '005': 4,
  '009': 9,
};

/** The modalias of the virtio device that a PCI device holds; undefined for one of another maker. */
function virtioModalias(modalias: string): string | undefined {
  const number = virtioPci.exec(modalias)?.[1];
  if (number === undefined) return undefined;
  const kind = transitional[number] ?? Number.parseInt(number, 16) - 0x40;
  if (kind < 1) return undefined;
  return `virtio:d${kind.toString(16).toUpperCase().padStart(8, '0')}v00001AF4`;
}

/**
 * What follows from a device and the modules that drive it.
 *
 * @param paths - of those modules
 */
export function impliedBy(
  device: HardwareDevice,
  purpose: Purpose,
  paths: readonly string[],
): readonly Implied[] {
  const implied: Implied[] = [];
  const { modalias, ids } = device;
  const inner = virtioModalias(modalias);
  if (inner !== undefined) implied.push({ what: 'the virtio device in it', modalias: inner });
  if (modalias.startsWith('virtio:')) {
    // Any of virtio's PCI devices: which it is does not matter to the driver of the bus.
    const bus = 'pci:v00001AF4d00001041sv00001AF4sd00001100bc00sc00i00';
    implied.push({ what: 'the bus that it sits on', modalias: bus });
  }
  if (purpose === 'disk') {
    const isScsi =
      paths.some((path) => scsiHosts.test(path)) ||
      inner === 'virtio:d00000008v00001AF4' ||
      (paths.length === 0 && inner === undefined && scsiClasses.test(modalias));
    if (isScsi) {
      implied.push({ what: 'SCSI disks behind it', modalias: 'scsi:t-0x00' });
    }
    if (paths.some((path) => /\/drivers\/ide\//.test(path))) {
      implied.push({ what: 'IDE disks behind it', modalias: 'ide:m-disk' });
    }
    if (paths.some((path) => /\/vmd\.ko$/.test(path))) {
      // It hides them from the system until it has a driver.
      const nvme = 'pci:v0000XXXXd0000XXXXsv0000XXXXsd0000XXXXbc01sc08i02';
      implied.push({ what: 'NVMe disks behind it', modalias: nvme });
    }
    if (paths.some((path) => /\/drivers\/mmc\/host\//.test(path))) {
      implied.push({ what: 'the card in it', modalias: 'mmc:block' });
    }
  }
  if (purpose === 'keyboard' && device.bus === 'usb' && ids !== undefined) {
    const [vendor, product] = [ids.vendor, ids.device].map((each) => each.toUpperCase());
    // Bus 3 is USB (include/uapi/linux/input.h), group 1 what has no driver of its own.
    const hid = `hid:b0003g0001v0000${vendor}p0000${product}`;
    implied.push({ what: 'the keyboard in it', modalias: hid });
  }
  return implied;
}

/** What PCI classes have as programming interface, where drivers ask for it and lspci did not tell. */
const usualInterfaces: Readonly<Record<string, readonly string[]>> = {
  '0101': ['80', '8A'],
  '0106': ['01'],
  '0108': ['02'],
  '0805': ['01'],
  '0c03': ['30', '20', '10', '00'],
};

/** The modaliases that a device may have: its own, or several where its interface was not told. */
export function possibleModaliases(device: HardwareDevice): readonly string[] {
  const { bus, modalias, classCode = '', interface: face } = device;
  if (modalias === '') return [];
  const usual = bus === 'pci' && face === undefined ? usualInterfaces[classCode] : undefined;
  return usual?.map((each) => modalias.replace(/i..$/, `i${each}`)) ?? [modalias];
}

/**
 * The drivers that each of some devices has in every kernel: to find among what stock has built in,
 * of which no ids are known.
 */
const usualDrivers: readonly { readonly pattern: RegExp; readonly drivers: readonly string[] }[] = [
  { pattern: /^pci:.*bc01sc06i01/i, drivers: ['ahci'] },
  { pattern: /^pci:.*bc01sc08i02/i, drivers: ['nvme'] },
  { pattern: /^pci:.*bc0Csc03i30/i, drivers: ['xhci_pci', 'xhci_hcd'] },
  { pattern: /^pci:.*bc0Csc03i20/i, drivers: ['ehci_pci', 'ehci_hcd'] },
  { pattern: /^pci:.*bc0Csc03i10/i, drivers: ['ohci_pci', 'ohci_hcd'] },
  { pattern: /^pci:.*bc0Csc03i00/i, drivers: ['uhci_hcd'] },
  { pattern: /^pci:v00001AF4d00001/i, drivers: ['virtio_pci'] },
  { pattern: /^virtio:d00000001v/i, drivers: ['virtio_net'] },
  { pattern: /^virtio:d00000002v/i, drivers: ['virtio_blk'] },
  { pattern: /^virtio:d00000008v/i, drivers: ['virtio_scsi'] },
  { pattern: /^scsi:t-0x/, drivers: ['sd_mod'] },
  { pattern: /^mmc:block/, drivers: ['mmc_block'] },
  { pattern: /^xen:vbd/, drivers: ['xen_blkfront'] },
  { pattern: /^xen:vif/, drivers: ['xen_netfront'] },
  { pattern: /^usb:.*ic08/, drivers: ['usb_storage'] },
  { pattern: /^usb:.*ic03/, drivers: ['usbhid'] },
  { pattern: /^hid:/, drivers: ['hid_generic'] },
  { pattern: /^serio:ty(01|06)/, drivers: ['atkbd'] },
];

/** The names of the drivers that a device has in every kernel; empty if there is no such rule. */
export function usualDriversOf(modalias: string): readonly string[] {
  return usualDrivers.find(({ pattern }) => pattern.test(modalias))?.drivers ?? [];
}
