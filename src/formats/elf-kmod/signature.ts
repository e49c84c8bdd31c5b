import { ModuleFormatError } from './format-error.ts';

/** The signature that scripts/sign-file puts behind a module. */
export interface ModuleSignature {
  /** How many bytes of the file, from its start, are signed: the ELF file. */
  readonly signedLength: number;
  /** The detached PKCS#7 message, DER. */
  readonly pkcs7: Uint8Array;
}

/** The last bytes of a signed module (include/linux/module_signature.h). */
const marker = '~Module signature appended~\n';

/** `struct module_signature`: algo, hash, id type, two lengths, 3 bytes of padding, then the big-endian length. */
const trailerSize = 12;
const idTypePkcs7 = 2;

/**
 * Finds the signature at the end of a module file.
 *
 * @returns undefined for a module without one
 * @throws ModuleFormatError `bad-signature` if the marker is there and what precedes it is not a
 *   PKCS#7 signature of the stated length
 */
export function readSignature(bytes: Uint8Array): ModuleSignature | undefined {
  const markerStart = bytes.length - marker.length;
  if (markerStart < 0) return undefined;
  const tail = Buffer.from(bytes.buffer, bytes.byteOffset + markerStart, marker.length);
  if (tail.toString('latin1') !== marker) return undefined;

  const trailerStart = markerStart - trailerSize;
  if (trailerStart < 0) throw new ModuleFormatError('bad-signature', 'the signature is cut off');
  const trailer = new DataView(bytes.buffer, bytes.byteOffset + trailerStart, trailerSize);
  const idType = trailer.getUint8(2);
  if (idType !== idTypePkcs7) {
    throw new ModuleFormatError('bad-signature', `the signature is of kind ${idType}, not PKCS#7`);
  }
  // For PKCS#7 the kernel (mod_check_sig) wants all other fields to be zero.
  const others = [0, 1, 3, 4, 5, 6, 7].some((at) => trailer.getUint8(at) !== 0);
  if (others) {
    throw new ModuleFormatError('bad-signature', 'fields that have to be zero are not');
  }
  const length = trailer.getUint32(8, false);
  if (length === 0 || length > trailerStart) {
    throw new ModuleFormatError('bad-signature', `the signature claims to have ${length} bytes`);
  }
  const signedLength = trailerStart - length;
  return { signedLength, pkcs7: bytes.subarray(signedLength, trailerStart) };
}
