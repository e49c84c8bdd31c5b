import type { HardwareDevice, SystemName } from '../device.ts';
import { type IdPair, usbModalias } from '../device-id.ts';
import { moduleNames, pciDevice, shortAddress } from './pci-device.ts';

/** What lshw(1) says of a network device, in either of its forms. */
export interface LshwNetwork {
  readonly description: string;
  readonly product: string;
  readonly vendor: string;
  /** `pci@0000:3b:00.0` */
  readonly businfo: string;
  readonly driver: string;
}

/** `[8086:1572]` in a product's name, as `lshw -numeric` adds it; USB ids come without zeros. */
const numeric = / ?\[([0-9a-f]{1,4}):([0-9a-f]{1,4})\]/i;

function idsIn(product: string): IdPair | undefined {
  const [, vendor, device] = numeric.exec(product) ?? [];
  if (vendor === undefined || device === undefined) return undefined;
  const padded = (digits: string): string => digits.padStart(4, '0').toLowerCase();
  return { vendor: padded(vendor), device: padded(device) };
}

/** The modalias of a network device that is no PCI device; empty where lshw does not say enough. */
function modaliasOf(bus: string, ids: IdPair | undefined): string {
  if (bus === 'virtio') return 'virtio:d00000001v00001AF4';
  return bus === 'usb' && ids !== undefined ? usbModalias(ids) : '';
}

/** The device that lshw describes. */
export function lshwDevice(network: LshwNetwork): HardwareDevice {
  const { description, product, vendor, businfo, driver } = network;
  const at = businfo.indexOf('@');
  const bus = at === -1 ? '' : businfo.slice(0, at);
  const address = businfo.slice(at + 1);
  const ids = idsIn(product);
  const maker = vendor.replace(/ ?\[[0-9a-f]{1,4}\]$/i, '');
  const name = [maker, product.replace(numeric, '')].filter((part) => part !== '').join(' ');
  const radio = /wireless/i.test(description) ? ` (${description})` : '';
  const text = name === '' ? description : name + radio;
  const drivers = moduleNames(driver);
  const isNetwork = true;
  if (bus === 'pci') {
    const device = pciDevice({ address, text, drivers, ...(ids === undefined ? {} : { ids }) });
    return { ...device, isNetwork };
  }
  return {
    bus,
    address: shortAddress(address),
    ...(ids === undefined ? {} : { ids }),
    modalias: modaliasOf(bus, ids),
    text,
    drivers,
    isNetwork,
  };
}

/** Reads what `lshw` prints as text: of its tree, the sections `*-network`, and the machine's name. */
export function readLshw(lines: readonly string[]): {
  readonly devices: HardwareDevice[];
  readonly system?: SystemName;
} {
  const first = lines.findIndex((line) => /^\*-[a-z]/.test(line));
  if (first === -1) return { devices: [] };
  const sections: Map<string, string>[] = [];
  let isNetwork = false;
  const machine = new Map<string, string>();
  let current = machine;
  for (const line of lines) {
    const section = /^\*-([a-z]+)/.exec(line)?.[1];
    if (section !== undefined) {
      isNetwork = section === 'network';
      current = new Map();
      if (isNetwork) sections.push(current);
      continue;
    }
    const [, key, value] = /^([a-z][a-z ]{2,20}): (.*)$/.exec(line) ?? [];
    if (key !== undefined && value !== undefined && !current.has(key)) current.set(key, value);
  }
  const devices = sections.map((fields) =>
    lshwDevice({
      description: fields.get('description') ?? '',
      product: fields.get('product') ?? '',
      vendor: fields.get('vendor') ?? '',
      businfo: fields.get('bus info') ?? '',
      driver: /\bdriver=([\w-]+)/.exec(fields.get('configuration') ?? '')?.[1] ?? '',
    }),
  );
  const product = machine.get('product') ?? '';
  if (product === '') return { devices };
  return { devices, system: { vendor: machine.get('vendor') ?? '', product } };
}
