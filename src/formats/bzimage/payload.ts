import { BzImageError } from './error.ts';
import { readBzImageHeader } from './header.ts';

/** Offsets of Documentation/arch/x86/boot.rst, "The Real-Mode Kernel Header". */
const offsets = {
  setupSectors: 0x1f1,
  protocol: 0x206,
  payloadOffset: 0x248,
  payloadLength: 0x24c,
} as const;

const sectorBytes = 0x200;

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
  const start = (setupSectors + 1) * sectorBytes + view.getUint32(offsets.payloadOffset, true);
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
