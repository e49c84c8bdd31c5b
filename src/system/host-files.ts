import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { BootwrightError, type KnownErrorCode } from './errors/index.ts';
import type { ToolPackage } from './tools.ts';

/** A file that comes with a package of the host. */
export interface HostFile {
  /** What it is, for the message. */
  readonly what: string;
  /** Where distros put it; the first that is there is taken. */
  readonly paths: readonly string[];
  readonly packages: ToolPackage;
}

/**
 * Finds a file of the host.
 *
 * @param code - of the error, should it be missing
 * @param root - the host's file system, for tests
 * @returns its path
 * @throws BootwrightError `code`, with the package to install
 */
export function findHostFile(
  name: string,
  { what, paths, packages }: HostFile,
  code: KnownErrorCode,
  root = '/',
): string {
  const found = paths.map((path) => join(root, path)).find((path) => existsSync(path));
  if (found !== undefined) return found;
  throw new BootwrightError(code, `${name}, ${what}, is at none of ${paths.join(', ')}.`, {
    hint: `Install it: apt-get install ${packages.debian}, or on a RHEL-like host dnf install ${packages.redhat}`,
  });
}
