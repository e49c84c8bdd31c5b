import { createHash } from 'node:crypto';
import { chmod, rename, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { BootwrightError, isSystemError } from '../system/errors/index.ts';
import { sha256, writeWhole } from '../system/files.ts';
import { run } from '../system/process.ts';
import { withFolders } from './content.ts';
import type { Manifest } from './manifest.ts';
import { readFolder } from './read-folder.ts';
import { sbomName } from './sbom/name.ts';

/**
 * The SHA256SUMS of a bundle whose files lie in its folder, as sha256sum(1) checks them.
 *
 * @param sbomDigest - of the bill of materials; bundles of before there was one have none
 */
export function folderSums(
  manifest: Manifest,
  manifestText: string,
  sbomDigest: string | undefined,
): string {
  const files = manifest.files.map(({ path, sha256: digest }) => `${digest}  ${path}\n`);
  const sbom = sbomDigest === undefined ? '' : `${sbomDigest}  ${sbomName}\n`;
  return `${files.join('')}${sha256(manifestText)}  manifest.json\n${sbom}`;
}

/**
 * Makes a folder of staged files, with the manifest among them, a bundle that is served as it lies:
 * bill of materials, checksums, and for all files the same times and modes, whoever made them and
 * when.
 *
 * @param content - what was staged; it becomes `made`
 */
export async function layFolder(
  content: string,
  made: string,
  manifest: Manifest,
  { sums, sbom }: { readonly sums: string; readonly sbom: string },
): Promise<void> {
  await writeWhole(join(content, sbomName), sbom);
  await writeWhole(join(content, 'SHA256SUMS'), sums);
  const staged = manifest.files.map(({ path }) => path);
  const files = new Set([...staged, 'manifest.json', sbomName, 'SHA256SUMS']);
  const folders = withFolders(manifest.files).filter((name) => !files.has(name));
  // A folder's time changes with what is in it: from the inside to the outside.
  for (const name of [...files, ...folders.reverse(), '.']) {
    const path = join(content, name);
    await chmod(path, files.has(name) ? 0o644 : 0o755);
    await utimes(path, manifest.timestamp, manifest.timestamp);
  }
  await rename(content, made);
  await run('sync', ['--file-system', made]);
}

/** Whether a folder holds the files of a manifest, all of them, undamaged, and nothing else. */
export async function folderHolds(folder: string, manifest: Manifest): Promise<boolean> {
  const missing = new Map(manifest.files.map((file) => [file.path, file]));
  const folders = new Set(withFolders(manifest.files));
  try {
    for await (const member of readFolder(folder)) {
      if (member.name === 'manifest.json') continue;
      if (member.type === 'directory' && folders.has(member.name)) continue;
      const hash = createHash('sha256');
      for await (const chunk of member.content) hash.update(chunk);
      if (missing.get(member.name)?.sha256 !== hash.digest('hex')) return false;
      missing.delete(member.name);
    }
  } catch (error) {
    if (isSystemError(error) || error instanceof BootwrightError) return false;
    throw error;
  }
  return missing.size === 0;
}
