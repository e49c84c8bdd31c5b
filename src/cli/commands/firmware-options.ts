import { type Command, Option } from 'commander';
import type { FirmwareWish } from '../../pipeline/request.ts';
import type { MachineOptions } from './machine-options.ts';
import { collect } from './wish-options.ts';

/** The firmware that comes into the image, and that of the machine, as options. */
export interface FirmwareOptions {
  /** Paths, and the words `strict`, `bios` and `uefi`. */
  readonly firmware: readonly string[];
  readonly firmwareAs: FirmwareWish['way'];
}

/** The option of `build` that tells the firmware of network cards, and as in `prove` that of the machine. */
export function buildFirmwareOption(): Option {
  return new Option(
    '--firmware <path|strict|bios|uefi>',
    'what the drivers in the image load into their cards: a folder (linux-firmware, /lib/firmware) or package (.rpm, .deb) that has it; can be repeated; "strict": none may be missing. "bios", "uefi": firmware of the machine that it is booted on; the default is bios',
  )
    .argParser(collect)
    .default([], 'none');
}

/** Adds the option that says how the firmware of network cards comes into the image. */
export function withFirmwareWay(command: Command): Command {
  return command.addOption(
    new Option(
      '--firmware-as <way>',
      'how that comes into the image: linked in (EXTRA_FIRMWARE), in its initramfs, or what the kernel can do',
    )
      .choices(['auto', 'built-in', 'initramfs'])
      .default('auto'),
  );
}

/** What the options ask for: of the image, and of the machine. The last word about the machine counts. */
export function firmwareOf({ firmware, firmwareAs }: FirmwareOptions): {
  readonly wish: FirmwareWish;
  readonly machine: MachineOptions['firmware'];
} {
  const kinds = firmware.filter((word) => word === 'bios' || word === 'uefi');
  const words: readonly string[] = ['strict', 'bios', 'uefi'];
  return {
    wish: {
      collections: firmware.filter((word) => !words.includes(word)),
      strict: firmware.includes('strict'),
      way: firmwareAs,
    },
    machine: kinds.at(-1) ?? 'bios',
  };
}
