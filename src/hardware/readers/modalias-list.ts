import type { HardwareDevice } from '../device.ts';
import { parsePciModalias, parseUsbModalias } from '../device-id.ts';
import { shortAddress } from './pci-device.ts';

/** How the modaliases of the buses begin that devices sit on. */
const starts =
  /^(pci:v[0-9A-F]{8}d|usb:v[0-9A-F]{4}p|virtio:d[0-9A-F]{8}v|vmbus:[0-9a-f]{32}$|xen:\w+$|sdio:c|pcmcia:m|ssb:v|bcma:m|ccw:t|ccwgroup:|of:N|acpi:|platform:|pnp:d|hid:b|ieee1394:ven|isapnp|mdio:|i2c:|spi:|auxiliary:|input:|cpu:type|dmi:|thunderbolt:|tbsvc:|typec:|wmi:|serio:|scsi:|mmc:|hdaudio:|mei:|rmi:|nvmem|eisa:|parisc:|fsl-mc:v|ntb:|mhi:|rpmsg:|vio:T|ps3:)/;

/** Whether it is cut off: only of these two is the form fixed. */
function isWhole(alias: string): boolean {
  if (alias.startsWith('pci:')) return /i[0-9A-F]{2}$/i.test(alias);
  return !alias.startsWith('usb:') || /in([0-9A-F]{2}|\*)$/i.test(alias);
}

/** `/sys/bus/pci/devices/0000:3b:00.0/modalias` is of `3b:00.0`. */
function addressOf(path: string): string {
  return shortAddress(/([^/]+)\/(?:modalias|uevent)$/.exec(path)?.[1] ?? '');
}

/** The path and the alias in a line; undefined if it has none. */
function split(line: string): { path: string; alias: string } | undefined {
  const [, path = '', rest = line] =
    /^(\S*\/(?:modalias|uevent)):(?:\d+:)?\s*(.*)$/.exec(line) ?? [];
  const alias = rest.replace(/^(?:E: )?MODALIAS=/, '').replace(/^["']|["']$/g, '');
  return starts.test(alias) ? { path, alias } : undefined;
}

/**
 * Makes a device of its modalias.
 *
 * @param modalias - as /sys has it
 * @param told - what else is known of the device
 */
export function modaliasDevice(
  modalias: string,
  told: {
    readonly address?: string;
    readonly drivers?: readonly string[];
    readonly text?: string;
  } = {},
): HardwareDevice {
  const { address = '', drivers = [], text = modalias } = told;
  const pci = parsePciModalias(modalias);
  const usb = parseUsbModalias(modalias);
  return {
    bus: modalias.slice(0, modalias.indexOf(':')),
    address,
    ...(usb === undefined ? {} : { ids: usb }),
    ...(pci === undefined ? {} : { ids: { vendor: pci.vendor, device: pci.device } }),
    ...(pci?.subsystem === undefined ? {} : { subsystem: pci.subsystem }),
    ...(pci?.classCode === undefined ? {} : { classCode: pci.classCode }),
    ...(pci?.interface === undefined ? {} : { interface: pci.interface }),
    modalias,
    text,
    drivers,
  };
}

/**
 * Reads modaliases of devices, one a line: by themselves, behind the path that grep(1) prints, or
 * as `MODALIAS=` of a uevent.
 */
export function readModaliases(lines: readonly string[]): HardwareDevice[] {
  const devices: HardwareDevice[] = [];
  for (const [index, line] of lines.entries()) {
    const found = split(line);
    if (found === undefined) continue;
    const { path, alias } = found;
    const next = lines[index + 1] ?? '';
    // A terminal that is too narrow breaks it.
    const whole =
      !isWhole(alias) && isWhole(alias + next) && split(next) === undefined ? alias + next : alias;
    if (/\s/.test(whole)) continue;
    devices.push(modaliasDevice(whole, { address: addressOf(path) }));
  }
  return devices;
}
