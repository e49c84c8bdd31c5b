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
 * `/trees/el8`). `/trees/el6@i386` is the tree `/trees/el6` with ARCH=i386.
 */
function named(entry: string): Subject {
  const [folder = '', arch = 'x86_64'] = entry.split('@');
  return {
    name: basename(entry),
    arch,
    tree: async () => folder,
    config: async () => readFileSync(`${entry}.config`, 'latin1'),
  };
}

/** The config that the tree itself has for an ARCH of x86, which says where that lies. */
export function defconfigOf(tree: string, arch: string): string {
  const name = arch === 'i386' ? 'i386_defconfig' : 'x86_64_defconfig';
  const places = [join('arch/x86/configs', name), join('arch', arch, 'defconfig')];
  const place = places.find((each) => existsSync(join(tree, each)));
  return readFileSync(join(tree, place ?? places[0] ?? ''), 'utf8');
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
