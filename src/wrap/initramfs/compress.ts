import { readConfigValues } from '../../kernel/compile/config-values.ts';
import { openOutput } from '../../system/process-output.ts';
import { requireTool } from '../../system/tools.ts';

/** How an initramfs can be compressed, the one that a kernel unpacks best first. */
export const compressions = ['zstd', 'xz', 'gzip'] as const;
export type Compression = (typeof compressions)[number];

/** The option of a kernel that unpacks an initramfs of that kind, and how it is packed. */
const packers: Readonly<
  Record<
    Compression,
    { readonly option: string; readonly args: (length: number) => readonly string[] }
  >
> = {
  // One thread: the number of threads decides where blocks end, and so the bytes. The length keeps
  // the window, which the kernel allocates whole, from being larger than the archive.
  zstd: {
    option: 'RD_ZSTD',
    args: (length) => ['--ultra', '-22', '-T1', `--stream-size=${length}`, '-q', '-c'],
  },
  // The kernel knows no other checksum (Documentation/staging/xz.rst).
  xz: { option: 'RD_XZ', args: () => ['--check=crc32', '--x86', '--lzma2=preset=9e', '-T1', '-c'] },
  gzip: { option: 'RD_GZIP', args: () => ['-9', '-n', '-c'] },
};

/** How the initramfs of a kernel is to be compressed, by its config; undefined if it unpacks none of these. */
export function compressionFor(config: string): Compression | undefined {
  const values = readConfigValues(config);
  return compressions.find((name) => values.get(packers[name].option) === 'y');
}

/**
 * Compresses an archive. The same bytes give the same bytes.
 *
 * @throws BootwrightError `BW-TOOL-MISSING`, `BW-TOOL-FAILED`
 */
export async function compress(
  archive: Uint8Array,
  compression: Compression,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  const tool = requireTool(compression, 'compress an initramfs');
  const { output, ended, stop } = openOutput(
    tool,
    packers[compression].args(archive.length),
    archive,
  );
  signal?.addEventListener('abort', stop, { once: true });
  try {
    const chunks: Uint8Array[] = [];
    for await (const chunk of output) if (chunk instanceof Uint8Array) chunks.push(chunk);
    await ended;
    signal?.throwIfAborted();
    return Buffer.concat(chunks);
  } finally {
    signal?.removeEventListener('abort', stop);
  }
}
