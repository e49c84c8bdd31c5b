import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { BootwrightError, isSystemError } from '../system/errors/index.ts';
import { readTextUpTo } from '../system/files.ts';
import { archiveFormatOf, readArchive } from './archive.ts';
import { archiveFormats, type BundleFormat } from './format.ts';
import { type Manifest, parseManifest } from './manifest.ts';

/** A bundle that was found, with its manifest read; nothing else of it is checked yet. */
export interface Bundle {
  readonly manifest: Manifest;
  /** The manifest as it stands in its file. */
  readonly manifestText: string;
  /** The archive; of a bundle whose files lie in its folder, that folder. */
  readonly archive: string;
  readonly format: BundleFormat;
  /** The bundle's folder; absent for an archive that lies alone. */
  readonly folder?: string;
}

/** No manifest is longer; whatever is, is none. That of a whole distro has 2 MB. */
const manifestLimit = 16 * 1024 * 1024;

async function kindOf(path: string): Promise<'folder' | 'file'> {
  try {
    return (await stat(path)).isDirectory() ? 'folder' : 'file';
  } catch (error) {
    if (!isSystemError(error, 'ENOENT', 'ENOTDIR')) throw error;
    throw new BootwrightError('BW-FILE-MISSING', `There is no bundle at "${path}".`, {
      cause: error,
    });
  }
}

/** Reads a manifest's file; undefined if there is none. */
async function readManifestFile(path: string): Promise<string | undefined> {
  try {
    return await readTextUpTo(path, manifestLimit);
  } catch (error) {
    if (error instanceof BootwrightError) {
      throw new BootwrightError('BW-BUNDLE-NOT', `"${path}" is too long for a manifest.`);
    }
    if (isSystemError(error, 'ENOENT', 'ENOTDIR', 'EISDIR')) return undefined;
    throw error;
  }
}

async function openFolder(folder: string): Promise<Bundle> {
  const path = join(folder, 'manifest.json');
  const manifestText = await readManifestFile(path);
  if (manifestText === undefined) {
    throw new BootwrightError('BW-BUNDLE-NOT', `There is no manifest.json in "${folder}".`);
  }
  const manifest = parseManifest(manifestText, path);
  const names = await readdir(folder);
  const format = archiveFormats.find((end) => names.includes(`${manifest.id}.${end}`));
  // An archive that somebody has unpacked is a bundle too.
  if (format === undefined && names.includes('boot')) {
    return { manifest, manifestText, archive: folder, format: 'folder', folder };
  }
  if (format === undefined) {
    throw new BootwrightError(
      'BW-BUNDLE-MISSING-FILE',
      `In "${folder}" there is neither an archive ${manifest.id}.tar.* nor the kernel itself, in boot/.`,
    );
  }
  return {
    manifest,
    manifestText,
    archive: join(folder, `${manifest.id}.${format}`),
    format,
    folder,
  };
}

async function openArchive(archive: string): Promise<Bundle> {
  const format = await archiveFormatOf(archive);
  for await (const { name, bytes, content } of readArchive(archive, format)) {
    if (name !== 'manifest.json') {
      throw new BootwrightError(
        'BW-BUNDLE-NOT',
        `The first file in "${archive}" is "${name}", and not a bundle's manifest.json.`,
      );
    }
    if (bytes > manifestLimit) break;
    const chunks = await Array.fromAsync(content);
    const manifestText = Buffer.concat(chunks).toString('utf8');
    return { manifest: parseManifest(manifestText, archive), manifestText, archive, format };
  }
  throw new BootwrightError('BW-BUNDLE-NOT', `There is no manifest in "${archive}".`);
}

/**
 * Finds a bundle and reads its manifest.
 *
 * @param path - the bundle's folder, its archive, or its manifest.json
 * @throws BootwrightError `BW-FILE-MISSING`, `BW-BUNDLE-NOT`, `BW-BUNDLE-NEWER-SCHEMA`,
 *   `BW-BUNDLE-MISSING-FILE` (no archive), `BW-BUNDLE-CORRUPT`, `BW-BUNDLE-TRUNCATED`
 */
export async function openBundle(path: string): Promise<Bundle> {
  if ((await kindOf(path)) === 'folder') return openFolder(path);
  if (basename(path) === 'manifest.json') return openFolder(dirname(path));
  const folder = dirname(path);
  const beside = await readManifestFile(join(folder, 'manifest.json'));
  // An archive in its own folder stands for the whole; one that was copied elsewhere, for itself.
  if (beside !== undefined && basename(path).startsWith(`${basename(folder)}.tar.`)) {
    return openFolder(folder);
  }
  return openArchive(path);
}
