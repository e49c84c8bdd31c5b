import { createPublicKey, type KeyObject } from 'node:crypto';
import { MinisignError } from './error.ts';
import { commentPrefix, decodeBase64, readLines } from './text.ts';

/** What tells keys from each other: 16 hexadecimal digits, as minisign prints them. It proves nothing. */
export type KeyId = string;

/** A key to check signatures by. */
export interface PublicKey {
  readonly id: KeyId;
  readonly key: KeyObject;
}

/** Bytes of a key's number. */
export const keyIdBytes = 8;

/** The algorithm of keys, and of signatures of a file's own bytes: Ed25519. */
export const algorithm = 'Ed';

const publicKeyBytes = 2 + keyIdBytes + 32;

/** A key's number, which files have as a little-endian one. */
export function readKeyId(bytes: Uint8Array): KeyId {
  return Buffer.from(bytes).reverse().toString('hex').toUpperCase();
}

export function writeKeyId(id: KeyId): Buffer {
  return Buffer.from(id, 'hex').reverse();
}

/** The point by which a public key is known, 32 bytes. */
export function pointOf(key: KeyObject): Buffer {
  return Buffer.from(key.export({ format: 'jwk' }).x ?? '', 'base64url');
}

/**
 * Reads a public key as it stands on a command line: 56 characters.
 *
 * @throws MinisignError `malformed`, `unsupported`
 */
export function parsePublicKey(base64: string): PublicKey {
  const bytes = decodeBase64(base64, publicKeyBytes, 'public key');
  if (bytes.toString('latin1', 0, 2) !== algorithm) {
    throw new MinisignError('unsupported', 'is a key of an algorithm other than Ed25519');
  }
  const point = bytes.subarray(2 + keyIdBytes);
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: point.toString('base64url') };
  return {
    id: readKeyId(bytes.subarray(2, 2 + keyIdBytes)),
    key: createPublicKey({ key: jwk, format: 'jwk' }),
  };
}

/**
 * Reads a public key's file: a line of comment, and the key.
 *
 * @throws MinisignError `malformed`, `unsupported`
 */
export function parsePublicKeyFile(content: Uint8Array): PublicKey {
  const [, base64 = ''] = readLines(content, 2);
  return parsePublicKey(base64);
}

/** A public key in one line, as `minisign -P` takes it. */
export function renderPublicKey({ id, key }: PublicKey): string {
  return Buffer.concat([Buffer.from(algorithm), writeKeyId(id), pointOf(key)]).toString('base64');
}

/** A public key's file, to the byte as minisign writes it: its comment has no leading zeros. */
export function renderPublicKeyFile(key: PublicKey): string {
  const number = key.id.replace(/^0+(?=.)/, '');
  return `${commentPrefix}minisign public key ${number}\n${renderPublicKey(key)}\n`;
}
