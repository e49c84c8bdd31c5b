import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gunzip, zstdDecompress } from 'node:zlib';
import { BootwrightError, isSystemError, type KnownErrorCode } from './errors/index.ts';
import { openOutput } from './process-output.ts';

/** Node has no xz. */
async function unpackXz(
  path: string,
  failure: KnownErrorCode,
  signal: AbortSignal | undefined,
): Promise<Uint8Array> {
  const { output, ended, stop } = openOutput('xz', ['--decompress', '--stdout', '--', path]);
  const onAbort = (): void => stop();
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    // Whatever fails first, the program has ended before anything is thrown.
    const [chunks] = await Promise.all([output.toArray(), ended]);
    return Buffer.concat(chunks);
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
 * @throws BootwrightError `failure`, `BW-TOOL-MISSING` for xz
 */
export async function readPackedFile(
  path: string,
  failure: KnownErrorCode,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  try {
    if (path.endsWith('.xz')) return await unpackXz(path, failure, signal);
    const bytes = await readFile(path);
    if (path.endsWith('.gz')) return await promisify(gunzip)(bytes);
    if (path.endsWith('.zst')) return await promisify(zstdDecompress)(bytes);
    return bytes;
  } catch (error) {
    if (error instanceof BootwrightError || isSystemError(error)) throw error;
    throw new BootwrightError(failure, `"${path}" cannot be unpacked.`, { cause: error });
  }
}
