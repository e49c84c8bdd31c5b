import { createHash } from 'node:crypto';
import { chmod, mkdir, open, readdir, rename, rm, rmdir } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { BootwrightError, isSystemError, toBootwrightError } from '../system/errors/index.ts';
import { exists, jail } from '../system/files.ts';
import { makePartFolder, removeLeftovers } from '../system/part-folder.ts';
import { type Step, unwatched } from '../system/progress.ts';
import type { Member } from './archive.ts';
import { withFolders } from './content.ts';
import type { BundleFile } from './manifest.ts';
import type { Bundle } from './open.ts';
import { readContent } from './read.ts';

/** Folders are open to all, whatever the umask: kernels are read over NFS by nobody. */
const folderMode = 0o755;

async function writeMember(member: Member, path: string, file: BundleFile): Promise<void> {
  const hash = createHash('sha256');
  // wx: the folder is ours alone and the name has not come before, so nothing can be there.
  const target = await open(path, 'wx', Number.parseInt(file.mode, 8));
  let bytes = 0;
  try {
    for await (const chunk of member.content) {
      hash.update(chunk);
      bytes += chunk.byteLength;
      await target.writeFile(chunk);
    }
    await target.chmod(Number.parseInt(file.mode, 8));
  } finally {
    await target.close();
  }
  const digest = hash.digest('hex');
  if (digest !== file.sha256) {
    throw new BootwrightError(
      'BW-BUNDLE-CORRUPT',
      `"${file.path}" has the SHA-256 ${digest} (${bytes} bytes), expected ${file.sha256} (${file.bytes} bytes).`,
    );
  }
}

async function isFree(folder: string): Promise<boolean> {
  try {
    return (await readdir(folder)).length === 0;
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return true;
    if (isSystemError(error, 'ENOTDIR')) return false;
    throw error;
  }
}

/**
 * Unpacks a bundle's files, each checked against the manifest as it is written:
 * what the manifest does not list is never written. All or nothing: the folder
 * appears when everything in it is there.
 *
 * @param folder - one that does not exist yet, or is empty
 * @throws BootwrightError `BW-BUNDLE-UNSAFE`, `BW-BUNDLE-EXTRA-FILE`, `BW-BUNDLE-MISSING-FILE`,
 *   `BW-BUNDLE-CORRUPT`, `BW-BUNDLE-TRUNCATED`, `BW-USAGE` (the folder is taken), `BW-DISK-FULL`
 */
export async function unpackBundle(
  bundle: Bundle,
  folder: string,
  { step = unwatched, signal }: { readonly step?: Step; readonly signal?: AbortSignal } = {},
): Promise<void> {
  const home = resolve(folder);
  if (!(await isFree(home))) {
    throw new BootwrightError('BW-USAGE', `The folder "${folder}" is not empty.`, {
      hint: 'Name a folder that does not exist yet.',
    });
  }
  const missing = new Map(bundle.manifest.files.map((file) => [file.path, file]));
  const total = missing.size;
  const folders = new Set(withFolders(bundle.manifest.files));
  await mkdir(dirname(home), { recursive: true });
  await removeLeftovers(dirname(home));
  const part = await makePartFolder(dirname(home));
  try {
    for (const path of withFolders(bundle.manifest.files)) {
      if (missing.has(path)) continue;
      await mkdir(jail(part, path));
      await chmod(jail(part, path), folderMode);
    }
    for await (const member of readContent(bundle.archive, bundle.format, signal)) {
      if (member.name === 'manifest.json') continue;
      if (member.type === 'directory' && folders.has(member.name)) continue;
      const file = missing.get(member.name);
      if (file === undefined || member.type === 'directory' || member.bytes > file.bytes) {
        throw new BootwrightError(
          'BW-BUNDLE-EXTRA-FILE',
          `"${member.name}" (${member.bytes} bytes) is not as the manifest lists it.`,
        );
      }
      await writeMember(member, jail(part, member.name), file);
      missing.delete(member.name);
      step.progress({ done: total - missing.size, total, unit: 'files', current: member.name });
    }
    const [lacking] = missing.keys();
    if (lacking !== undefined) {
      throw new BootwrightError(
        'BW-BUNDLE-MISSING-FILE',
        `"${lacking}" is in the manifest, but not in "${bundle.archive}".`,
      );
    }
    await chmod(part, folderMode);
    if (await exists(home)) await rmdir(home);
    await rename(part, home);
  } catch (error) {
    throw isSystemError(error) ? toBootwrightError(error) : error;
  } finally {
    await rm(part, { recursive: true, force: true });
  }
}
