import { join } from 'node:path';
import {
  checkSignature,
  MinisignError,
  type PublicKey,
  parseSignature,
  type SignatureVerdict,
} from '../../formats/minisign/index.ts';
import { isSystemError } from '../../system/errors/index.ts';
import { readBytesUpTo } from '../../system/files.ts';
import type { Finding } from '../finding.ts';
import { signatureName } from './name.ts';

/** A signature that lies beside a bundle. */
export interface BundleSignature {
  /** Whether it was held against a key that is trusted, and held. */
  readonly trusted: boolean;
  /** The key that it says to be of, as minisign prints it; absent if it cannot be read. */
  readonly keyId?: string;
  /** What was signed along; absent as long as it is not trusted. */
  readonly comment?: string;
}

/** Signatures have some 300 bytes, and comments up to 8 KiB. */
const signatureLimit = 16 * 1024;

const problems: Readonly<
  Record<Exclude<SignatureVerdict, 'good'>, Pick<Finding, 'code' | 'problem'>>
> = {
  'other-key': { code: 'BW-BUNDLE-SIGNATURE-OTHER-KEY', problem: 'is of another key' },
  'other-content': {
    code: 'BW-BUNDLE-SIGNATURE-OTHER-FILE',
    problem: 'is of this key, but not of the SHA256SUMS beside it',
  },
  'other-comment': {
    code: 'BW-BUNDLE-SIGNATURE-FORGED',
    problem: 'has a comment that this key has not signed',
  },
  forged: {
    code: 'BW-BUNDLE-SIGNATURE-FORGED',
    problem: 'was not made by the key that it names',
  },
};

async function readSignatureFile(folder: string): Promise<Uint8Array | undefined> {
  try {
    return await readBytesUpTo(join(folder, signatureName), signatureLimit);
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/** A finding that the bundle cannot be trusted by this key, and the signature as far as it can be told. */
interface SignatureCheck {
  readonly signature?: BundleSignature;
  readonly findings: readonly Finding[];
}

function notSigned(problem: string): SignatureCheck {
  return { findings: [{ code: 'BW-BUNDLE-NOT-SIGNED', file: 'SHA256SUMS', problem }] };
}

/** Holds a signature that was read against what it should be of. */
function judge(content: Uint8Array, sums: Uint8Array, key: PublicKey | undefined): SignatureCheck {
  const signature = parseSignature(content);
  const { keyId, trustedComment } = signature;
  if (key === undefined) return { signature: { trusted: false, keyId }, findings: [] };
  const verdict = checkSignature(signature, sums, key);
  if (verdict === 'good') {
    return { signature: { trusted: true, keyId, comment: trustedComment }, findings: [] };
  }
  const ids = verdict === 'other-key' ? { expected: key.id, found: keyId } : {};
  return {
    signature: { trusted: false, keyId },
    findings: [{ file: signatureName, ...problems[verdict], ...ids }],
  };
}

/**
 * Looks at the signature beside a bundle's checksums. Without a key it is only told that there is
 * one; with a key, a bundle that has no good one is none to be trusted.
 *
 * @param folder - the bundle's folder; undefined for an archive that lies alone
 * @param sums - the SHA256SUMS, byte for byte as they are checked; undefined if there are none
 * @param key - the key that is trusted
 */
export async function checkBundleSignature(
  folder: string | undefined,
  sums: Uint8Array | undefined,
  key: PublicKey | undefined,
): Promise<SignatureCheck> {
  if (folder === undefined) {
    return key === undefined
      ? { findings: [] }
      : notSigned('and its signature are not beside this archive, which lies alone');
  }
  const content = await readSignatureFile(folder);
  if (content === undefined) {
    return key === undefined ? { findings: [] } : notSigned(`is not signed: no ${signatureName}`);
  }
  if (sums === undefined) {
    return key === undefined
      ? { signature: { trusted: false }, findings: [] }
      : notSigned(`is missing, so ${signatureName} is of nothing`);
  }
  try {
    return judge(content, sums, key);
  } catch (error) {
    if (!(error instanceof MinisignError)) throw error;
    const finding: Finding = {
      code: 'BW-BUNDLE-SIGNATURE-FORGED',
      file: signatureName,
      problem: `is no signature: it ${error.message}`,
    };
    return { signature: { trusted: false }, findings: key === undefined ? [] : [finding] };
  }
}

/** What is known of a signature, for a person. */
export function describeSignature({ trusted, keyId, comment }: BundleSignature): string {
  const whose = keyId === undefined ? 'cannot be read' : `says to be of key ${keyId}`;
  return trusted
    ? `SHA256SUMS is signed by key ${keyId}: ${comment}`
    : `There is a signature, which ${whose}. It proves nothing before it is checked by a key that you trust: --public-key.`;
}
