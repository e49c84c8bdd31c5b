import { rm } from 'node:fs/promises';
import {
  generateKey,
  isLocked,
  isPassphrase,
  MinisignError,
  type PublicKey,
  parsePublicKey,
  parsePublicKeyFile,
  parseSecretKeyFile,
  renderPublicKey,
  renderPublicKeyFile,
  renderSecretKeyFile,
  type SecretKey,
  unlockKey,
} from '../../formats/minisign/index.ts';
import { BootwrightError, isSystemError } from '../../system/errors/index.ts';
import { exists, readBytesUpTo, writeNew } from '../../system/files.ts';

/** Files of keys have two lines, the longer one of 212 characters. */
const keyLimit = 16 * 1024;

/** A pair of keys that was made. */
export interface KeyFiles {
  readonly secretKey: string;
  readonly publicKeyFile: string;
  /** The public key itself, as `minisign -P` and `bootwright verify --public-key` take it. */
  readonly publicKey: string;
  readonly keyId: string;
  /** Whether a passphrase opens the secret key. */
  readonly locked: boolean;
}

/** Says of what minisign's format does not take what it means for a file. */
function keyError(error: unknown, path: string, kind: string): unknown {
  if (!(error instanceof MinisignError)) return error;
  if (error.problem === 'wrong-passphrase') {
    return new BootwrightError('BW-KEY-PASSPHRASE', `The ${kind} "${path}" ${error.message}.`, {
      cause: error,
    });
  }
  return new BootwrightError(
    'BW-KEY-NOT',
    `"${path}" is no ${kind} of minisign: it ${error.message}.`,
    {
      cause: error,
    },
  );
}

async function readKeyFile(path: string, kind: string): Promise<Buffer> {
  try {
    return await readBytesUpTo(path, keyLimit);
  } catch (error) {
    if (isSystemError(error, 'ENOENT', 'ENOTDIR', 'EISDIR')) {
      throw new BootwrightError('BW-KEY-MISSING', `There is no ${kind} "${path}".`, {
        cause: error,
      });
    }
    if (error instanceof BootwrightError && error.code === 'BW-FILE-TOO-LARGE') {
      throw new BootwrightError('BW-KEY-NOT', `"${path}" is too long for a ${kind}.`, {
        cause: error,
      });
    }
    throw error;
  }
}

/**
 * Reads a public key that a person has named: the key itself, in base64, or its file.
 *
 * @throws BootwrightError `BW-KEY-MISSING`, `BW-KEY-NOT`
 */
export async function readPublicKey(fileOrBase64: string): Promise<PublicKey> {
  const kind = 'public key';
  // All keys are as long and begin alike, by their algorithm.
  const isKey = /^RW[A-Za-z0-9+/]{54}$/.test(fileOrBase64);
  try {
    return isKey
      ? parsePublicKey(fileOrBase64)
      : parsePublicKeyFile(await readKeyFile(fileOrBase64, kind));
  } catch (error) {
    throw keyError(error, fileOrBase64, kind);
  }
}

/**
 * Reads a secret key from its file.
 *
 * @param passphrase - asked for the passphrase if the key is locked
 * @throws BootwrightError `BW-KEY-MISSING`, `BW-KEY-NOT`, `BW-KEY-PASSPHRASE`, and as `passphrase`
 *   does
 */
export async function readSecretKey(
  path: string,
  passphrase: () => Promise<string>,
): Promise<SecretKey> {
  const kind = 'secret key';
  const content = await readKeyFile(path, kind);
  try {
    const key = parseSecretKeyFile(content);
    return isLocked(key) ? await unlockKey(key, await passphrase()) : key;
  } catch (error) {
    throw keyError(error, path, kind);
  } finally {
    content.fill(0);
  }
}

function alreadyThere(path: string, cause?: unknown): BootwrightError {
  return new BootwrightError('BW-KEY-EXISTS', `"${path}" is there already.`, { cause });
}

/**
 * Makes a pair of keys, `path` for signing and `path`.pub for whoever verifies. Neither replaces
 * anything, and the secret one is for its owner alone from its first byte on.
 *
 * @param passphrase - asked for what is to open the secret key, after a look for what is in the
 *   way; its undefined is a key that lies open
 * @throws BootwrightError `BW-KEY-EXISTS`, `BW-KEY-PASSPHRASE-UNFIT`, and as `passphrase` does
 */
export async function makeKeyFiles(
  path: string,
  passphrase: () => Promise<string | undefined>,
): Promise<KeyFiles> {
  const publicKeyFile = `${path}.pub`;
  for (const file of [path, publicKeyFile]) if (await exists(file)) throw alreadyThere(file);
  const chosen = await passphrase();
  if (chosen !== undefined && (chosen === '' || !isPassphrase(chosen))) {
    throw new BootwrightError(
      'BW-KEY-PASSPHRASE-UNFIT',
      chosen === '' ? 'The passphrase is empty.' : 'The passphrase is too long, or has a NUL.',
    );
  }
  const key = generateKey();
  await writeKey(path, await renderSecretKeyFile(key, chosen), 0o600);
  try {
    await writeKey(publicKeyFile, renderPublicKeyFile(key.publicKey), 0o644);
  } catch (error) {
    // A half of a pair is of no use, and nobody has used it yet.
    await rm(path, { force: true });
    throw error;
  }
  return {
    secretKey: path,
    publicKeyFile,
    publicKey: renderPublicKey(key.publicKey),
    keyId: key.publicKey.id,
    locked: chosen !== undefined,
  };
}

async function writeKey(path: string, text: string, mode: number): Promise<void> {
  try {
    await writeNew(path, text, mode);
  } catch (error) {
    throw isSystemError(error, 'EEXIST') ? alreadyThere(path, error) : error;
  }
}

/** What was made, for a person. */
export function describeKeyFiles(made: KeyFiles): string {
  const { secretKey, publicKeyFile, publicKey, keyId, locked } = made;
  const guard = locked ? 'behind its passphrase' : 'open to whoever can read it';
  return [
    `Key ${keyId}:`,
    `    ${secretKey}  to sign with, ${guard}: keep it secret, and a copy of it safe`,
    `    ${publicKeyFile}  to verify by: give it to whoever gets your bundles`,
    '',
    `The public key by itself: ${publicKey}`,
  ].join('\n');
}
