import type { HardwareDevice } from '../hardware/index.ts';

/** A device as advice names it. */
export interface DeviceName {
  readonly bus: string;
  /** Empty where only its modalias was told. */
  readonly address: string;
  /** `8086:1572`; empty for buses without such ids. */
  readonly id: string;
  readonly modalias: string;
  /** What was told of it, for a person. */
  readonly text: string;
}

/** The name of a device. */
export function nameDevice({ bus, address, ids, modalias, text }: HardwareDevice): DeviceName {
  const id = ids === undefined ? '' : `${ids.vendor}:${ids.device}`;
  return { bus, address, id, modalias, text };
}

/** The name of a device in a few words: `00:05.0 1000:005d`, `usb 0627:0001`, `scsi t-0x00`. */
export function deviceLabel({ bus, address, id, modalias }: DeviceName): string {
  const what = id === '' ? modalias.slice(modalias.indexOf(':') + 1).slice(0, 40) : id;
  return [address === '' ? bus : address, what].filter((word) => word !== '').join(' ');
}

/** The devices in one order, whatever the order in which they were told, each once. */
export function sortDevices(devices: readonly HardwareDevice[]): readonly HardwareDevice[] {
  const byKey = new Map(
    devices.map((device) => {
      const { bus, address, modalias, text } = device;
      // Where only the name of a driver was told, there is nothing else to tell devices apart by.
      const key = [bus, address, modalias, modalias === '' ? text : ''].join('\0');
      return [key, device] as const;
    }),
  );
  return [...byKey].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, device]) => device);
}
