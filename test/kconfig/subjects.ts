import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { detectDialect } from '../../src/kconfig/dialect.ts';
import type { Dialect } from '../../src/kconfig/index.ts';
import { debianConfig, kernelTree, type TreeVersion } from '../trees.ts';

/** A kernel tree whose conf is to be the judge, and the distro's own config for it. */
export interface Subject {
  readonly name: string;
  readonly arch: string;
  readonly tree: () => Promise<string>;
  readonly config: () => Promise<string>;
}

function debian(version: TreeVersion): Subject {
  return {
    name: version,
    arch: 'x86',
    tree: () => kernelTree(version),
    config: () => debianConfig(version),
  };
}

/**
 * Further trees, which no package of the test machine brings: BOOTWRIGHT_KCONFIG_TREES names their
 * folders, with colons between; the config of each lies beside it (`/trees/el8.config` for
 * `/trees/el8`).
 */
function named(folder: string): Subject {
  return {
    name: basename(folder),
    arch: 'x86_64',
    tree: async () => folder,
    config: async () => readFileSync(`${folder}.config`, 'latin1'),
  };
}

const folders = (process.env.BOOTWRIGHT_KCONFIG_TREES ?? '').split(':').filter(Boolean);

export const subjects: readonly Subject[] = [debian('6.1'), debian('6.12'), ...folders.map(named)];

/** The dialect of an unpacked tree. */
export function dialectOf(tree: string): Dialect {
  return detectDialect((name) => {
    const source = join(tree, 'scripts/kconfig', name);
    return existsSync(source) ? readFileSync(source, 'utf8') : undefined;
  });
}
