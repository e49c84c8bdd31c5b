import { delimiter } from 'node:path';

/** Variables for make's command line, by name. */
export type MakeVariables = Readonly<Record<string, string>>;

/** What of the caller's environment a kernel build may see; all else could change what is built. */
const passedOn = ['HOME', 'USER', 'LOGNAME', 'TMPDIR'];

/**
 * What keeps a warning from being an error. The compiler of this host warns of other things than
 * the vendor's, for which alone the vendor has made sure that there are none: tools/lib/subcmd of
 * EL 8, out of which objtool is made, has gcc 12 stop at a pointer used after realloc().
 *
 * DISABLE_WERROR is read by the Makefile of EL 8 (from 5.15 on, and in EL 9, the symbol WERROR of
 * the config decides instead), WERROR by those in tools/lib. Neither changes what is made.
 */
export const warningVariables: MakeVariables = { DISABLE_WERROR: '1', WERROR: '0' };

/**
 * The environment of every make call on a kernel tree. It holds nothing that
 * the person at the keyboard happens to have exported (ARCH, KCFLAGS, V,
 * MAKEFLAGS …), ccache's own settings apart.
 *
 * @param extra - added last, such as PATH and settings of ccache
 */
export function makeEnvironment(
  extra: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const environment: Record<string, string> = { LC_ALL: 'C' };
  for (const [name, value] of Object.entries(process.env)) {
    if (value === undefined) continue;
    if (passedOn.includes(name) || name.startsWith('CCACHE_')) environment[name] = value;
  }
  Object.assign(environment, { PATH: process.env.PATH ?? '' }, extra);
  // depmod and others live where an ordinary user's PATH does not lead.
  environment.PATH = [environment.PATH, '/usr/sbin', '/sbin'].join(delimiter);
  return environment;
}

/**
 * The arguments of a make call on a kernel tree with its objects elsewhere.
 *
 * @param tree - the sources
 * @param folder - the objects (`O=`)
 */
export function makeArguments(
  tree: string,
  folder: string,
  jobs: number,
  variables: MakeVariables,
  goals: readonly string[],
): string[] {
  const assignments = Object.entries(variables).map(([name, value]) => `${name}=${value}`);
  return ['-C', tree, `O=${folder}`, `-j${jobs}`, ...assignments, ...goals];
}

/**
 * What stands for the places of tree and objects in debug information. The same
 * for every kernel: ccache does not hash it, so objects of several share it.
 */
const neutralPlace = '/usr/src/netboot-kernel';

/**
 * Compiler flags that keep the place of sources outside of the tree out of what is compiled.
 *
 * @param name - what stands for it
 */
export function mapPlace(folder: string, name: string): string {
  return `-fdebug-prefix-map=${folder}=${neutralPlace}/${name} -fmacro-prefix-map=${folder}/=`;
}

/**
 * Compiler flags that keep the places of tree and objects out of what is
 * compiled. Without them debug information, and with it the build id in the
 * image, would differ from workspace to workspace.
 *
 * @param relativeTree - the tree as seen from the folder of the objects: what
 *   ccache turns the tree's path into
 */
export function prefixMapFlags(tree: string, folder: string, relativeTree: string): string {
  return [
    ...[tree, relativeTree, folder].map((path) => `-fdebug-prefix-map=${path}=${neutralPlace}`),
    // kbuild itself does this for the absolute path.
    `-fmacro-prefix-map=${relativeTree}/=`,
  ].join(' ');
}
