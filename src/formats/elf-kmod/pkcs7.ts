import { ModuleFormatError } from './format-error.ts';

/** The parts of a detached PKCS#7 signature that are needed to verify it. */
export interface DetachedSignature {
  /** Name of the digest as node:crypto and OpenSSL call it. */
  readonly digest:
    | 'sha1'
    | 'sha224'
    | 'sha256'
    | 'sha384'
    | 'sha512'
    | 'sha3-256'
    | 'sha3-384'
    | 'sha3-512';
  /** The signature over the content itself: sign-file adds no signed attributes. */
  readonly signature: Uint8Array;
}

/** One element of DER: its tag, its content, and where the next one starts. */
interface Element {
  readonly tag: number;
  readonly content: Uint8Array;
  readonly next: number;
}

const tags = { octets: 0x04, oid: 0x06, sequence: 0x30, set: 0x31, explicit0: 0xa0 };

/** DER contents of the object identifiers that occur, in hexadecimal. */
const signedDataOid = '2a864886f70d010702';
const digestOids: Readonly<Record<string, DetachedSignature['digest']>> = {
  '2b0e03021a': 'sha1',
  '608648016503040204': 'sha224',
  '608648016503040201': 'sha256',
  '608648016503040202': 'sha384',
  '608648016503040203': 'sha512',
  '608648016503040208': 'sha3-256',
  '608648016503040209': 'sha3-384',
  '60864801650304020a': 'sha3-512',
};

function bad(detail: string): ModuleFormatError {
  return new ModuleFormatError('bad-signature', `its PKCS#7 message is malformed: ${detail}`);
}

function elementAt(bytes: Uint8Array, at: number): Element {
  const tag = bytes[at];
  const first = bytes[at + 1];
  if (tag === undefined || first === undefined) throw bad('it ends too soon');
  let length = first;
  let start = at + 2;
  if (first >= 0x80) {
    const count = first & 0x7f;
    if (count === 0 || count > 4) throw bad('a length is not DER');
    length = 0;
    for (let index = 0; index < count; index += 1) {
      const byte = bytes[start + index];
      if (byte === undefined) throw bad('it ends too soon');
      length = length * 256 + byte;
    }
    start += count;
  }
  if (start + length > bytes.length) throw bad('an element runs over its end');
  return { tag, content: bytes.subarray(start, start + length), next: start + length };
}

function children(bytes: Uint8Array): Element[] {
  const found: Element[] = [];
  for (let at = 0; at < bytes.length; ) {
    const element = elementAt(bytes, at);
    found.push(element);
    at = element.next;
  }
  return found;
}

function expect(element: Element | undefined, tag: number, what: string): Uint8Array {
  if (element === undefined || element.tag !== tag) throw bad(`${what} is missing`);
  return element.content;
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

/**
 * Reads a detached PKCS#7 SignedData message (RFC 2315, RFC 5652) with one
 * signer and no signed attributes, which is what scripts/sign-file writes
 * (`CMS_NOATTR`).
 *
 * @param der - the message
 * @throws ModuleFormatError `bad-signature`
 */
export function readDetachedSignature(der: Uint8Array): DetachedSignature {
  const [contentType, wrapped] = children(expect(elementAt(der, 0), tags.sequence, 'ContentInfo'));
  if (hex(expect(contentType, tags.oid, 'the content type')) !== signedDataOid) {
    throw bad('it is not SignedData');
  }
  const signedData = expect(
    elementAt(expect(wrapped, tags.explicit0, 'the content'), 0),
    tags.sequence,
    'SignedData',
  );
  // version, digestAlgorithms, contentInfo, [0] certificates, [1] crls, signerInfos
  const signers = children(expect(children(signedData).at(-1), tags.set, 'the list of signers'));
  if (signers.length !== 1) throw bad(`it has ${signers.length} signers`);
  // version, sid, digestAlgorithm, [0] signedAttrs, signatureAlgorithm, signature, [1] unsignedAttrs
  const fields = children(expect(signers[0], tags.sequence, 'the signer'));
  if (fields[3]?.tag === tags.explicit0) throw bad('it has signed attributes');
  const algorithm = children(expect(fields[2], tags.sequence, 'the digest algorithm'))[0];
  const oid = hex(expect(algorithm, tags.oid, 'the digest algorithm'));
  const digest = digestOids[oid];
  if (digest === undefined) throw bad(`the digest ${oid} is unknown`);
  return { digest, signature: expect(fields[4], tags.octets, 'the signature') };
}
