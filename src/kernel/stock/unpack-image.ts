import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gunzip, zstdDecompress } from 'node:zlib';
import { type PayloadFormat, readBzImagePayload } from '../../formats/bzimage/index.ts';
import { openOutput } from '../../system/process-output.ts';
import { requireTool } from '../../system/tools.ts';

/** How much a kernel may unpack to, in bytes. */
const kernelLimit = 512 * 1024 * 1024;

/** The programs for what Node does not unpack. */
const unpackers: Readonly<
  Record<Exclude<PayloadFormat, 'gzip' | 'zstd'>, readonly [string, ...string[]]>
> = {
  bzip2: ['bzip2', '-dc'],
  lzma: ['xz', '--format=lzma', '-dc'],
  xz: ['xz', '-dc'],
  lzo: ['lzop', '-dc'],
  lz4: ['lz4', '-dc'],
};

async function unpackBy(
  [tool, ...args]: readonly [string, ...string[]],
  bytes: Uint8Array,
): Promise<Uint8Array> {
  requireTool(tool, 'unpack the stock kernel');
  const { output, ended, stop } = openOutput(tool, args, bytes);
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of output) {
    if (!(chunk instanceof Uint8Array)) continue;
    size += chunk.length;
    if (size > kernelLimit) {
      stop();
      ended.catch(() => undefined);
      throw new RangeError(`it unpacks to more than ${kernelLimit} bytes`);
    }
    chunks.push(chunk);
  }
  await ended;
  return Buffer.concat(chunks);
}

/**
 * Unpacks the kernel proper (vmlinux, without debug information) from an image.
 *
 * @param path - a bzImage
 * @throws BzImageError, BootwrightError `BW-TOOL-MISSING`, `BW-TOOL-FAILED`; what zlib says of bad bytes
 */
export async function unpackImage(path: string): Promise<Uint8Array> {
  const { format, bytes } = readBzImagePayload(await readFile(path));
  const limit = { maxOutputLength: kernelLimit };
  if (format === 'gzip') return promisify(gunzip)(bytes, limit);
  if (format === 'zstd') return promisify(zstdDecompress)(bytes, limit);
  return unpackBy(unpackers[format], bytes);
}
