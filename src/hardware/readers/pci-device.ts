import type { HardwareDevice } from '../device.ts';
import { type IdPair, pciModalias } from '../device-id.ts';

/** What a reader has gathered of a PCI device. */
export interface PciFacts {
  address: string;
  text: string;
  classCode?: string;
  ids?: IdPair;
  subsystem?: IdPair;
  interface?: string;
  drivers: string[];
}

/** A PCI address without the domain that nearly all machines have only one of. */
export function shortAddress(address: string): string {
  return address.toLowerCase().replace(/^0{4,8}:/, '');
}

/** `[8086:1572]` and `8086:1572` at the end of a text. */
export function idPairAtEnd(text: string): IdPair | undefined {
  const [, vendor, device] = /\[?\b([0-9a-f]{4}):([0-9a-f]{4})\]?$/i.exec(text) ?? [];
  if (vendor === undefined || device === undefined) return undefined;
  return { vendor: vendor.toLowerCase(), device: device.toLowerCase() };
}

/** Names of modules as lsmod shows them, out of `i40e, ixgbe`. */
export function moduleNames(text: string): string[] {
  return text
    .split(/[,\s]+/)
    .filter((name) => /^[\w-]{1,64}$/.test(name))
    .map((name) => name.replaceAll('-', '_'));
}

/** The device that the facts make. */
export function pciDevice({ address, text, drivers, ...facts }: PciFacts): HardwareDevice {
  const { ids, subsystem, classCode, interface: face } = facts;
  return {
    bus: 'pci',
    address: shortAddress(address),
    ...(ids === undefined ? {} : { ids }),
    ...(subsystem === undefined ? {} : { subsystem }),
    ...(classCode === undefined ? {} : { classCode }),
    ...(face === undefined ? {} : { interface: face }),
    modalias: ids === undefined ? '' : pciModalias({ ...ids, ...facts }),
    text,
    drivers: [...new Set(drivers)],
  };
}
