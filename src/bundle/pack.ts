import { cp, mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { BzImageError, readBzImageHeader } from '../formats/bzimage/index.ts';
import { BootwrightError, isSystemError, toBootwrightError } from '../system/errors/index.ts';
import { exists, formatBytes, sha256, sha256File, writeWhole } from '../system/files.ts';
import { run } from '../system/process.ts';
import type { Step } from '../system/progress.ts';
import { findTool, requireTool } from '../system/tools.ts';
import type { ArchiveFormat } from './archive.ts';
import { type BundleParts, stageContent, withFolders } from './content.ts';
import {
  type BundleFile,
  layoutOf,
  type Manifest,
  nameManifest,
  type Provenance,
  renderManifest,
  schemaVersion,
} from './manifest.ts';
import { makePartFolder, removeLeftovers, syncToDisk } from './part-folder.ts';
import { type Promotion, promotionSchema } from './promotion.ts';

/** What to pack, what is known of it, and where to. */
export interface PackOptions {
  readonly parts: BundleParts;
  readonly provenance: Provenance;
  readonly format: ArchiveFormat;
  /** The folder that bundles go into, each in a folder of its own. */
  readonly folder: string;
  /** The time that every file in the archive bears, in whole seconds since the epoch. */
  readonly timestamp: number;
  /** File that gets what the archiver says. */
  readonly log?: string;
  readonly step: Step;
  readonly signal?: AbortSignal;
}

/** A bundle that lies there, whole. */
export interface PackedBundle {
  readonly manifest: Manifest;
  /** Absolute or relative, as `PackOptions.folder` was. */
  readonly folder: string;
  readonly archive: string;
  readonly archiveBytes: number;
}

/**
 * Compressors and their arguments. zstd and lbzip2 give the same bytes for any
 * number of threads. 17 MB of stripped objects take with zstd -3 0.1 s of CPU
 * and 4.0 MB, -9 0.5 s and 3.5 MB, -12 1.1 s and 3.4 MB, -19 9.1 s and 3.1 MB,
 * with lbzip2 -9 0.5 s and 3.5 MB.
 */
function compressor(format: ArchiveFormat): string {
  if (format === 'tar.zst') {
    requireTool('zstd', 'compress the bundle');
    return 'zstd -q -T0 -12 --check';
  }
  if (findTool('lbzip2') !== undefined) return 'lbzip2 -9';
  requireTool('bzip2', 'compress the bundle');
  return 'bzip2 -9';
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
  ];
  for (const name of unwanted) delete env[name];
  return env;
}

/** A file's first bytes: all that holds an image's boot header. */
async function readHead(path: string, bytes: number): Promise<Uint8Array> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(bytes), 0, bytes, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

async function readImageVersion(image: string, kernelRelease: string): Promise<string> {
  try {
    const { version, release } = readBzImageHeader(await readHead(image, 1 << 16));
    if (release === kernelRelease) return version;
    throw new BootwrightError(
      'BW-BUNDLE-INPUT',
      `The image "${image}" is of release "${release}", not "${kernelRelease}".`,
    );
  } catch (error) {
    if (!(error instanceof BzImageError)) throw error;
    throw new BootwrightError('BW-BUNDLE-INPUT', `The image "${image}" ${error.message}.`, {
      cause: error,
    });
  }
}

