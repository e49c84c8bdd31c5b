import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import {
  checkDigests,
  expectedDigests,
  expectedSize,
  RpmFormatError,
  type RpmPackage,
  readPackage,
  tag,
} from '../../formats/rpm/index.ts';
import { BootwrightError, isSystemError } from '../../system/errors/index.ts';
import { verifyPayload } from './payload.ts';

/** A verified source package. */
export interface SourcePackage {
  /** Absolute path of the file. */
  readonly path: string;
  /** Of the whole file, in hexadecimal. */
  readonly sha256: string;
  /** In bytes. */
  readonly size: number;
  readonly name: string;
  readonly epoch?: number;
  readonly version: string;
  readonly release: string;
  /** When the package was built, in seconds since the epoch; 0 if it does not say. */
  readonly buildTime: number;
  /** Such as `kernel-5.14.0-570.32.1.el9_6.src`. */
  readonly nevra: string;
  /** The dist tag at the end of the release, such as `.el9_6`. */
  readonly dist?: string;
  /** Major version of the RHEL family by the dist tag, such as `9`. */
  readonly rhelMajor?: string;
  /** The distributor, by the header. */
  readonly vendor?: string;
  /** Name of the one spec file. */
  readonly specFile: string;
  /** All files, spec included. */
  readonly files: readonly SourceFile[];
  /** Names of those that are patches, in the order of their application as far as that is known. */
  readonly patches: readonly string[];
  readonly exclusiveArch: readonly string[];
  readonly excludeArch: readonly string[];
}

/** A file of a source package. */
export interface SourceFile {
  readonly name: string;
  /** In bytes. */
  readonly size: number;
}

/** Bytes read at a time. */
const chunkSize = 1 << 20;

/**
 * The dist tag in a release: what the distribution's macro %{dist} put there.
 *
 * @example distTag('570.32.1.el9_6') // '.el9_6'
 */
export function distTag(release: string): string | undefined {
  return /\.(?:el|fc|amzn|oe|an)\d+(?:_\d+)*(?=[._~^+-]|$)/.exec(release)?.[0];
}

/**
 * Reads a source package and makes sure that it is whole: digests of header, payload and every
 * file hold, and its files are plain ones, side by side.
 *
 * @throws BootwrightError `BW-FILE-MISSING`, `BW-SOURCE-NOT-RPM`, `BW-SOURCE-BINARY`,
 *   `BW-SOURCE-TRUNCATED`, `BW-SOURCE-CORRUPT`, `BW-SOURCE-UNSAFE-NAME`,
 *   `BW-SOURCE-UNSUPPORTED`, `BW-SOURCE-NO-SPEC`
 */
export async function inspectSourcePackage(
  path: string,
  options: { readonly signal?: AbortSignal } = {},
): Promise<SourcePackage> {
  const file = await openPackage(path);
  try {
    const { size } = await file.stat();
    const rpm = await readHead(file, path, size);
    if (!rpm.isSource) {
      throw new BootwrightError(
        'BW-SOURCE-BINARY',
        `"${path}" is the binary package ${rpm.name}-${rpm.version}-${rpm.release}.${rpm.architecture}.`,
      );
    }
    const expected = expectedSize(rpm);
    const found = size - (rpm.payloadOffset - rpm.headerBytes.length);
    if (expected !== undefined && found < expected) {
      throw new BootwrightError(
        'BW-SOURCE-TRUNCATED',
        `"${path}" lacks ${expected - found} of ${size + expected - found} bytes.`,
      );
    }
    const sha256 = await verifyDigests(file, path, rpm, options.signal);
    checkNames(path, rpm);
    const specFile = findSpec(path, rpm);
    if (rpm.payloadFormat !== 'cpio') {
      throw new BootwrightError(
        'BW-SOURCE-UNSUPPORTED',
        `The payload of "${path}" has the format "${rpm.payloadFormat}".`,
      );
    }
    await verifyPayload(path, rpm, options.signal);

    const dist = distTag(rpm.release);
    const rhelMajor = dist === undefined ? undefined : /^\.el(\d+)/.exec(dist)?.[1];
    const vendor = rpm.header.text(tag.vendor);
    return {
      path,
      sha256,
      size,
      name: rpm.name,
      ...(rpm.epoch === undefined ? {} : { epoch: rpm.epoch }),
      version: rpm.version,
      release: rpm.release,
      buildTime: rpm.buildTime,
      nevra: `${rpm.name}-${rpm.epoch === undefined ? '' : `${rpm.epoch}:`}${rpm.version}-${rpm.release}.src`,
      ...(dist === undefined ? {} : { dist }),
      ...(rhelMajor === undefined ? {} : { rhelMajor }),
      ...(vendor === undefined ? {} : { vendor }),
      specFile,
      files: rpm.files.map((each) => ({ name: each.path, size: each.size })),
      patches: rpm.header.texts(tag.patch).toReversed(),
      exclusiveArch: rpm.exclusiveArch,
      excludeArch: rpm.excludeArch,
    };
  } finally {
    await file.close();
  }
}

