import { constants } from 'node:fs';
import { access, lstat, mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { exists, jail } from '../../../system/files.ts';
import { placeDrivers, type VendorDriver } from '../../vendor/index.ts';
import { applyPatches } from './apply-patches.ts';
import { changeTree, isChanged, restoreTree, type TreeChange } from './journal.ts';

/** What is to differ in a prepared tree from what the package has. */
export interface SourceChanges {
  /** Absolute path of the prepared tree. */
  readonly tree: string;
  /** Folder for what is needed to take the changes back. */
  readonly folder: string;
  /** Paths of patches, in their order. */
  readonly patches: readonly string[];
  /** Drivers of vendors that are to be built in. */
  readonly drivers: readonly VendorDriver[];
  readonly log?: string;
  readonly signal?: AbortSignal;
}

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

/** Whether a file is the same to the build: bytes, and whether it can be run. */
async function isSameFile(one: string, other: string): Promise<boolean> {
  if ((await isExecutable(one)) !== (await isExecutable(other))) return false;
  return (await readFile(one)).equals(await readFile(other));
}

async function isFile(path: string): Promise<boolean> {
  return (await exists(path)) && (await lstat(path)).isFile();
}

/** What has become another file of those that may have. */
async function changesOf(
  tree: string,
  scratch: string,
  names: ReadonlySet<string>,
): Promise<TreeChange[]> {
  const changes: TreeChange[] = [];
  for (const path of [...names].sort()) {
    const before = jail(tree, path);
    const after = jail(scratch, path);
    const [was, is] = [await isFile(before), await isFile(after)];
    if (was && is && (await isSameFile(before, after))) continue;
    if (is) changes.push({ path, by: after });
    else if (was) changes.push({ path, by: undefined });
  }
  return changes;
}

/**
 * Makes a prepared tree what the package has, with these changes and no others: those of an earlier
 * run are taken back. Everything is tried out on copies first, so that what fails leaves the tree
 * as the package has it. Only files that differ get another time.
 *
 * @returns the names of the files that differ from the package's, relative to the tree
 * @throws BootwrightError `BW-PATCH-REJECTED`, `BW-PATCH-EMPTY`, `BW-PATH-ESCAPE`
 */
export async function changeSource(changes: SourceChanges): Promise<readonly TreeChange[]> {
  const { tree, folder, patches, drivers } = changes;
  await restoreTree(tree, folder);
  if (patches.length === 0 && drivers.length === 0) return [];
  const scratch = join(folder, 'scratch');
  await mkdir(scratch, { recursive: true });
  try {
    const patched = await applyPatches(tree, patches, scratch, changes);
    const placed = await placeDrivers(tree, drivers, scratch);
    const found = await changesOf(tree, scratch, new Set([...patched, ...placed]));
    await changeTree(tree, folder, found);
    return found;
  } finally {
    await rm((await isChanged(folder)) ? scratch : folder, { recursive: true, force: true });
  }
}
