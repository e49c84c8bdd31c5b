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
