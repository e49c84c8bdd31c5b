import { ModuleFormatError } from './format-error.ts';
import type { DetachedSignature } from './pkcs7.ts';

/** The signature that scripts/sign-file puts behind a module. */
export type ModuleSignature = {
  /** How many bytes of the file, from its start, are signed: the ELF file. */
  readonly signedLength: number;
} & (
  | {
      readonly kind: 'pkcs7';
      /** The detached PKCS#7 message, DER. */
      readonly pkcs7: Uint8Array;
    }
  | ({ readonly kind: 'bare' } & DetachedSignature)
);

/** The last bytes of a signed module (include/linux/module_signature.h). */
const marker = '~Module signature appended~\n';

/** `struct module_signature`: algo, hash, id type, two lengths, 3 bytes of padding, then the big-endian length. */
const trailerSize = 12;
const idTypeX509 = 1;
const idTypePkcs7 = 2;

/** `enum pkey_algo` of include/crypto/public_key.h, until 4.2. */
const algorithmRsa = 1;

/** `enum pkey_hash_algo` of the same, by its numbers. */
const digests: Readonly<Record<number, DetachedSignature['digest']>> = {
  2: 'sha1',
  4: 'sha256',
  5: 'sha384',
  6: 'sha512',
  7: 'sha224',
};

/**
 * Finds the signature at the end of a module file.
 *
 * @returns undefined for a module without one
 * @throws ModuleFormatError `bad-signature` if the marker is there and what precedes it is neither a
 *   PKCS#7 signature of the stated length (from 4.3 on) nor a bare RSA one (3.7 to 4.2)
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
  if (idType === idTypeX509) return bareSignature(bytes, trailer, trailerStart);
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
  return { kind: 'pkcs7', signedLength, pkcs7: bytes.subarray(signedLength, trailerStart) };
}

/**
 * The signature that the perl scripts/sign-file of 3.7 to 4.2 writes: name of the signer, key
 * identifier, two bytes of length, the RSA signature; then the trailer, which has all their lengths
 * (kernel/module_signing.c).
 */
function bareSignature(
  bytes: Uint8Array,
  trailer: DataView,
  trailerStart: number,
): ModuleSignature {
  const bad = (detail: string): ModuleFormatError => new ModuleFormatError('bad-signature', detail);
  const digest = digests[trailer.getUint8(1)];
  if (trailer.getUint8(0) !== algorithmRsa || digest === undefined) {
    throw bad(`algorithm ${trailer.getUint8(0)} with digest ${trailer.getUint8(1)} is unknown`);
  }
  const length = trailer.getUint32(8, false);
  const identifiers = trailer.getUint8(3) + trailer.getUint8(4);
  const signedLength = trailerStart - length - identifiers;
  if (length < 3 || signedLength < 0) throw bad(`the signature claims to have ${length} bytes`);
  const start = trailerStart - length;
  const stated = (bytes[start] ?? 0) * 256 + (bytes[start + 1] ?? 0);
  if (stated !== length - 2) throw bad('its two lengths differ');
  return { kind: 'bare', signedLength, digest, signature: bytes.subarray(start + 2, trailerStart) };
}
