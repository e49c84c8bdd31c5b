import type { IdPair } from './device-id.ts';

/** A device of a machine, as some program told of it. */
export interface HardwareDevice {
  readonly bus: string;
  /** Where it sits: `3b:00.0`, `2-1:1.0`, `virtio0`; empty if that was not told. */
  readonly address: string;
  /** Absent where only a name was told. */
  readonly ids?: IdPair;
  /** Of the board. */
  readonly subsystem?: IdPair;
  /** PCI class and subclass: `0200`. */
  readonly classCode?: string;
  /** PCI programming interface, two hexadecimal digits; absent where it was not told. */
  readonly interface?: string;
  /** As the kernel builds it, `X` for digits that are not known; empty where there are no ids. */
  readonly modalias: string;
  /** What was told of it, for a person. */
  readonly text: string;
  /** Modules that were named with it: what drives it on the system that it was read on. */
  readonly drivers: readonly string[];
  /** The program called it a network device in so many words. */
  readonly isNetwork?: true;
}

/** The machine by the makers' names, for a heading. */
export interface SystemName {
  readonly vendor: string;
  readonly product: string;
}

export const hardwareFormats = [
  'lspci',
  'lspci -mm',
  'lspci -vmm',
  'modalias',
  'lshw',
  'lshw -json',
  'dmidecode',
] as const;
export type HardwareFormat = (typeof hardwareFormats)[number];

/** What was read of a machine. */
export interface HardwareReport {
  readonly system?: SystemName;
  /** The forms that were recognised. */
  readonly formats: readonly HardwareFormat[];
  readonly devices: readonly HardwareDevice[];
}
