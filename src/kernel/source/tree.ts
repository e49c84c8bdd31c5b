import { readdir, readFile, rename, rm } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { BootwrightError } from '../../system/errors/index.ts';
import { exists } from '../../system/files.ts';
import type { SourcePackage } from './package.ts';

/** How deep below BUILD a tree may lie: rpm >= 4.20 and EL specs add a level each. */
const maxDepth = 4;

/** Whether a folder is the top of a kernel tree (those before 2.6.36 have no Kconfig there). */
async function isKernelTree(folder: string): Promise<boolean> {
  const marks = ['Makefile', 'arch', join('scripts', 'kconfig')];
  return (await Promise.all(marks.map((mark) => exists(join(folder, mark))))).every(Boolean);
}

async function findTrees(folder: string, depth: number): Promise<string[]> {
  if (await isKernelTree(folder)) return [folder];
  if (depth === 0) return [];
  const found: string[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) found.push(...(await findTrees(join(folder, entry.name), depth - 1)));
  }
  return found;
}

/**
 * Finds the tree that `%prep` made: `BUILD/kernel-<v>-<r>/linux-<v>-<r>.<cpu>` in EL's specs,
 * `BUILD/linux-<v>` in simple ones. Where there is more than one (EL 5 and 6 keep a vanilla tree
 * beside the patched one), the one that is named after the package wins.
 *
 * @throws BootwrightError `BW-SOURCE-NO-TREE`
 */
export async function findTree(
  buildFolder: string,
  source: Pick<SourcePackage, 'nevra' | 'version' | 'release'>,
  architecture: string,
): Promise<string> {
  const trees = (await exists(buildFolder)) ? await findTrees(buildFolder, maxDepth) : [];
  const { version, release } = source;
  const likely = [
    `linux-${version}-${release}.${architecture}`,
    `linux-${version}.${architecture}`,
    `linux-${version}-${release}`,
    `linux-${version}`,
  ];
  const rank = (tree: string): number => {
    const place = likely.indexOf(basename(tree));
    if (place >= 0) return place;
    return relative(buildFolder, tree).includes('vanilla') ? likely.length + 1 : likely.length;
  };
  const [tree] = trees.sort((a, b) => rank(a) - rank(b) || a.localeCompare(b));
  if (tree === undefined) {
    throw new BootwrightError(
      'BW-SOURCE-NO-TREE',
      `%prep of ${source.nevra} ran through, but there is no kernel tree below "${buildFolder}".`,
    );
  }
  return tree;
}

/**
 * The version that a tree's Makefile gives to its kernel, before EXTRAVERSION: such as `5.14.0`.
 *
 * @throws BootwrightError `BW-SOURCE-NO-TREE`
 */
export async function readBaseVersion(tree: string): Promise<string> {
  const makefile = await readFile(join(tree, 'Makefile'), 'utf8');
  const numbers = ['VERSION', 'PATCHLEVEL', 'SUBLEVEL'].map(
    (name) => new RegExp(`^${name}[ \\t]*=[ \\t]*(\\d+)[ \\t]*$`, 'm').exec(makefile)?.[1],
  );
  if (numbers.includes(undefined)) {
    throw new BootwrightError('BW-SOURCE-NO-TREE', `"${tree}/Makefile" does not state a version.`);
  }
  return numbers.join('.');
}

/** What {@link cleanTree} did. */
export interface CleanedTree {
  /** Files that were moved out of the tree, under their new names. */
  readonly moved: readonly string[];
  /** How many generated files and folders were removed. */
  readonly removed: number;
}

/**
 * Takes out of a tree what building in it has left: a `.config` (moved to `asideFolder`), and what
 * kbuild has generated there. For kbuild refuses to build elsewhere from a tree that is not clean,
 * and would take old objects for its own. What the package itself brought stays, unlike with
 * `make mrproper`, which would also remove the vendor's certs/x509.genkey.
 */
export async function cleanTree(tree: string, asideFolder: string): Promise<CleanedTree> {
  const moved: string[] = [];
  for (const name of ['.config', '.config.old']) {
    if (await exists(join(tree, name))) {
      const aside = join(asideFolder, `left-in-tree${name}`);
      await rename(join(tree, name), aside);
      moved.push(aside);
    }
  }
  let removed = 0;
  const remove = async (path: string): Promise<void> => {
    if (!(await exists(path))) return;
    await rm(path, { recursive: true });
    removed += 1;
  };
  for (const architecture of await readdir(join(tree, 'arch'))) {
    await remove(join(tree, 'arch', architecture, 'include', 'generated'));
  }
  await remove(join(tree, 'include', 'config'));
  await remove(join(tree, 'include', 'generated'));
  // kbuild leaves the command that made a file beside it, as `.file.cmd`.
  for (const entry of await readdir(tree, { recursive: true, withFileTypes: true })) {
    const made = /^\.(.+)\.cmd$/.exec(entry.name)?.[1];
    if (made === undefined || !entry.isFile()) continue;
    await remove(join(entry.parentPath, entry.name));
    await remove(join(entry.parentPath, made));
    // bison makes two files by one command.
    if (made.endsWith('.tab.h')) await remove(join(entry.parentPath, made.replace(/h$/, 'c')));
  }
  return { moved, removed };
}
