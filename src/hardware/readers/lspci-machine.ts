import type { HardwareDevice } from '../device.ts';
import type { IdPair } from '../device-id.ts';
import { moduleNames, type PciFacts, pciDevice } from './pci-device.ts';

const address = '(?:[0-9a-f]{4,8}:)?[0-9a-f]{2}:[0-9a-f]{2}\\.[0-7]';
const linePattern = new RegExp(`^(?:\\d{1,6}[:-] ?)??(${address}) (".*)$`, 'i');
const slotPattern = new RegExp(`^Slot: ?(${address})$`, 'i');

/** The number in `Intel Corporation [8086]`, or in `8086` by itself (`-n`). */
function numberIn(text: string | undefined): string | undefined {
  return /(?:\[|^)([0-9a-f]{4})\]?$/i.exec(text ?? '')?.[1]?.toLowerCase();
}

function nameIn(text: string | undefined): string {
  return (text ?? '').replace(/ ?\[[0-9a-f]{4}\]$/i, '');
}

function pairOf(vendor: string | undefined, device: string | undefined): IdPair | undefined {
  const [first, second] = [numberIn(vendor), numberIn(device)];
  return first === undefined || second === undefined
    ? undefined
    : { vendor: first, device: second };
}

/** The words of a `-mm` line: in quotation marks (doubled or escaped within), or bare. */
function words(line: string): readonly string[] {
  return Array.from(line.matchAll(/"((?:[^"\\]|\\.)*)"|(\S+)/g), ([, quoted, bare]) =>
    quoted === undefined ? (bare ?? '') : quoted.replaceAll(/\\(.)/g, '$1'),
  );
}

interface Fields {
  readonly kind: string | undefined;
  readonly vendor: string | undefined;
  readonly device: string | undefined;
  readonly boardVendor: string | undefined;
  readonly board: string | undefined;
  readonly interface: string | undefined;
  readonly drivers: string[];
}

function deviceOf(slot: string, fields: Fields): HardwareDevice {
  const ids = pairOf(fields.vendor, fields.device);
  const subsystem = pairOf(fields.boardVendor, fields.board);
  const classCode = numberIn(fields.kind);
  const facts: PciFacts = {
    address: slot,
    text: [nameIn(fields.vendor), nameIn(fields.device)].filter((name) => name !== '').join(' '),
    ...(ids === undefined ? {} : { ids }),
    ...(subsystem === undefined ? {} : { subsystem }),
    ...(classCode === undefined ? {} : { classCode }),
    ...(fields.interface === undefined ? {} : { interface: fields.interface }),
    drivers: fields.drivers,
  };
  return pciDevice(facts);
}

/** Reads `lspci -nnmm`: a device a line, its fields in quotation marks. */
export function readLspciLines(lines: readonly string[]): HardwareDevice[] {
  return lines.flatMap((line) => {
    const [, slot, rest] = linePattern.exec(line) ?? [];
    if (slot === undefined || rest === undefined) return [];
    const all = words(rest);
    const face = all.find((word) => /^-p[0-9a-f]{2}$/i.test(word))?.slice(2);
    const [kind, vendor, device, boardVendor, board] = all.filter(
      (word) => !/^-[rp][0-9a-f]{2}$/i.test(word),
    );
    if (kind === undefined || vendor === undefined || device === undefined) return [];
    const fields = { kind, vendor, device, boardVendor, board, interface: face, drivers: [] };
    return [deviceOf(slot, fields)];
  });
}

/** Reads `lspci -vmmnn`, with or without `-k`: records of `Key: value` lines. */
export function readLspciRecords(lines: readonly string[]): HardwareDevice[] {
  const devices: HardwareDevice[] = [];
  let slot: string | undefined;
  let fields = new Map<string, string>();
  let drivers: string[] = [];
  const end = (): void => {
    if (slot !== undefined) {
      devices.push(
        deviceOf(slot, {
          kind: fields.get('Class'),
          vendor: fields.get('Vendor'),
          device: fields.get('Device'),
          boardVendor: fields.get('SVendor'),
          board: fields.get('SDevice'),
          interface: fields.get('ProgIf'),
          drivers,
        }),
      );
    }
    slot = undefined;
    fields = new Map();
    drivers = [];
  };
  for (const line of lines) {
    const found = slotPattern.exec(line)?.[1];
    if (found !== undefined) {
      end();
      slot = found;
      continue;
    }
    const [, key, value = ''] = /^([A-Z]\w+): ?(.*)$/.exec(line) ?? [];
    if (key === 'Driver' || key === 'Module') drivers.push(...moduleNames(value));
    else if (key !== undefined && !fields.has(key)) fields.set(key, value);
  }
  end();
  return devices;
}
