import { cp, mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { BzImageError, readBzImageHeader } from '../formats/bzimage/index.ts';
import { BootwrightError, isSystemError, toBootwrightError } from '../system/errors/index.ts';
import { exists, formatBytes, sha256, sha256File, writeWhole } from '../system/files.ts';
import { makePartFolder, removeLeftovers, syncToDisk } from '../system/part-folder.ts';
import type { Step } from '../system/progress.ts';
import { type BundleParts, stageContent } from './content.ts';
import type { ArchiveFormat, BundleFormat } from './format.ts';
import { folderHolds, folderSums, layFolder } from './lay-folder.ts';
import {
  type BundleFile,
  layoutOf,
  type Manifest,
  nameManifest,
  type Provenance,
  renderManifest,
  schemaVersion,
} from './manifest.ts';
import { noPromotion, type Promotion, promotionSchema } from './promotion.ts';
import { renderSbom } from './sbom/document.ts';
import { sbomName } from './sbom/name.ts';
import { signatureName } from './signature/name.ts';
import { writeArchive } from './write-archive.ts';

/** What to pack, what is known of it, and where to. */
export interface PackOptions {
  readonly parts: BundleParts;
  readonly provenance: Provenance;
  readonly format: BundleFormat;
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
  /** The archive; of a bundle whose files lie in its folder, that folder. */
  readonly archive: string;
  /** Its size; of a folder, that of all its files. */
  readonly archiveBytes: number;
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

/** A packed bundle that is not in its place yet. */
interface Made {
  /** Its archive's name in its folder; a folder's own is empty. */
  readonly archiveName: string;
  readonly archiveBytes: number;
  /** Whether a folder already holds this very bundle, undamaged. */
  isHeldBy(folder: string): Promise<boolean>;
}

/** Packs what is staged into an archive, beside its manifest and checksums. */
async function makeArchive(
  made: string,
  content: string,
  manifest: Manifest,
  format: ArchiveFormat,
  options: PackOptions,
): Promise<Made> {
  const manifestText = renderManifest(manifest);
  const sbom = renderSbom(manifest);
  await mkdir(made, { mode: 0o755 });
  await writeWhole(join(made, 'manifest.json'), manifestText);
  await writeWhole(join(made, sbomName), sbom);
  const archiveName = `${manifest.id}.${format}`;
  const archive = join(made, archiveName);
  await writeArchive(archive, content, manifest, format, options);
  await syncToDisk(archive);
  const digest = await sha256File(archive);
  const sums = [
    `${digest}  ${archiveName}\n`,
    `${sha256(manifestText)}  manifest.json\n`,
    `${sha256(sbom)}  ${sbomName}\n`,
  ].join('');
  await writeWhole(join(made, 'SHA256SUMS'), sums);
  return {
    archiveName,
    archiveBytes: (await stat(archive)).size,
    isHeldBy: async (folder) =>
      (await textIn(folder, 'SHA256SUMS')) === sums &&
      (await textIn(folder, sbomName)) === sbom &&
      (await exists(join(folder, archiveName))) &&
      (await sha256File(join(folder, archiveName))) === digest,
  };
}

/** Makes what is staged the bundle's folder itself. */
async function makeFolder(made: string, content: string, manifest: Manifest): Promise<Made> {
  const manifestText = renderManifest(manifest);
  const sbom = renderSbom(manifest);
  const sums = folderSums(manifest, manifestText, sha256(sbom));
  await layFolder(content, made, manifest, { sums, sbom });
  return {
    archiveName: '',
    archiveBytes: manifest.bytes,
    isHeldBy: async (folder) =>
      (await textIn(folder, 'SHA256SUMS')) === sums &&
      (await textIn(folder, sbomName)) === sbom &&
      (await textIn(folder, 'manifest.json')) === manifestText &&
      (await folderHolds(folder, manifest)),
  };
}

/** A file's text; undefined if it cannot be had. */
async function textIn(folder: string, name: string): Promise<string | undefined> {
  try {
    return await readFile(join(folder, name), 'utf8');
  } catch (error) {
    if (isSystemError(error)) return undefined;
    throw error;
  }
}

/**
 * Gives a bundle its name. What lies there under that name is damaged, or of the
 * other format; its proofs are taken along if they are about the same content, and its signature
 * if it is of the same checksums.
 */
async function putInPlace(made: string, home: string, part: string, manifest: string) {
  if (await exists(home)) {
    const isSame = async (name: string, text: string | undefined) =>
      text !== undefined && (await textIn(home, name)) === text;
    const sums = await textIn(made, 'SHA256SUMS');
    const taken = [
      ...((await isSame('manifest.json', manifest)) ? ['proof.json', 'proofs'] : []),
      ...((await isSame('SHA256SUMS', sums)) ? [signatureName] : []),
    ];
    for (const name of taken) {
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
 * Packs a bundle: `<folder>/<id>/` with the archive `<id>.tar.zst` or the files
 * themselves, `manifest.json`, `sbom.cdx.json` and `SHA256SUMS`. The same parts and provenance give the same
 * bytes. It is made beside and renamed when it is whole; what an earlier run
 * that was killed has left half-made is cleared away first. A bundle of the same
 * content that lies there undamaged stays as it is, with its proofs and signature.
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
  const promotion = 'initramfs' in parts ? noPromotion : await readPromotion(parts.promotionReport);
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
      promotion: {
        report: 'initramfs' in parts ? layout.initramfsReport : layout.promotionReport,
        ...promotion,
      },
      files: [...files],
      bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
      timestamp: options.timestamp,
    });
    const manifestText = renderManifest(manifest);
    const made = join(part, manifest.id);
    await writeWhole(join(content, 'manifest.json'), manifestText);
    const { format } = options;
    const { archiveName, archiveBytes, isHeldBy } =
      format === 'folder'
        ? await makeFolder(made, content, manifest)
        : await step.step('Write the archive', async (writing) => {
            const archive = await makeArchive(made, content, manifest, format, options);
            const after = formatBytes(archive.archiveBytes);
            writing.note(`${formatBytes(manifest.bytes)} -> ${after}`);
            return archive;
          });
    signal?.throwIfAborted();

    const home = join(folder, manifest.id);
    const packed = { manifest, folder: home, archive: join(home, archiveName), archiveBytes };
    if (await isHeldBy(home)) {
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
