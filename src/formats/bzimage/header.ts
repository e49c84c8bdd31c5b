import { BzImageError } from './error.ts';

/** Offsets of Documentation/arch/x86/boot.rst, "The Real-Mode Kernel Header". */
const offsets = { bootFlag: 0x1fe, magic: 0x202, protocol: 0x206, kernelVersion: 0x20e } as const;

/** The header says where the version string lies as seen from the end of the boot sector. */
const bootSectorBytes = 0x200;

/** What the boot header of an x86 kernel says of it. */
export interface BzImageHeader {
  /** Version of the boot protocol, such as `2.15`. */
  readonly protocol: string;
  /** `uname -r`, builder and `uname -v`, such as `6.1.0 (root@host) #1 SMP Thu …`. */
  readonly version: string;
  /** `uname -r`: the version's first word. */
  readonly release: string;
}

/**
 * Reads the boot header of an x86 kernel image.
 *
 * @param image - the image, or its first 64 KiB (`kernel_version` points into the set-up code, which is no longer)
 * @throws BzImageError if it has no such header
 */
export function readBzImageHeader(image: Uint8Array): BzImageHeader {
  const view = new DataView(image.buffer, image.byteOffset, image.byteLength);
  if (image.byteLength < 0x260) throw new BzImageError('is too short for a kernel image');
  if (view.getUint16(offsets.bootFlag, true) !== 0xaa55) {
    throw new BzImageError('has no boot sector signature (0xAA55 at 0x1FE)');
  }
  if (
    new TextDecoder('latin1').decode(image.subarray(offsets.magic, offsets.magic + 4)) !== 'HdrS'
  ) {
    throw new BzImageError('has no Linux boot header ("HdrS" at 0x202)');
  }
  const protocol = view.getUint16(offsets.protocol, true);
  const start = view.getUint16(offsets.kernelVersion, true) + bootSectorBytes;
  const end = image.indexOf(0, start);
  if (start === bootSectorBytes || end === -1 || end === start) {
    throw new BzImageError('has no version string in its boot header');
  }
  const version = new TextDecoder('latin1').decode(image.subarray(start, end));
  const release = version.split(' ', 1)[0];
  if (release === undefined || release === '') {
    throw new BzImageError('has an empty version string in its boot header');
  }
  return { protocol: `${protocol >> 8}.${protocol & 0xff}`, version, release };
}
