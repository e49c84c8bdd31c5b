import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** How the tree's own conf is called. */
export interface ConfCall {
  /** Arguments that have it read `.config`, give new symbols their defaults, and write it. */
  readonly arguments: readonly string[];
  /** What it wants in its environment besides what the tree's make exports. */
  readonly variables: Readonly<Record<string, string>>;
  /** Milliseconds: conf of 2.6.18 asks for ever where a visible number has no value. */
  readonly timeout: number;
}

/** Ten times and more what any conf takes on a busy machine. */
const timeout = 300_000;

/**
 * The file that a tree's Kconfig begins with, relative to its root: `Kconfig`, and that of the
 * architecture before 2.6.36 (`Kconfig :=` in scripts/kconfig/Makefile).
 *
 * @param variables - what the tree's make exports
 */
export function rootKconfig(tree: string, variables: Readonly<Record<string, string>>): string {
  if (existsSync(join(tree, 'Kconfig'))) return 'Kconfig';
  for (const arch of [variables.SRCARCH, variables.ARCH]) {
    const file = `arch/${arch}/Kconfig`;
    if (arch !== undefined && existsSync(join(tree, file))) return file;
  }
  return 'Kconfig';
}

/**
 * How to call the conf of a tree for what is now `make olddefconfig`: until 3.6 that was called
 * `--oldnoconfig`, and before 2.6.36 it is `-D`, the defconfig to start from being `.config` itself.
 *
 * @param variables - what the tree's make exports
 */
export function olddefconfigCall(
  tree: string,
  variables: Readonly<Record<string, string>>,
): ConfCall {
  let source = '';
  try {
    source = readFileSync(join(tree, 'scripts/kconfig/conf.c'), 'latin1');
  } catch {
    // No sources: conf cannot be built either, and the tree's make says so.
  }
  const root = rootKconfig(tree, variables);
  const mode = ['olddefconfig', 'oldnoconfig'].find((name) => source.includes(`"${name}"`));
  return {
    arguments: mode === undefined ? ['-D', '.config', root] : [`--${mode}`, root],
    // Before 3.0, the heading has the time of day.
    variables: { KCONFIG_CONFIG: '.config', KCONFIG_NOTIMESTAMP: '1' },
    timeout,
  };
}
