import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto';
import { blake2b } from '@noble/hashes/blake2.js';
import { MinisignError } from './error.ts';
import { defaultLimits, deriveStream, type Limits, passphraseLimit } from './passphrase.ts';
import {
  algorithm,
  keyIdBytes,
  type PublicKey,
  pointOf,
  readKeyId,
  writeKeyId,
} from './public-key.ts';
import { commentPrefix, decodeBase64, readLines } from './text.ts';

/** A key to sign with. The secret is in a KeyObject, which no logging shows. */
export interface SecretKey {
  readonly publicKey: PublicKey;
  readonly key: KeyObject;
}

/** A secret key that a passphrase opens. */
export interface LockedKey {
  readonly limits: Limits;
  readonly salt: Uint8Array;
  /** Number, secret and checksum, under the stream of the passphrase. */
  readonly hidden: Uint8Array;
}

/** The key derivation of a locked key, scrypt; an open one has two NULs. */
const scryptName = 'Sc';
const noDerivation = '\0\0';
/** The checksum of a secret key, BLAKE2b of 32 bytes. */
const checksumName = 'B2';
const checksumBytes = 32;
const saltBytes = 32;
const seedBytes = 32;
/** Ed25519's secret key as libsodium has it: the seed, and the public key behind it. */
const secretBytes = 2 * seedBytes;
const headBytes = 6 + saltBytes + 16;
const bodyBytes = keyIdBytes + secretBytes + checksumBytes;

/** Node's BLAKE2b makes 64 bytes and no fewer, and one of 32 is another function (RFC 7693, 2.5). */
function checksumOf(numberAndSecret: Uint8Array): Buffer {
  const content = Buffer.concat([Buffer.from(algorithm), numberAndSecret]);
  return Buffer.from(blake2b(content, { dkLen: checksumBytes }));
}

/** Makes a key of a number and a seed. */
function keyOf(id: string, seed: Uint8Array): SecretKey {
  // PKCS #8 of an Ed25519 key (RFC 8410, 7) is this, and the seed.
  const head = Buffer.from('302e020100300506032b657004220420', 'hex');
  const encoded = Buffer.concat([head, seed]);
  const key = createPrivateKey({ key: encoded, format: 'der', type: 'pkcs8' });
  encoded.fill(0);
  return { key, publicKey: { id, key: createPublicKey(key) } };
}

/** Makes a new key, of which nobody knows. */
export function generateKey(): SecretKey {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return { key: privateKey, publicKey: { id: readKeyId(randomBytes(keyIdBytes)), key: publicKey } };
}

/**
 * Reads the number and secret of an opened key; undefined if they do not belong together.
 *
 * @param isLocked - whether a passphrase was in the way: then there is always a checksum, which
 *   minisign leaves out of keys that never had one
 */
function readBody(body: Uint8Array, isLocked: boolean): SecretKey | undefined {
  const numberAndSecret = body.subarray(0, keyIdBytes + secretBytes);
  const checksum = Buffer.from(body.subarray(numberAndSecret.length));
  const isLeftOut = !isLocked && checksum.every((byte) => byte === 0);
  if (!isLeftOut && !checksum.equals(checksumOf(numberAndSecret))) return undefined;
  const key = keyOf(
    readKeyId(numberAndSecret.subarray(0, keyIdBytes)),
    numberAndSecret.subarray(keyIdBytes, keyIdBytes + seedBytes),
  );
  const stated = numberAndSecret.subarray(keyIdBytes + seedBytes);
  return pointOf(key.publicKey.key).equals(stated) ? key : undefined;
}

/**
 * Reads a secret key's file: a line of comment, and the key.
 *
 * @throws MinisignError `malformed`, `unsupported`
 */
