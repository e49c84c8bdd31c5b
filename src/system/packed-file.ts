import { readFile, stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gunzip, zstdDecompress } from 'node:zlib';
import { BootwrightError, isSystemError, type KnownErrorCode } from './errors/index.ts';
import { formatBytes } from './files.ts';
import { openOutput } from './process-output.ts';

/** The most that a file may be, packed or unpacked. */
export interface SizeLimit {
  readonly bytes: number;
  /** The error that a larger file stands for. */
  readonly failure: KnownErrorCode;
}

function tooLarge(path: string, { bytes, failure }: SizeLimit): BootwrightError {
  return new BootwrightError(failure, `"${path}" has more than ${formatBytes(bytes)}.`);
}

/** Node has no xz. */
async function unpackXz(
  path: string,
  failure: KnownErrorCode,
  signal: AbortSignal | undefined,
  limit: SizeLimit | undefined,
): Promise<Uint8Array> {
  const { output, ended, stop } = openOutput('xz', ['--decompress', '--stdout', '--', path]);
  const onAbort = (): void => stop();
  signal?.addEventListener('abort', onAbort, { once: true });
  let isTooLarge = false;
  const collect = async (): Promise<Uint8Array> => {
    const chunks: Uint8Array[] = [];
    let length = 0;
    for await (const chunk of output as AsyncIterable<Uint8Array>) {
      chunks.push(chunk);
      length += chunk.length;
      isTooLarge = limit !== undefined && length > limit.bytes;
      if (!isTooLarge) continue;
      stop();
      break;
    }
    return Buffer.concat(chunks);
  };
  try {
    // Whatever fails first, the program has ended before anything is thrown.
    const [read, end] = await Promise.allSettled([collect(), ended]);
    if (limit !== undefined && isTooLarge) throw tooLarge(path, limit);
    if (end.status === 'rejected') throw end.reason;
    if (read.status === 'rejected') throw read.reason;
    return read.value;
  } catch (error) {
    signal?.throwIfAborted();
    if (!(error instanceof BootwrightError) || error.code !== 'BW-TOOL-FAILED') throw error;
    throw new BootwrightError(failure, `"${path}" cannot be unpacked.`, {
      ...error.occasion,
      cause: error,
    });
  } finally {
    signal?.removeEventListener('abort', onAbort);
  }
}

/**
 * Reads a file, unpacked if its name says that it is packed (`.gz`, `.xz`, `.zst`).
 *
 * @param failure - the error that a file which cannot be unpacked stands for
 * @param limit - the most that it may be; without one, whatever there is is read
 * @throws BootwrightError `failure`, the limit's, `BW-TOOL-MISSING` for xz
 */
export async function readPackedFile(
  path: string,
  failure: KnownErrorCode,
  signal?: AbortSignal,
  limit?: SizeLimit,
): Promise<Uint8Array> {
  try {
    if (limit !== undefined && (await stat(path)).size > limit.bytes) throw tooLarge(path, limit);
    if (path.endsWith('.xz')) return await unpackXz(path, failure, signal, limit);
    const bytes = await readFile(path);
    const most = limit === undefined ? {} : { maxOutputLength: limit.bytes };
    if (path.endsWith('.gz')) return await promisify(gunzip)(bytes, most);
    if (path.endsWith('.zst')) return await promisify(zstdDecompress)(bytes, most);
    return bytes;
  } catch (error) {
    if (error instanceof BootwrightError) throw error;
    if (isSystemError(error)) throw error;
    // zlib's ERR_BUFFER_TOO_LARGE.
    if (limit !== undefined && error instanceof RangeError) throw tooLarge(path, limit);
    throw new BootwrightError(failure, `"${path}" cannot be unpacked.`, { cause: error });
  }
}
