import type { HardwareDevice, HardwareFormat, HardwareReport } from './device.ts';
import { isPartlyKnown } from './device-id.ts';
import { HardwareTextError } from './error.ts';
import { readDmidecode } from './readers/dmidecode.ts';
import { readLshw } from './readers/lshw.ts';
import { readLshwJson } from './readers/lshw-json.ts';
import { readLspci } from './readers/lspci.ts';
import { readLspciLines, readLspciRecords } from './readers/lspci-machine.ts';
import { readModaliases } from './readers/modalias-list.ts';
import { decodeText, pastedLines } from './readers/text.ts';

/** Large servers have some hundred. */
const deviceLimit = 10_000;

/** Two accounts of one device: what the first does not say is taken from the second. */
function merged(first: HardwareDevice, second: HardwareDevice): HardwareDevice {
  const [more, less] = first.ids === undefined ? [second, first] : [first, second];
  const isModalias = more.text === more.modalias;
  const isOpen =
    isPartlyKnown(more.modalias) || (more.bus === 'pci' && more.interface === undefined);
  return {
    ...less,
    ...more,
    modalias: isOpen && less.modalias !== '' ? less.modalias : more.modalias,
    text: isModalias ? less.text : more.text,
    drivers: [...new Set([...first.drivers, ...second.drivers])],
  };
}

/** The devices with each told once, whatever number of programs told of it. */
function mergeDevices(devices: readonly HardwareDevice[]): readonly HardwareDevice[] {
  const byPlace = new Map<string, HardwareDevice>();
  for (const [index, device] of devices.entries()) {
    const place = device.address === '' ? `#${index}` : `${device.bus} ${device.address}`;
    const before = byPlace.get(place);
    const isOther =
      before?.ids !== undefined &&
      device.ids !== undefined &&
      (before.ids.vendor !== device.ids.vendor || before.ids.device !== device.ids.device);
    // Another device at the same place is that of another machine.
    if (isOther) byPlace.set(`${place} #${index}`, device);
    else byPlace.set(place, before === undefined ? device : merged(before, device));
  }
  return [...byPlace.values()];
}

/**
 * Reads what programs tell of a machine's hardware, as people paste it: `lspci -nn` (also `-n`,
 * `-nnk`, `-nnmm`, `-vmmnn`), modaliases out of /sys, `lshw` (text and JSON), `dmidecode`, also
 * several of them in one text. Which they are is told by what stands there.
 *
 * @param bytes - a whole file; UTF-8, or UTF-16 with its mark
 * @throws HardwareTextError and nothing else, whatever the bytes are
 */
export function readHardware(bytes: Uint8Array): HardwareReport {
  const text = decodeText(bytes);
  const lines = pastedLines(text);
  const json = readLshwJson(text);
  const lshw = readLshw(lines);
  const dmi = readDmidecode(lines);
  const found: readonly (readonly [HardwareFormat, readonly HardwareDevice[]])[] = [
    ['lspci', readLspci(lines)],
    ['lspci -mm', readLspciLines(lines)],
    ['lspci -vmm', readLspciRecords(lines)],
    ['lshw', lshw.devices],
    ['lshw -json', json?.devices ?? []],
    ['modalias', readModaliases(lines)],
  ];
  const devices = mergeDevices(found.flatMap(([, some]) => some));
  if (devices.length > deviceLimit) {
    throw new HardwareTextError('too-many-devices', `names ${devices.length} devices`);
  }
  const formats = found.flatMap(([format, some]) => (some.length > 0 ? [format] : []));
  const isLshw = json !== undefined || lshw.system !== undefined;
  if (devices.length === 0 && (dmi !== undefined || isLshw)) {
    const program = dmi === undefined ? 'lshw' : 'dmidecode';
    throw new HardwareTextError('no-devices', `has what ${program} prints, and no network device`);
  }
  if (devices.length === 0) {
    throw new HardwareTextError('unknown-format', 'has no line that lspci or lshw would print');
  }
  if (
    devices.every(({ ids, modalias, drivers }) => !ids && modalias === '' && drivers.length === 0)
  ) {
    throw new HardwareTextError('no-ids', `names ${devices.length} devices, but no ids of them`);
  }
  const system = dmi ?? json?.system ?? lshw.system;
  return {
    ...(system === undefined ? {} : { system }),
    formats: dmi === undefined ? formats : [...formats, 'dmidecode'],
    devices,
  };
}
