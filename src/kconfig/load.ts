import type { Kconfig, Probe } from './model.ts';

export interface LoadOptions {
  /** The tree's root folder: `source` statements are resolved against it. */
  readonly root: string;
  /** The first file, relative to `root` (default `Kconfig`). */
  readonly rootFile?: string;
  /** The environment as the tree's own make gives it to conf. */
  readonly environment: Readonly<Record<string, string>>;
  readonly probe: Probe;
  /** Reads a file by its path; undefined if there is none. Replaces the file system in tests. */
  readonly read?: (path: string) => string | undefined;
}

/**
 * Reads the Kconfig files of a tree.
 * @throws {KconfigSyntaxError} where the tree's own conf would stop.
 */
export function load(_options: LoadOptions): Promise<Kconfig> {
  throw new Error('not written yet');
}
