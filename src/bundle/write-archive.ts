import { availableParallelism } from 'node:os';
import { run } from '../system/process.ts';
import { findTool, requireTool } from '../system/tools.ts';
import { withFolders } from './content.ts';
import type { ArchiveFormat } from './format.ts';
import type { Manifest } from './manifest.ts';

/**
 * Compressors and their arguments. zstd and lbzip2 give the same bytes for any
 * number of threads; xz does from two on, if the blocks are of one size, and
 * gzip has but one (pigz makes other bytes, so whether it is there must not matter).
 *
 * 17 MB of stripped objects take with zstd -3 0.1 s of CPU
 * and 4.0 MB, -9 0.5 s and 3.5 MB, -12 1.1 s and 3.4 MB, -19 9.1 s and 3.1 MB,
 * with lbzip2 -9 0.5 s and 3.5 MB. A whole bundle of 12.2 MB, half of it the
 * compressed kernel, takes with gzip -1 0.2 s and 7.49 MB, -6 0.4 s and 7.26 MB,
 * -9 1.7 s and 7.24 MB, with xz -3 3.5 s and 6.94 MB, -6 5.2 s and 6.79 MB,
 * -9 5.0 s and 6.79 MB.
 */
function compressor(format: ArchiveFormat): string {
  const why = 'compress the bundle';
  switch (format) {
    case 'tar.zst':
      requireTool('zstd', why);
      return 'zstd -q -T0 -12 --check';
    case 'tar.xz':
      requireTool('xz', why);
      return `xz -T${Math.max(2, availableParallelism())} --block-size=16MiB -6`;
    case 'tar.gz':
      requireTool('gzip', why);
      return 'gzip -n -6';
    case 'tar.bz2':
      if (findTool('lbzip2') !== undefined) return 'lbzip2 -9';
      requireTool('bzip2', why);
      return 'bzip2 -9';
  }
}

/** The environment without what would change how the archiver works. */
function plainEnvironment(): Record<string, string | undefined> {
  const env: Record<string, string | undefined> = { ...process.env, LC_ALL: 'C', TZ: 'UTC' };
  const unwanted = [
    'TAR_OPTIONS',
    'TAPE',
    'ZSTD_CLEVEL',
    'ZSTD_NBTHREADS',
    'LBZIP2',
    'BZIP2',
    'BZIP',
    'XZ_DEFAULTS',
    'XZ_OPT',
    'GZIP',
  ];
  for (const name of unwanted) delete env[name];
  return env;
}

/**
 * Writes an archive that has the same bytes whoever packs it, wherever and when:
 * names in order, one time, owner and mode for all, no links
 * (GNU tar's manual, "Making tar Archives More Reproducible").
 *
 * @param content - the folder with the manifest's files and the manifest itself
 * @throws BootwrightError `BW-TOOL-MISSING`, `BW-TOOL-FAILED`, `BW-DISK-FULL`, `BW-INTERRUPTED`
 */
export async function writeArchive(
  archive: string,
  content: string,
  { files, timestamp }: Pick<Manifest, 'files' | 'timestamp'>,
  format: ArchiveFormat,
  { log, signal }: { readonly log?: string; readonly signal?: AbortSignal },
): Promise<void> {
  const names = ['manifest.json', ...withFolders(files)];
  await run(
    'tar',
    [
      '--create',
      `--file=${archive}`,
      `--use-compress-program=${compressor(format)}`,
      `--directory=${content}`,
      '--format=gnu',
      `--mtime=@${timestamp}`,
      '--owner=0',
      '--group=0',
      '--numeric-owner',
      '--mode=ug-s,o-t,u=rw,go=r,a+X',
      '--hard-dereference',
      '--no-recursion',
      '--no-acls',
      '--no-selinux',
      '--no-xattrs',
      '--null',
      '--verbatim-files-from',
      '--files-from=-',
    ],
    {
      env: plainEnvironment(),
      input: names.join('\0'),
      ...(log === undefined ? {} : { log }),
      ...(signal === undefined ? {} : { signal }),
    },
  );
}
