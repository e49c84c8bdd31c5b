import { chmod, readdir, utimes } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Gives a folder and all that is in it one time and the modes of files that everybody may read,
 * whatever the umask was: what packers write down is the same then, whoever made it and when.
 *
 * @param time - seconds since the epoch
 */
export async function settleTree(folder: string, time: number): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      await settleTree(path, time);
    } else {
      await chmod(path, 0o644);
      await utimes(path, time, time);
    }
  }
  await chmod(folder, 0o755);
  await utimes(folder, time, time);
}
