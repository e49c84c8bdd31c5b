import { createHash } from 'node:crypto';
import type { RpmPackage } from './package.ts';
import { hashName, signatureTag, tag } from './tags.ts';

/** What a digest is made of. */
export type DigestedPart = 'header' | 'header and payload' | 'payload' | 'uncompressed payload';

/** A digest that a package carries of a part of itself. */
export interface ExpectedDigest {
  readonly part: DigestedPart;
  /** As Node calls it, such as `sha256`. */
  readonly algorithm: string;
  /** Hexadecimal, lower case. */
  readonly value: string;
}

/** The digests that a package carries of its parts; algorithms that are not known are left out. */
export function expectedDigests(rpm: RpmPackage): ExpectedDigest[] {
  const found: ExpectedDigest[] = [];
  const add = (part: DigestedPart, algorithm: string | undefined, value: string | undefined) => {
    if (algorithm !== undefined && value !== undefined && value !== '') {
      found.push({ part, algorithm, value: value.toLowerCase() });
    }
  };
  add('header', 'sha1', rpm.signature.text(signatureTag.sha1));
  add('header', 'sha256', rpm.signature.text(signatureTag.sha256));
  const md5 = rpm.signature.binary(signatureTag.md5);
  add('header and payload', 'md5', md5 && Buffer.from(md5).toString('hex'));
  const payloadAlgorithm = hashName(rpm.header.number(tag.payloadDigestAlgorithm) ?? 8);
  add('payload', payloadAlgorithm, rpm.header.text(tag.payloadDigest));
  add('uncompressed payload', payloadAlgorithm, rpm.header.text(tag.payloadDigestAlternate));
  return found;
}

/** Bytes of header and payload together, by the signature; undefined if it does not say. */
export function expectedSize(rpm: RpmPackage): number | undefined {
  return rpm.signature.number(signatureTag.longSize) ?? rpm.signature.number(signatureTag.size);
}

/** Takes the payload piece by piece and tells in the end which digests do not hold. */
export interface DigestCheck {
  payload(chunk: Uint8Array): void;
  uncompressed(chunk: Uint8Array): void;
  /**
   * The digests that do not hold, with what was found instead. Those of the uncompressed payload
   * are left out when none of it was given.
   */
  failures(): readonly (ExpectedDigest & { readonly actual: string })[];
}

/** Starts a check of all digests that a package carries. */
export function checkDigests(rpm: RpmPackage): DigestCheck {
  let sawUncompressed = false;
  const running = expectedDigests(rpm).map((expected) => {
    const hash = createHash(expected.algorithm);
    if (expected.part.startsWith('header')) hash.update(rpm.headerBytes);
    return { expected, hash };
  });
  const feed = (chunk: Uint8Array, ...parts: readonly DigestedPart[]): void => {
    for (const { expected, hash } of running) {
      if (parts.includes(expected.part)) hash.update(chunk);
    }
  };
  return {
    payload: (chunk) => feed(chunk, 'payload', 'header and payload'),
    uncompressed: (chunk) => {
      sawUncompressed = true;
      feed(chunk, 'uncompressed payload');
    },
    failures: () =>
      running
        .filter(({ expected }) => sawUncompressed || expected.part !== 'uncompressed payload')
        .map(({ expected, hash }) => ({ ...expected, actual: hash.digest('hex') }))
        .filter(({ value, actual }) => value !== actual),
  };
}
