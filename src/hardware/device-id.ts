/** Numbers of a vendor and its product, four hexadecimal digits each, in lower case. */
export interface IdPair {
  readonly vendor: string;
  readonly device: string;
}

/** What a PCI device says of itself. */
export interface PciIds extends IdPair {
  /** Of the board; absent where what was read does not say it. */
  readonly subsystem?: IdPair;
  /** Class and subclass, four hexadecimal digits: `0200` is an Ethernet controller. */
  readonly classCode?: string;
  /** Two hexadecimal digits; of network controllers nearly always `00`. */
  readonly interface?: string;
}

/** Stands in a modalias for a digit that is not known: no pattern but a wildcard matches it. */
const unknownDigit = 'X';

const long = (digits: string): string => `0000${digits.toUpperCase()}`;

/**
 * The modalias of a PCI device as the kernel's `pci_uevent` writes it
 * (`pci:v00008086d00001572sv…sd…bc02sc00i00`), with `X` for digits that are not known.
 */
export function pciModalias(ids: PciIds): string {
  const unknown = unknownDigit.repeat(8);
  const { subsystem, classCode = unknownDigit.repeat(4) } = ids;
  return [
    `pci:v${long(ids.vendor)}d${long(ids.device)}`,
    `sv${subsystem === undefined ? unknown : long(subsystem.vendor)}`,
    `sd${subsystem === undefined ? unknown : long(subsystem.device)}`,
    `bc${classCode.slice(0, 2).toUpperCase()}sc${classCode.slice(2).toUpperCase()}`,
    `i${(ids.interface ?? '00').toUpperCase()}`,
  ].join('');
}

/** Reads the modalias of a PCI device; undefined if it is none. */
export function parsePciModalias(modalias: string): PciIds | undefined {
  const pattern =
    /^pci:v0000([0-9A-F]{4})d0000([0-9A-F]{4})sv0000([0-9A-F]{4})sd0000([0-9A-F]{4})bc([0-9A-F]{2})sc([0-9A-F]{2})i([0-9A-F]{2})$/i;
  const match = pattern.exec(modalias);
  if (match === null) return undefined;
  const [vendor = '', device = '', svendor = '', sdevice = '', base = '', sub = '', face = ''] =
    match.slice(1).map((digits) => digits.toLowerCase());
  return {
    vendor,
    device,
    subsystem: { vendor: svendor, device: sdevice },
    classCode: base + sub,
    interface: face,
  };
}

/** Whether a modalias has digits that are not known. */
export function isPartlyKnown(modalias: string): boolean {
  return /^(pci|usb):.*X/.test(modalias);
}

/**
 * A driver's pattern without what a person's list of devices often does not tell: of a PCI device,
 * the board; of a USB device, all but vendor and product.
 */
export function withoutDetails(pattern: string): string {
  return pattern
    .replace(/^(pci:v[0-9A-F*]+d[0-9A-F*]+)sv[0-9A-F*]+sd[0-9A-F*]+bc/, '$1sv*sd*bc')
    .replace(/^(usb:v[0-9A-F]{4}p[0-9A-F]{4})d.*$/, '$1d*');
}

/** The modalias of a USB device of which only the ids are known, with `X` for all other digits. */
export function usbModalias({ vendor, device }: IdPair): string {
  const rest = ['d____', 'dc__', 'dsc__', 'dp__', 'ic__', 'isc__', 'ip__', 'in__'].join('');
  const ids = `usb:v${vendor.toUpperCase()}p${device.toUpperCase()}`;
  return ids + rest.replaceAll('_', unknownDigit);
}

/** The ids of a USB device by its modalias; undefined if it is none. */
export function parseUsbModalias(modalias: string): IdPair | undefined {
  const [, vendor, device] = /^usb:v([0-9A-F]{4})p([0-9A-F]{4})d/i.exec(modalias) ?? [];
  if (vendor === undefined || device === undefined) return undefined;
  return { vendor: vendor.toLowerCase(), device: device.toLowerCase() };
}

/** A device id that a driver claims, by the bus that has it. */
export interface ClaimedId {
  /** What stands before the first colon: `pci`, `usb`, `virtio`. */
  readonly bus: string;
  /** As a person writes it: `8086:1572`, `14e4:16d6 board 1028:*`; else the rest of the alias. */
  readonly id: string;
}

function shortId(digits: string): string {
  return digits === '*' ? '*' : digits.slice(-4).toLowerCase();
}

/** Aliases that name a file in /dev, for which a module is loaded, and no device. */
const noBuses: readonly string[] = ['devname'];

/**
 * The device id in an alias pattern of a module; undefined for an alias that names no device, such
 * as `fs-nfs` or `net-pf-10`.
 */
export function claimedId(pattern: string): ClaimedId | undefined {
  const colon = pattern.indexOf(':');
  if (colon < 1) return undefined;
  // ACPI's begin with "acpi*:", which is the same bus.
  const bus = pattern.slice(0, colon).replace(/\*$/, '');
  if (noBuses.includes(bus)) return undefined;
  const pci =
    /^pci:v([0-9A-F]+|\*)d([0-9A-F]+|\*)sv([0-9A-F]+|\*)sd([0-9A-F]+|\*)bc(.*?)sc(.*?)i/.exec(
      pattern,
    );
  if (pci !== null) {
    const [vendor = '', device = '', svendor = '', sdevice = ''] = pci.slice(1, 5).map(shortId);
    const [, , , , , base = '*', sub = '*'] = pci;
    const board = svendor === '*' && sdevice === '*' ? '' : ` board ${svendor}:${sdevice}`;
    // An id of its own says all; only where there is none does the class choose.
    const kind = device === '*' && base !== '*' ? ` class ${base}${sub}`.toLowerCase() : '';
    return { bus, id: `${vendor}:${device}${board}${kind}` };
  }
  const usb = /^usb:v([0-9A-F]{4}|\*)p([0-9A-F]{4}|\*)d/.exec(pattern);
  if (usb?.[1] !== undefined && usb[2] !== undefined && usb[1] !== '*') {
    return { bus, id: `${shortId(usb[1])}:${shortId(usb[2])}` };
  }
  return { bus, id: pattern.slice(colon + 1) };
}
