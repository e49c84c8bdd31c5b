import { dirname, join } from 'node:path/posix';
import type { Location } from '../../kconfig/index.ts';
import type { ReadSource } from './origin.ts';

const sourceLine = /^\s*(?:o?source|(o?rsource))\s+"([^"]+)"/;

/**
 * Which line of which Kconfig file has each of the others read. Looked up in the text: the model
 * keeps no trace of `source` once the files are read.
 *
 * @param files - every file read, relative to the root of the tree
 */
export function findInclusions(
  files: readonly string[],
  read: ReadSource,
): ReadonlyMap<string, Location> {
  const known = new Set(files);
  const found = new Map<string, Location>();
  for (const file of files) {
    (read(file) ?? '').split('\n').forEach((text, index) => {
      const [, relative, path] = sourceLine.exec(text) ?? [];
      if (path === undefined) return;
      const target = relative === undefined ? path : join(dirname(file), path);
      for (const included of known.has(target) ? [target] : matching(target, files)) {
        if (included !== file && !found.has(included)) {
          found.set(included, { file, line: index + 1 });
        }
      }
    });
  }
  return found;
}

/** Files that a path with variables (`arch/$(SRCARCH)/Kconfig`) or a pattern stands for. */
function matching(target: string, files: readonly string[]): readonly string[] {
  if (!/[$*?]/.test(target)) return [];
  const pattern = target
    .split(/(\$\([^)]*\)|\$\w+|[*?])/)
    .map((part, index) => (index % 2 === 1 ? '[^/]*' : part.replace(/[^\w/]/g, '\\$&')))
    .join('');
  const expression = new RegExp(`^${pattern}$`);
  return files.filter((file) => expression.test(file));
}
