import { BootwrightError } from '../../system/errors/index.ts';

/**
 * Refuses a folder that kbuild cannot work in. kbuild itself stops at spaces
 * and colons; make and the shell give the other refused characters a meaning.
 *
 * @param what - what the folder is, such as `workspace`
 * @throws BootwrightError `BW-COMPILE-PATH`
 */
export function assertBuildPath(path: string, what: string): void {
  const bad = /[^\p{L}\p{N}._@+~/-]/u.exec(path)?.[0];
  if (bad === undefined) return;
  const shown = /\s/.test(bad) ? 'white space' : `"${bad}"`;
  throw new BootwrightError('BW-COMPILE-PATH', `The ${what} "${path}" has ${shown} in its path.`);
}