async function openPackage(path: string): Promise<FileHandle> {
  try {
    // A named pipe must not keep us waiting.
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    if ((await file.stat()).isFile()) return file;
    await file.close();
    throw new BootwrightError('BW-SOURCE-NOT-RPM', `"${path}" is not a file.`);
  } catch (error) {
    if (isSystemError(error, 'ENOENT', 'ENOTDIR')) {
      throw new BootwrightError('BW-FILE-MISSING', `The source package "${path}" does not exist.`, {
        cause: error,
      });
    }
    throw error;
  }
}

/** Everything up to the payload, with the parser's errors in words for a person. */
async function readHead(file: FileHandle, path: string, size: number): Promise<RpmPackage> {
  try {
    return await readPackage(async (offset, length) => {
      const bytes = new Uint8Array(length);
      const { bytesRead } = await file.read(bytes, 0, length, offset);
      return bytes.subarray(0, bytesRead);
    }, size);
  } catch (error) {
    if (!(error instanceof RpmFormatError)) throw error;
    const code = {
      'not-rpm': 'BW-SOURCE-NOT-RPM',
      truncated: 'BW-SOURCE-TRUNCATED',
      malformed: 'BW-SOURCE-CORRUPT',
    } as const;
    throw new BootwrightError(
      code[error.problem],
      `"${path}", byte ${error.offset}: ${error.message}`,
      { cause: error },
    );
  }
}

/** Checks all digests that cover the file as it stands; gives the SHA-256 of the whole file. */
async function verifyDigests(
  file: FileHandle,
  path: string,
  rpm: RpmPackage,
  signal: AbortSignal | undefined,
): Promise<string> {
  const parts = expectedDigests(rpm).map(({ part }) => part);
  if (!parts.some((part) => part === 'header and payload' || part === 'payload')) {
    throw new BootwrightError('BW-SOURCE-CORRUPT', `"${path}" carries no digest of its payload.`);
  }
  const check = checkDigests(rpm);
  const whole = createHash('sha256');
  const buffer = new Uint8Array(chunkSize);
  for (let offset = 0; ; ) {
    signal?.throwIfAborted();
    // Up to the payload, then the payload: the two are digested differently.
    const length = offset < rpm.payloadOffset ? rpm.payloadOffset - offset : chunkSize;
    const { bytesRead } = await file.read(buffer, 0, Math.min(length, chunkSize), offset);
    if (bytesRead === 0) break;
    const chunk = buffer.subarray(0, bytesRead);
    whole.update(chunk);
    if (offset >= rpm.payloadOffset) check.payload(chunk);
    offset += bytesRead;
  }
  const [failure] = check.failures();
  if (failure !== undefined) {
    throw new BootwrightError(
      'BW-SOURCE-CORRUPT',
      `The ${failure.algorithm} digest of the ${failure.part} of "${path}" does not hold.`,
      { excerpt: [`in the package: ${failure.value}`, `of its bytes:   ${failure.actual}`] },
    );
  }
  return whole.digest('hex');
}

/** Whether a name can stand for nothing but a file in the folder that it is put in. */
function isPlainName(name: string): boolean {
  return /^[^/\0-\x1f\x7f]+$/.test(name) && name !== '.' && name !== '..';
}

const fileTypeMask = 0o170000;
const regularFile = 0o100000;

function checkNames(path: string, rpm: RpmPackage): void {
  const seen = new Set<string>();
  for (const { path: name, mode } of rpm.files) {
    if (!isPlainName(name)) {
      throw new BootwrightError(
        'BW-SOURCE-UNSAFE-NAME',
        `"${path}" has a file named ${JSON.stringify(name)}.`,
      );
    }
    if ((mode & fileTypeMask) !== regularFile) {
      throw new BootwrightError(
        'BW-SOURCE-UNSAFE-NAME',
        `"${name}" in "${path}" is not a regular file (mode ${mode.toString(8)}).`,
      );
    }
    if (seen.has(name)) {
      throw new BootwrightError('BW-SOURCE-CORRUPT', `"${path}" has two files named "${name}".`);
    }
    seen.add(name);
  }
}

function findSpec(path: string, rpm: RpmPackage): string {
  const flagged = rpm.files.filter((file) => file.isSpec);
  const specs = flagged.length > 0 ? flagged : rpm.files.filter((f) => f.path.endsWith('.spec'));
  const [spec] = specs;
  if (spec === undefined || specs.length > 1) {
    throw new BootwrightError(
      'BW-SOURCE-NO-SPEC',
      spec === undefined
        ? `None of the ${rpm.files.length} files in "${path}" is a spec.`
        : `"${path}" has ${specs.length} specs: ${specs.map((each) => each.path).join(', ')}.`,
    );
  }
  return spec.path;
}

/**
 * Makes sure that a source package is meant for an architecture.
 *
 * @throws BootwrightError `BW-SOURCE-ARCH`
 */
export function requireArchitecture(source: SourcePackage, architecture: string): void {
  const { exclusiveArch, excludeArch } = source;
  const excluded = excludeArch.includes(architecture);
  if (excluded || (exclusiveArch.length > 0 && !exclusiveArch.includes(architecture))) {
    throw new BootwrightError(
      'BW-SOURCE-ARCH',
      excluded
        ? `${source.nevra} excludes ${architecture}.`
        : `${source.nevra} is for ${exclusiveArch.join(', ')}, not for ${architecture}.`,
    );
  }
}
