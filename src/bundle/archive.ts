import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { extract } from 'tar-stream';
import { BootwrightError, isSystemError } from '../system/errors/index.ts';
import { openOutput } from '../system/process-output.ts';
import { findTool } from '../system/tools.ts';
import type { ArchiveFormat } from './format.ts';
import { memberJudge } from './members.ts';

/** One file or folder of a bundle, judged to be safe. */
export interface Member {
  readonly name: string;
  readonly type: 'file' | 'directory';
  /** Permission bits. */
  readonly mode: number;
  /** Bytes, as the head states them; 0 for a folder. */
  readonly bytes: number;
  /** The content: to be read to its end, or left alone, before the next member. */
  readonly content: AsyncIterable<Uint8Array>;
}

/**
 * How a file is compressed, by its first bytes, whatever its name: RFC 8878
 * 3.1.1 (zstd), "BZh" (bzip2), section 2.1.1.1 of xz's file format, RFC 1952 2.3.1 (gzip).
 *
 * @throws BootwrightError `BW-BUNDLE-NOT`
 */
export async function archiveFormatOf(path: string): Promise<ArchiveFormat> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(6), 0, 6, 0);
    const magic = buffer.subarray(0, bytesRead).toString('latin1');
    if (magic.startsWith('\x28\xb5\x2f\xfd')) return 'tar.zst';
    if (magic === '\xfd7zXZ\0') return 'tar.xz';
    if (magic.startsWith('\x1f\x8b')) return 'tar.gz';
    if (magic.startsWith('BZh')) return 'tar.bz2';
  } finally {
    await file.close();
  }
  throw new BootwrightError(
    'BW-BUNDLE-NOT',
    `"${path}" is no zstd, xz, gzip or bzip2 archive by its first bytes.`,
  );
}

/** The archive's bytes, unpacked as they are read, and what to await and call at the end. */
interface Decompression {
  readonly output: Readable;
  readonly ended: Promise<void>;
  stop(): void;
}

function decompress(path: string, format: ArchiveFormat): Decompression {
  if (format === 'tar.bz2') {
    return openOutput(findTool('lbzip2') === undefined ? 'bzip2' : 'lbzip2', ['-dc', '--', path]);
  }
  if (format === 'tar.xz') return openOutput('xz', ['-dc', '--', path]);
  const output = format === 'tar.gz' ? createGunzip() : createZstdDecompress();
  const ended = pipeline(createReadStream(path, { highWaterMark: 1 << 18 }), output);
  ended.catch(() => undefined);
  return { output, ended, stop: () => output.destroy() };
}

const tooEarly =
  /unexpected (end|EOF)|premature|ends unexpectedly|corrupt or ends|Unexpected end of data/i;

/** Says of whatever went wrong in reading what it means for the bundle. */
function readingError(error: unknown, path: string, after: string | undefined): unknown {
  if (error instanceof BootwrightError && error.code !== 'BW-TOOL-FAILED') return error;
  if (isSystemError(error) && error.path !== undefined) return error;
  const words =
    error instanceof BootwrightError
      ? (error.occasion.excerpt ?? []).join(' ')
      : error instanceof Error
        ? error.message
        : String(error);
  const place = after === undefined ? 'at its beginning' : `at or after "${after}"`;
  const code = tooEarly.test(words) ? 'BW-BUNDLE-TRUNCATED' : 'BW-BUNDLE-CORRUPT';
  return new BootwrightError(code, `"${path}" cannot be read ${place}: ${words}.`, {
    cause: error,
  });
}

/**
 * Reads an archive from its beginning to its end, member by member, and judges
 * each before anybody gets it.
 *
 * @throws BootwrightError `BW-BUNDLE-UNSAFE`, `BW-BUNDLE-TRUNCATED`, `BW-BUNDLE-CORRUPT`,
 *   `BW-TOOL-MISSING` (no bzip2, no xz)
 */
export async function* readArchive(
  path: string,
  format: ArchiveFormat,
  signal?: AbortSignal,
): AsyncGenerator<Member> {
  const judge = memberJudge();
  const source = decompress(path, format);
  const members = extract();
  let last: string | undefined;
  const explain = async (error: unknown): Promise<unknown> => {
    if (signal?.aborted) return error;
    // A tar that ends too early is only what follows when the decompressor gives up.
    if (error instanceof Error && error.message === 'Unexpected end of data') {
      await source.ended.catch((first: unknown) => {
        error = first;
      });
    }
    return readingError(error, path, last);
  };
  async function* contentOf(entry: AsyncIterable<unknown>): AsyncGenerator<Uint8Array> {
    try {
      for await (const chunk of entry) if (chunk instanceof Uint8Array) yield chunk;
    } catch (error) {
      throw await explain(error);
    }
  }
  const feeding = pipeline(source.output, members);
  feeding.catch(() => undefined);
  try {
    for await (const entry of members) {
      signal?.throwIfAborted();
      const { name, type, mode, size } = entry.header;
      const judged = judge({ name, type });
      if (typeof judged !== 'string') {
        throw new BootwrightError(
          'BW-BUNDLE-UNSAFE',
          `"${path}" has a member ${JSON.stringify(judged.name)}: ${judged.reason}.`,
        );
      }
      last = judged;
      yield {
        name: judged,
        type: type === 'directory' ? 'directory' : 'file',
        mode,
        bytes: size,
        content: contentOf(entry),
      };
      entry.resume();
    }
    await feeding;
    await source.ended;
  } catch (error) {
    throw await explain(error);
  } finally {
    source.stop();
    members.destroy();
  }
}
