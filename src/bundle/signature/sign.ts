import { join } from 'node:path';
import {
  MinisignError,
  renderPublicKey,
  type SecretKey,
  signContent,
} from '../../formats/minisign/index.ts';
import { BootwrightError } from '../../system/errors/index.ts';
import { writeWhole } from '../../system/files.ts';
import { type Step, unwatched } from '../../system/progress.ts';
import { openBundle } from '../open.ts';
import { readSums, verificationError, verifyOpened } from '../verify.ts';
import { signatureName } from './name.ts';

/** A bundle that was signed. */
export interface SignedBundle {
  readonly id: string;
  /** The signature's file. */
  readonly signature: string;
  readonly keyId: string;
  /** The public key to verify it by, in base64. */
  readonly publicKey: string;
  /** What was signed along. */
  readonly comment: string;
}

/**
 * Signs a bundle: first it is verified, since a signature says of all of it that it is right; then
 * the very checksums are signed that it was verified by.
 *
 * @param key - asked for the key when the bundle has been found
 * @param comment - what is signed along, one line; by default the time, the file and the bundle
 * @throws BootwrightError `BW-BUNDLE-…` for a bundle that does not hold or has no checksums, `BW-USAGE`
 *   for a comment that cannot be signed, and as `key` does
 */
export async function signBundle(
  path: string,
  key: () => Promise<SecretKey>,
  {
    comment,
    step = unwatched,
    signal,
  }: { readonly comment?: string; readonly step?: Step; readonly signal?: AbortSignal } = {},
): Promise<SignedBundle> {
  const bundle = await openBundle(path);
  const { folder, manifest } = bundle;
  const sums = folder === undefined ? undefined : await readSums(folder);
  if (folder === undefined || sums === undefined) {
    throw new BootwrightError(
      'BW-BUNDLE-MISSING-FILE',
      `There are no SHA256SUMS beside "${bundle.archive}", and they are what is signed.`,
      { hint: 'Name the folder that "bootwright build" made: an archive alone has no checksums.' },
    );
  }
  const secret = await key();
  const error = verificationError(
    await verifyOpened(bundle, sums, { step, ...(signal === undefined ? {} : { signal }) }),
  );
  if (error !== undefined) throw error;
  const seconds = Math.floor(Date.now() / 1000);
  const trusted = comment ?? `timestamp:${seconds}\tfile:SHA256SUMS\thashed\tbundle:${manifest.id}`;
  const text = sign(sums, secret, trusted);
  const signature = join(folder, signatureName);
  await writeWhole(signature, text);
  step.note(`${signatureName} written`);
  const { publicKey } = secret;
  return {
    id: manifest.id,
    signature,
    keyId: publicKey.id,
    publicKey: renderPublicKey(publicKey),
    comment: trusted,
  };
}

function sign(sums: Uint8Array, key: SecretKey, trusted: string): string {
  try {
    return signContent(sums, key, { comment: 'signature of a Bootwright bundle', trusted });
  } catch (error) {
    if (!(error instanceof MinisignError)) throw error;
    throw new BootwrightError('BW-USAGE', `This cannot be signed along: ${error.message}.`, {
      hint: 'Give a --comment of one line.',
      cause: error,
    });
  }
}

/** What was signed, and how to verify it, for a person. */
export function describeSigned({ id, signature, keyId, publicKey }: SignedBundle): string {
  return [
    `${id} is signed by key ${keyId}: ${signature}`,
    'To verify it:',
    `    bootwright verify --public-key ${publicKey} BUNDLE`,
    `or with minisign, in the bundle's folder:`,
    `    minisign -Vm SHA256SUMS -P ${publicKey} && sha256sum --check SHA256SUMS`,
  ].join('\n');
}