async function readPromotion(path: string): Promise<Promotion> {
  try {
    return promotionSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (error) {
    if (isSystemError(error)) throw error;
    throw new BootwrightError('BW-BUNDLE-INPUT', `The promotion report "${path}" cannot be read.`, {
      cause: error,
      excerpt: String(error instanceof Error ? error.message : error)
        .split('\n')
        .slice(0, 12),
    });
  }
}

function imageEntry(files: readonly BundleFile[], image: string): BundleFile {
  const found = files.find(({ path }) => path === image);
  if (found === undefined) throw new Error(`no ${image} among the staged files`);
  return found;
}

/**
 * Writes an archive that has the same bytes whoever packs it, wherever and when:
 * names in order, one time, owner and mode for all, no links
 * (GNU tar's manual, "Making tar Archives More Reproducible").
 */
async function writeArchive(
  archive: string,
  content: string,
  files: readonly BundleFile[],
  options: PackOptions,
): Promise<void> {
  const names = ['manifest.json', ...withFolders(files)];
  await run(
    'tar',
    [
      '--create',
      `--file=${archive}`,
      `--use-compress-program=${compressor(options.format)}`,
      `--directory=${content}`,
      '--format=gnu',
      `--mtime=@${options.timestamp}`,
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
      ...(options.log === undefined ? {} : { log: options.log }),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    },
  );
}

/** Whether the folder already holds this very bundle, undamaged. */
async function holdsAlready(folder: string, sums: string, archive: string, digest: string) {
  try {
    return (
      (await readFile(join(folder, 'SHA256SUMS'), 'utf8')) === sums &&
      (await sha256File(join(folder, archive))) === digest
    );
  } catch (error) {
    if (isSystemError(error)) return false;
    throw error;
  }
}

/**
 * Gives a bundle its name. What lies there under that name is damaged, or of the
 * other format; its proofs are taken along if they are about the same content.
 */
async function putInPlace(made: string, home: string, part: string, manifest: string) {
  if (await exists(home)) {
    const before = await readFile(join(home, 'manifest.json'), 'utf8').catch(() => undefined);
    for (const name of before === manifest ? ['proof.json', 'proofs'] : []) {
      if (await exists(join(home, name))) {
        await cp(join(home, name), join(made, name), { recursive: true, preserveTimestamps: true });
      }
    }
    await rename(home, join(part, 'replaced'));
  }
  await syncToDisk(made);
  await rename(made, home);
  await syncToDisk(dirname(home));
}

/**
 * Packs a bundle: `<folder>/<id>/` with the archive `<id>.tar.zst`, its
 * `manifest.json` and `SHA256SUMS`. The same parts and provenance give the same
 * bytes. It is made beside and renamed when it is whole; what an earlier run
 * that was killed has left half-made is cleared away first. A bundle of the same
 * content that lies there undamaged stays as it is, with its proofs.
 *
 * @throws BootwrightError `BW-BUNDLE-INPUT`, `BW-DISK-FULL`, `BW-TOOL-MISSING`,
 *   `BW-TOOL-FAILED`, `BW-FILE-MISSING`, `BW-INTERRUPTED`
 */
export async function packBundle(options: PackOptions): Promise<PackedBundle> {
  const { parts, provenance, folder, step, signal } = options;
  const { kernelRelease } = provenance.target;
  await mkdir(folder, { recursive: true });
  await removeLeftovers(folder);
  const version = await readImageVersion(parts.image, kernelRelease);
  const promotion = await readPromotion(parts.promotionReport);
  const part = await makePartFolder(folder);
  try {
    const content = join(part, 'content');
    await mkdir(content);
    const files = await step.step('Collect and digest the files', (collecting) =>
      stageContent(parts, kernelRelease, content, collecting, signal),
    );
    const layout = layoutOf(kernelRelease);
    const image = imageEntry(files, layout.image);
    const manifest = nameManifest({
      schemaVersion,
      ...provenance,
      kernel: { image: image.path, sha256: image.sha256, bytes: image.bytes, version },
      promotion: { report: layout.promotionReport, ...promotion },
      files: [...files],
      bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
      timestamp: options.timestamp,
    });
    const manifestText = renderManifest(manifest);
    const made = join(part, manifest.id);
    await mkdir(made, { mode: 0o755 });
    await writeWhole(join(content, 'manifest.json'), manifestText);
    await writeWhole(join(made, 'manifest.json'), manifestText);
    const archiveName = `${manifest.id}.${options.format}`;
    const archive = join(made, archiveName);
    const archiveBytes = await step.step('Write the archive', async (writing) => {
      await writeArchive(archive, content, files, options);
      await syncToDisk(archive);
      const { size } = await stat(archive);
      writing.note(`${formatBytes(manifest.bytes)} -> ${formatBytes(size)}`);
      return size;
    });
    const digest = await sha256File(archive);
    const sums = `${digest}  ${archiveName}\n${sha256(manifestText)}  manifest.json\n`;
    await writeWhole(join(made, 'SHA256SUMS'), sums);
    signal?.throwIfAborted();

    const home = join(folder, manifest.id);
    const packed = { manifest, folder: home, archive: join(home, archiveName), archiveBytes };
    if (await holdsAlready(home, sums, archiveName, digest)) {
      step.note(`${manifest.id} is there already`);
      return packed;
    }
    await putInPlace(made, home, part, manifestText);
    step.note(`${manifest.id}, ${formatBytes(archiveBytes)}`);
    return packed;
  } catch (error) {
    throw isSystemError(error) ? toBootwrightError(error) : error;
  } finally {
    await rm(part, { recursive: true, force: true });
  }
}
