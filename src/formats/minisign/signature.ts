import { createHash, sign, verify } from 'node:crypto';
import { MinisignError } from './error.ts';
import {
  algorithm,
  type KeyId,
  keyIdBytes,
  type PublicKey,
  readKeyId,
  writeKeyId,
} from './public-key.ts';
import type { SecretKey } from './secret-key.ts';
import {
  afterPrefix,
  checkComment,
  commentLimit,
  commentPrefix,
  decodeBase64,
  readLines,
  trustedCommentLimit,
  trustedCommentPrefix,
} from './text.ts';

/** A signature as its file has it. Nothing of it is to be believed before it has been checked. */
export interface Signature {
  readonly keyId: KeyId;
  /** Whether it is of the content's BLAKE2b-512 (`ED`), or of the content itself (`Ed`, before 0.11). */
  readonly prehashed: boolean;
  readonly bytes: Uint8Array;
  readonly trustedComment: string;
  /** Of the signature and the trusted comment. */
  readonly globalBytes: Uint8Array;
}

/**
 * What a signature says of some content and a key:
 * - `good`: this key has signed this content, with this comment;
 * - `other-key`: it is said to be of another key;
 * - `other-content`: this key has signed something else;
 * - `other-comment`: this key has signed this content, with another comment;
 * - `forged`: this key has signed neither.
 */
export type SignatureVerdict = 'good' | 'other-key' | 'other-content' | 'other-comment' | 'forged';

const prehashedAlgorithm = 'ED';
const signatureBytes = 64;

/** What a signature is made of: minisign hashes first, so that files of any size can be signed. */
function signedForm(content: Uint8Array, prehashed: boolean): Uint8Array {
  return prehashed ? createHash('blake2b512').update(content).digest() : content;
}

/**
 * Reads a signature's file: a comment, the signature, a trusted comment, and the signature of both.
 *
 * @throws MinisignError `malformed`, `unsupported`
 */
export function parseSignature(content: Uint8Array): Signature {
  const [comment, base64, trusted, globalBase64] = readLines(content, 4);
  afterPrefix(comment, commentPrefix);
  const trustedComment = afterPrefix(trusted, trustedCommentPrefix);
  const bytes = decodeBase64(base64, 2 + keyIdBytes + signatureBytes, 'signature');
  const name = bytes.toString('latin1', 0, 2);
  if (name !== algorithm && name !== prehashedAlgorithm) {
    throw new MinisignError('unsupported', 'is a signature of an algorithm other than Ed25519');
  }
  return {
    keyId: readKeyId(bytes.subarray(2, 2 + keyIdBytes)),
    prehashed: name === prehashedAlgorithm,
    bytes: bytes.subarray(2 + keyIdBytes),
    trustedComment,
    globalBytes: decodeBase64(globalBase64, signatureBytes, 'signature of the comment'),
  };
}

/**
 * Holds a signature against content and a key that is trusted.
 *
 * @param content - the signed file's bytes
 */
export function checkSignature(
  signature: Signature,
  content: Uint8Array,
  { id, key }: PublicKey,
): SignatureVerdict {
  const { bytes, trustedComment, globalBytes } = signature;
  if (signature.keyId !== id) return 'other-key';
  const holds = verify(undefined, signedForm(content, signature.prehashed), key, bytes);
  const commented = Buffer.concat([bytes, Buffer.from(trustedComment)]);
  if (verify(undefined, commented, key, globalBytes)) return holds ? 'good' : 'other-content';
  return holds ? 'other-comment' : 'forged';
}

/**
 * Signs content, and makes the signature's file.
 *
 * @param comments - one line each; the trusted one is signed along
 * @throws MinisignError `unfit`
 */
export function signContent(
  content: Uint8Array,
  { key, publicKey }: SecretKey,
  comments: { readonly comment: string; readonly trusted: string },
): string {
  checkComment(comments.comment, commentLimit);
  checkComment(comments.trusted, trustedCommentLimit);
  const bytes = sign(undefined, signedForm(content, true), key);
  const head = Buffer.concat([Buffer.from(prehashedAlgorithm), writeKeyId(publicKey.id)]);
  const globalBytes = sign(undefined, Buffer.concat([bytes, Buffer.from(comments.trusted)]), key);
  return [
    `${commentPrefix}${comments.comment}`,
    Buffer.concat([head, bytes]).toString('base64'),
    `${trustedCommentPrefix}${comments.trusted}`,
    globalBytes.toString('base64'),
    '',
  ].join('\n');
}
