export {
  checkDigests,
  type DigestCheck,
  type DigestedPart,
  type ExpectedDigest,
  expectedDigests,
  expectedSize,
} from './digests.ts';
export { RpmFormatError, type RpmProblem } from './error.ts';
export { parseHeader, type RpmHeader } from './header.ts';
export {
  type ByteReader,
  looksLikeRpm,
  type RpmFile,
  type RpmPackage,
  readPackage,
} from './package.ts';
export { signatureTag, tag } from './tags.ts';
