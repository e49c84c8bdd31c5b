import { type Dirent, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ReadSource } from './origin.ts';

/**
 * Reads files of a tree. Kconfig files of old kernels are Latin-1 in part; for finding names and
 * lines any of both will do.
 */
export function treeSource(tree: string): ReadSource {
  return (file) => {
    try {
      return readFileSync(join(tree, file), 'latin1');
    } catch {
      return undefined;
    }
  };
}

/** Folders in which no Kconfig file of the kernel itself lies. */
const foreign = new Set(['Documentation', 'scripts/kconfig', '.git']);

/**
 * The Kconfig files of a tree that are not read for this architecture.
 *
 * @param known - those that are, relative to the root of the tree
 */
export function otherKconfigFiles(tree: string, known: readonly string[]): string[] {
  const isKnown = new Set(known);
  const found: string[] = [];
  const visit = (folder: string): void => {
    for (const entry of entriesOf(join(tree, folder))) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) {
        if (!foreign.has(path)) visit(path);
      } else if (entry.isFile() && entry.name.startsWith('Kconfig') && !isKnown.has(path)) {
        found.push(path);
      }
    }
  };
  visit('');
  return found.sort();
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}
