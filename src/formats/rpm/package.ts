import { RpmFormatError } from './error.ts';
import { headerIntroSize, parseHeader, parseHeaderIntro, type RpmHeader } from './header.ts';
import { hashName, specFileFlag, tag } from './tags.ts';

/** Bytes of the lead, the fixed start of a package (`lib/rpmlead.c`). */
const leadSize = 96;

/**
 * Gives bytes of a package: as many as there are of `length` from `offset` on.
 * Never called for more than the package's size.
 */
export type ByteReader = (offset: number, length: number) => Promise<Uint8Array>;

/** A file of a package, by the header. */
export interface RpmFile {
  /** Folder and name as the header has them; a source package's files have no folder. */
  readonly path: string;
  /** Type and permissions, as in `stat`. */
  readonly mode: number;
  readonly size: number;
  /** Hexadecimal; empty for what is no regular file. */
  readonly digest: string;
  /** Whether the header says that it is the package's spec. */
  readonly isSpec: boolean;
}

/** A package up to its payload. */
export interface RpmPackage {
  /** Version of the package format in the lead: 3 (also written by rpm 4) or 4. */
  readonly leadVersion: number;
  readonly isSource: boolean;
  readonly name: string;
  readonly epoch?: number;
  readonly version: string;
  readonly release: string;
  /** When the package was built, in seconds since the epoch; 0 if it does not say. */
  readonly buildTime: number;
  /** Of a source package: the machine that it was made on, or made for. */
  readonly architecture: string;
  readonly exclusiveArch: readonly string[];
  readonly excludeArch: readonly string[];
  readonly buildArchs: readonly string[];
  readonly files: readonly RpmFile[];
  /** Node's name of the algorithm of the files' digests; undefined for one that is not known. */
  readonly fileDigestAlgorithm: string | undefined;
  /** Such as `cpio`. */
  readonly payloadFormat: string;
  /** Such as `zstd`, `xz`, `gzip`, `bzip2`, `lzma` or `none`. */
  readonly payloadCompressor: string;
  readonly signature: RpmHeader;
  readonly header: RpmHeader;
  /** The header's bytes, which its digests are made of. */
  readonly headerBytes: Uint8Array;
  /** Where the payload starts, in bytes. */
  readonly payloadOffset: number;
}

/** Whether bytes start as a package does. */
function looksLikeRpm(bytes: Uint8Array): boolean {
  return bytes[0] === 0xed && bytes[1] === 0xab && bytes[2] === 0xee && bytes[3] === 0xdb;
}

/**
 * Reads lead, signature header and main header of a package of format 3, 4 or 6.
 *
 * @param read - gives bytes of the package
 * @param size - how many bytes the package has
 * @throws RpmFormatError
 */
export async function readPackage(read: ByteReader, size: number): Promise<RpmPackage> {
  const exactly = async (offset: number, length: number, what: string): Promise<Uint8Array> => {
    const bytes = offset + length > size ? undefined : await read(offset, length);
    if (bytes === undefined || bytes.length < length) {
      throw new RpmFormatError(
        'truncated',
        `The package ends after ${size} bytes, inside of its ${what}.`,
        offset,
      );
    }
    return bytes;
  };

  if (!looksLikeRpm(await read(0, Math.min(size, 4)))) {
    throw new RpmFormatError('not-rpm', 'The file does not start with the magic of RPM.', 0);
  }
  const lead = await exactly(0, leadSize, 'lead');
  const leadVersion = lead[4] ?? 0;
  if (leadVersion < 3 || leadVersion > 6) {
    throw new RpmFormatError('malformed', `The package has format version ${leadVersion}.`, 4);
  }

  const readHeader = async (offset: number, what: string): Promise<Uint8Array> => {
    const intro = parseHeaderIntro(await exactly(offset, headerIntroSize, what), offset);
    return exactly(offset, intro.size, what);
  };
  const signatureBytes = await readHeader(leadSize, 'signature');
  const signature = parseHeader(signatureBytes, leadSize);
  // The signature alone is padded, to a multiple of eight.
  const headerOffset = leadSize + Math.ceil(signatureBytes.length / 8) * 8;
  const headerBytes = await readHeader(headerOffset, 'header');
  const header = parseHeader(headerBytes, headerOffset);

  const required = (number: number, what: string): string => {
    const value = header.text(number);
    if (value === undefined || value === '') {
      throw new RpmFormatError('malformed', `The header has no ${what}.`, headerOffset);
    }
    return value;
  };
  const epoch = header.number(tag.epoch);
  return {
    leadVersion,
    isSource: !header.has(tag.sourceRpm),
    name: required(tag.name, 'name'),
    ...(epoch === undefined ? {} : { epoch }),
    version: required(tag.version, 'version'),
    release: required(tag.release, 'release'),
    buildTime: header.number(tag.buildTime) ?? 0,
    architecture: header.text(tag.architecture) ?? '',
    exclusiveArch: header.texts(tag.exclusiveArch),
    excludeArch: header.texts(tag.excludeArch),
    buildArchs: header.texts(tag.buildArchs),
    files: readFiles(header, headerOffset),
    fileDigestAlgorithm: hashName(header.number(tag.fileDigestAlgorithm) ?? 1),
    payloadFormat: header.text(tag.payloadFormat) ?? 'cpio',
    payloadCompressor: header.text(tag.payloadCompressor) ?? 'gzip',
    signature,
    header,
    headerBytes,
    payloadOffset: headerOffset + headerBytes.length,
  };
}

/** Puts together what the header says of each file. */
function readFiles(header: RpmHeader, headerOffset: number): RpmFile[] {
  const names = header.texts(tag.baseNames);
  const folders = header.texts(tag.directoryNames);
  const folderOf = header.numbers(tag.directoryIndexes);
  const paths = names.map((name, i) => {
    const folder = folders[folderOf[i] ?? -1];
    if (folder === undefined) {
      throw new RpmFormatError('malformed', `The file "${name}" has no folder.`, headerOffset);
    }
    return folder + name;
  });
  // Packages made before rpm 4 have whole names.
  if (names.length === 0) paths.push(...header.texts(tag.oldFileNames));
  const modes = header.numbers(tag.fileModes);
  const sizes = header.numbers(header.has(tag.longFileSizes) ? tag.longFileSizes : tag.fileSizes);
  const digests = header.texts(tag.fileDigests);
  const flags = header.numbers(tag.fileFlags);
  return paths.map((path, i) => {
    const mode = modes[i];
    const size = sizes[i];
    if (mode === undefined || size === undefined) {
      throw new RpmFormatError('malformed', `The file "${path}" lacks mode or size.`, headerOffset);
    }
    return {
      path,
      mode,
      size,
      digest: digests[i] ?? '',
      isSpec: ((flags[i] ?? 0) & specFileFlag) !== 0,
    };
  });
}
