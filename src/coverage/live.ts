import { readFile, readlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type HardwareDevice, type HardwareReport, modaliasDevice } from '../hardware/index.ts';
import { BootwrightError, isSystemError } from '../system/errors/index.ts';
import { namesIn } from '../system/files.ts';

/** Buses that devices of a network sit on. */
const buses = ['pci', 'usb', 'virtio', 'vmbus', 'xen', 'sdio', 'pcmcia', 'ccwgroup'] as const;

/** What /sys says under a name; empty where it says nothing, or not to us. */
async function attribute(path: string): Promise<string> {
  try {
    return (await readFile(path, 'utf8')).trim();
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return '';
  }
}

/** The driver that is bound to a device: the name of its module where it has one. */
async function driverOf(device: string): Promise<readonly string[]> {
  for (const link of ['driver/module', 'driver']) {
    try {
      return [basename(await readlink(join(device, link))).replaceAll('-', '_')];
    } catch (error) {
      if (!isSystemError(error, 'ENOENT', 'EINVAL', 'ENOTDIR')) throw error;
    }
  }
  return [];
}

/**
 * Reads the devices of the machine that this runs on, out of /sys.
 *
 * @param sys - where sysfs is mounted, for tests
 * @throws BootwrightError `BW-HARDWARE-NO-SYSFS`
 */
export async function readLiveHardware(sys = '/sys'): Promise<HardwareReport> {
  const devices: HardwareDevice[] = [];
  for (const bus of buses) {
    const folder = join(sys, 'bus', bus, 'devices');
    for (const name of await namesIn(folder)) {
      const modalias = await attribute(join(folder, name, 'modalias'));
      if (!modalias.includes(':')) continue;
      const address = name.toLowerCase().replace(/^0000:/, '');
      const device = join(folder, name);
      const interfaces = await namesIn(join(device, 'net'));
      const text = [...interfaces, modalias].join(' ');
      devices.push(modaliasDevice(modalias, { address, drivers: await driverOf(device), text }));
    }
  }
  if (devices.length === 0) {
    throw new BootwrightError('BW-HARDWARE-NO-SYSFS', `"${sys}/bus" has no devices.`);
  }
  const dmi = join(sys, 'class/dmi/id');
  const vendor = await attribute(join(dmi, 'sys_vendor'));
  const product = await attribute(join(dmi, 'product_name'));
  const system = { vendor, product };
  return { ...(product === '' ? {} : { system }), formats: ['modalias'], devices };
}