export function parseSecretKeyFile(content: Uint8Array): SecretKey | LockedKey {
  const [, base64] = readLines(content, 2);
  const bytes = decodeBase64(base64, headBytes + bodyBytes, 'secret key');
  const derivation = bytes.toString('latin1', 2, 4);
  if (
    bytes.toString('latin1', 0, 2) !== algorithm ||
    bytes.toString('latin1', 4, 6) !== checksumName ||
    (derivation !== scryptName && derivation !== noDerivation)
  ) {
    throw new MinisignError(
      'unsupported',
      'is a key of other algorithms than Ed25519, scrypt, BLAKE2b',
    );
  }
  const body = bytes.subarray(headBytes);
  if (derivation === scryptName) {
    return {
      salt: bytes.subarray(6, 6 + saltBytes),
      limits: {
        operations: bytes.readBigUInt64LE(6 + saltBytes),
        memory: bytes.readBigUInt64LE(6 + saltBytes + 8),
      },
      hidden: body,
    };
  }
  const key = readBody(body, false);
  bytes.fill(0);
  if (key === undefined) throw new MinisignError('malformed', 'is a damaged secret key');
  return key;
}

/** Whether a key has to be opened by {@link unlockKey} first. */
export function isLocked(key: SecretKey | LockedKey): key is LockedKey {
  return 'hidden' in key;
}

function xor(content: Uint8Array, stream: Uint8Array): Buffer {
  return Buffer.from(content.map((byte, index) => byte ^ (stream[index] ?? 0)));
}

/**
 * Opens a key. It takes as long as whoever made the key wanted it to take: with minisign's own
 * limits, some seconds and 1 GiB.
 *
 * @throws MinisignError `wrong-passphrase`, `unsupported`
 */
export async function unlockKey(
  { limits, salt, hidden }: LockedKey,
  passphrase: string,
): Promise<SecretKey> {
  const stream = await deriveStream(passphrase, salt, hidden.length, limits);
  const body = xor(hidden, stream);
  const key = readBody(body, true);
  body.fill(0);
  stream.fill(0);
  if (key === undefined) {
    throw new MinisignError('wrong-passphrase', 'is not opened by this passphrase');
  }
  return key;
}

/**
 * A secret key's file.
 *
 * @param passphrase - what is to open it; undefined for a key that lies open
 * @throws MinisignError `unfit` for a passphrase of more than 1023 bytes or with a line break
 */
export async function renderSecretKeyFile(
  { key, publicKey }: SecretKey,
  passphrase: string | undefined,
  limits = defaultLimits,
): Promise<string> {
  if (passphrase !== undefined && !isPassphrase(passphrase)) {
    throw new MinisignError(
      'unfit',
      `a passphrase is one line of at most ${passphraseLimit} bytes, without NUL`,
    );
  }
  const seed = Buffer.from(key.export({ format: 'jwk' }).d ?? '', 'base64url');
  const numberAndSecret = Buffer.concat([writeKeyId(publicKey.id), seed, pointOf(publicKey.key)]);
  const body = Buffer.concat([numberAndSecret, checksumOf(numberAndSecret)]);
  const isOpen = passphrase === undefined;
  const head = Buffer.alloc(headBytes);
  head.write(`${algorithm}${isOpen ? noDerivation : scryptName}${checksumName}`, 'latin1');
  let shown: Uint8Array = body;
  if (!isOpen) {
    const salt = randomBytes(saltBytes);
    salt.copy(head, 6);
    head.writeBigUInt64LE(limits.operations, 6 + saltBytes);
    head.writeBigUInt64LE(limits.memory, 6 + saltBytes + 8);
    shown = xor(body, await deriveStream(passphrase, salt, bodyBytes, limits));
  }
  const comment = isOpen ? 'minisign secret key, not encrypted' : 'minisign encrypted secret key';
  const base64 = Buffer.concat([head, shown]).toString('base64');
  for (const secret of [seed, numberAndSecret, body]) secret.fill(0);
  return `${commentPrefix}${comment}\n${base64}\n`;
}

/** Whether minisign could be told this passphrase: one line, not longer than it reads. */
export function isPassphrase(passphrase: string): boolean {
  return !/[\n\r\0]/.test(passphrase) && Buffer.byteLength(passphrase) <= passphraseLimit;
}
