/** Where a file is not an x86 kernel image as the boot protocol has it. */
export class BzImageError extends Error {
  override readonly name = 'BzImageError';
}

/** Offsets of Documentation/arch/x86/boot.rst, "The Real-Mode Kernel Header". */
const offsets = {
  setupSectors: 0x1f1,
  bootFlag: 0x1fe,
  magic: 0x202,
  protocol: 0x206,
  kernelVersion: 0x20e,
  payloadOffset: 0x248,
  payloadLength: 0x24c,
} as const;

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

/** How the kernel proper is packed in its image (lib/decompress.c). */
export type PayloadFormat = 'gzip' | 'bzip2' | 'lzma' | 'xz' | 'lzo' | 'lz4' | 'zstd';

/** The first bytes of each format. */
const payloadMarks: readonly (readonly [PayloadFormat, readonly number[]])[] = [
  ['gzip', [0x1f, 0x8b]],
  ['bzip2', [0x42, 0x5a]],
  ['lzma', [0x5d, 0x00]],
  ['xz', [0xfd, 0x37]],
  ['lzo', [0x89, 0x4c]],
  ['lz4', [0x02, 0x21]],
  ['zstd', [0x28, 0xb5]],
];

/** The packed kernel proper (vmlinux) of an image. */
export interface BzImagePayload {
  readonly format: PayloadFormat;
  /** Without the four bytes that the kernel's Makefile puts behind it, where it does. */
  readonly bytes: Uint8Array;
  /** Length of the kernel proper, in bytes, as it is noted there. */
  readonly unpackedBytes: number;
}

/** gzip says its length itself; of all others it is appended (scripts/Makefile.lib, size_append). */
const sizeBytes = 4;

/** The boot protocol has said since 2.08 where the payload lies. */
const payloadProtocol = 0x0208;

/**
 * Finds the packed kernel proper in an x86 kernel image.
 *
 * @param image - the whole image; the result refers to it
 * @throws BzImageError if it has no boot header, or does not say where the payload is
 */
export function readBzImagePayload(image: Uint8Array): BzImagePayload {
  readBzImageHeader(image);
  const view = new DataView(image.buffer, image.byteOffset, image.byteLength);
  if (view.getUint16(offsets.protocol, true) < payloadProtocol) {
    throw new BzImageError('is too old to say where its payload is');
  }
  // Documentation/arch/x86/boot.rst: 0 stands for 4 for backwards compatibility.
  const setupSectors = view.getUint8(offsets.setupSectors) || 4;
  const start = (setupSectors + 1) * bootSectorBytes + view.getUint32(offsets.payloadOffset, true);
  const end = start + view.getUint32(offsets.payloadLength, true);
  if (end > image.byteLength || end - start <= sizeBytes) {
    throw new BzImageError('is cut off: its payload runs over its end');
  }
  const bytes = image.subarray(start, end);
  const format = payloadMarks.find(([, mark]) => mark.every((byte, at) => bytes[at] === byte))?.[0];
  if (format === undefined) throw new BzImageError('has a payload of an unknown kind');
  return {
    format,
    bytes: format === 'gzip' ? bytes : bytes.subarray(0, -sizeBytes),
    unpackedBytes: view.getUint32(end - sizeBytes, true),
  };
}

/** Offsets of a PE image of 64 bits (PE Format, "Optional Header Windows-Specific Fields"). */
const pe = { header: 0x3c, optional: 24, magic: 0x20b, directories: 112, certificates: 4 } as const;

/**
 * Whether an image carries a signature that UEFI's Secure Boot looks at: the kernel with its EFI stub
 * is a PE image, and has it in its table of certificates. Whose signature it is, is not looked at.
 *
 * @param image - the image, or its first 64 KiB
 */
export function hasSecureBootSignature(image: Uint8Array): boolean {
  const view = new DataView(image.buffer, image.byteOffset, image.byteLength);
  const inside = (at: number, length: number): boolean => at + length <= image.byteLength;
  if (!inside(pe.header, 4) || view.getUint16(0, true) !== 0x5a4d) return false;
  const header = view.getUint32(pe.header, true);
  if (!inside(header, 4) || view.getUint32(header, true) !== 0x4550) return false;
  const optional = header + pe.optional;
  const entry = optional + pe.directories + pe.certificates * 8;
  if (!inside(entry, 8) || view.getUint16(optional, true) !== pe.magic) return false;
  return view.getUint32(entry + 4, true) > 0;
}
