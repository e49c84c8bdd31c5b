/**
 * Tags of the signature header that are read here; numbers from
 * rpm's `include/rpm/rpmtag.h` (`rpmSigTag_e`).
 */
export const signatureTag = {
  /** Size of header and payload in bytes, 32 and 64 bits. */
  size: 1000,
  longSize: 270,
  /** MD5 of header and payload. */
  md5: 1004,
  /** Hexadecimal digests of the header alone. */
  sha1: 269,
  sha256: 273,
} as const;

/** Tags of the main header that are read here; numbers from rpm's `rpmTag_e`. */
export const tag = {
  name: 1000,
  version: 1001,
  release: 1002,
  epoch: 1003,
  /** When the package was built, in seconds since the epoch. */
  buildTime: 1006,
  distribution: 1010,
  vendor: 1011,
  /** Names of the sources and patches, as the spec lists them. */
  source: 1018,
  patch: 1019,
  architecture: 1022,
  oldFileNames: 1027,
  fileSizes: 1028,
  fileModes: 1030,
  fileDigests: 1035,
  fileFlags: 1037,
  /** The source package that a binary one was built from: only binary packages have it. */
  sourceRpm: 1044,
  excludeArch: 1059,
  exclusiveArch: 1061,
  buildArchs: 1089,
  directoryIndexes: 1116,
  baseNames: 1117,
  directoryNames: 1118,
  payloadFormat: 1124,
  payloadCompressor: 1125,
  longFileSizes: 5008,
  fileDigestAlgorithm: 5011,
  /** Digest of the payload as it stands in the package, and its algorithm. */
  payloadDigest: 5092,
  payloadDigestAlgorithm: 5093,
  /** Digest of the payload once it is decompressed. */
  payloadDigestAlternate: 5097,
} as const;

/** Flag of a file that is the package's spec (`RPMFILE_SPECFILE`). */
export const specFileFlag = 1 << 5;

/** OpenPGP's numbers of hash algorithms (RFC 9580, 9.5), by Node's names. */
const hashNames: Readonly<Record<number, string>> = {
  1: 'md5',
  2: 'sha1',
  8: 'sha256',
  9: 'sha384',
  10: 'sha512',
  11: 'sha224',
  12: 'sha3-256',
  14: 'sha3-512',
};

/** The name under which Node knows an OpenPGP hash algorithm, or undefined. */
export function hashName(number: number): string | undefined {
  return hashNames[number];
}
