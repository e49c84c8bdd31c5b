import { copyFile, mkdir, readFile, rename, rm, rmdir } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';
import { z } from 'zod';
import { isSystemError } from '../../../system/errors/index.ts';
import { exists, jail, writeWhole } from '../../../system/files.ts';

/** What a prepared tree's changes are known by, so that they can be taken back. */
const journalSchema = z.strictObject({
  /** Names relative to the tree; `original` says whether the package itself has the file. */
  files: z.array(z.strictObject({ path: z.string(), original: z.boolean() })),
});

/** A file of the tree that is to be another. */
export interface TreeChange {
  /** Relative to the tree. */
  readonly path: string;
  /** The file that takes its place; undefined for one that is to go. */
  readonly by: string | undefined;
}

/** The file that says what has been changed in a tree. It lies in the folder of the changes. */
export function journalOf(folder: string): string {
  return join(folder, 'journal.json');
}

function originalOf(folder: string, path: string): string {
  return jail(join(folder, 'originals'), path);
}

/** Puts a file in its place at once. Its time is now: make has to see that it is another. */
async function put(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  const beside = `${to}.bootwright-part`;
  await copyFile(from, beside);
  await rename(beside, to);
}

/** Takes away the folders that are empty now, from the inside out. */
async function removeEmptyFolders(tree: string, path: string): Promise<void> {
  for (let name = posix.dirname(path); name !== '.'; name = posix.dirname(name)) {
    try {
      await rmdir(join(tree, name));
    } catch (error) {
      if (isSystemError(error, 'ENOTEMPTY', 'EEXIST', 'ENOENT')) return;
      throw error;
    }
  }
}

async function remove(tree: string, path: string): Promise<void> {
  await rm(jail(tree, path), { force: true });
  await rm(`${jail(tree, path)}.bootwright-part`, { force: true });
  await removeEmptyFolders(tree, path);
}

/**
 * Changes a prepared tree, after it has kept what is needed to take all of it back: killed at any
 * moment, the tree can be restored.
 *
 * @param folder - where the originals and the journal go; nothing of an earlier change is in it
 */
export async function changeTree(
  tree: string,
  folder: string,
  changes: readonly TreeChange[],
): Promise<void> {
  const files: z.infer<typeof journalSchema>['files'] = [];
  for (const { path } of changes) {
    const place = jail(tree, path);
    const original = await exists(place);
    if (original) await put(place, originalOf(folder, path));
    files.push({ path, original });
  }
  await writeWhole(journalOf(folder), JSON.stringify({ files }));
  for (const { path, by } of changes) {
    if (by === undefined) await rm(jail(tree, path));
    else await put(by, jail(tree, path));
  }
}

/** Whether a tree has been changed, or was on the way to be. */
export function isChanged(folder: string): Promise<boolean> {
  return exists(journalOf(folder));
}

/**
 * Takes all changes back: the tree is again as the package has it. Empty folders that the changes
 * leave are removed. A tree without changes stays as it is.
 *
 * @param folder - as for {@link changeTree}; it is gone afterwards
 */
export async function restoreTree(tree: string, folder: string): Promise<void> {
  if (await isChanged(folder)) {
    const { files } = journalSchema.parse(JSON.parse(await readFile(journalOf(folder), 'utf8')));
    for (const { path, original } of files) {
      if (original) await put(originalOf(folder, path), jail(tree, path));
      else await remove(tree, path);
    }
    // First this: without originals it would promise what cannot be done.
    await rm(journalOf(folder));
  }
  await rm(folder, { recursive: true, force: true });
}
