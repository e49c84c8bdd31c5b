import { type Member, readArchive } from './archive.ts';
import type { BundleFormat } from './format.ts';
import { readFolder } from './read-folder.ts';

/**
 * Reads what is in a bundle, member by member, whatever it lies in; each is judged to be safe.
 *
 * @param path - the archive, or the folder
 * @throws BootwrightError as `readArchive` and `readFolder` do
 */
export function readContent(
  path: string,
  format: BundleFormat,
  signal?: AbortSignal,
): AsyncGenerator<Member> {
  return format === 'folder' ? readFolder(path, signal) : readArchive(path, format, signal);
}
