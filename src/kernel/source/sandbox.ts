import { chmod, realpath, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, dirname, join, relative, sep } from 'node:path';
import { BootwrightError } from '../../system/errors/index.ts';
import { type RunOptions, run } from '../../system/process.ts';
import { findTool } from '../../system/tools.ts';

/** Whether foreign code must run in a sandbox, may run without one, or shall. */
export type SandboxMode = 'auto' | 'require' | 'off';

/**
 * The user and group that foreign code runs as when Bootwright itself runs as
 * root: `nobody`, which owns nothing. (A number without an account would not
 * be mapped in a container.)
 */
const nobody = 65534;

/** A way to run foreign code: confined to one folder as far as the host allows. */
export interface Sandbox {
  /** How far that is, in words for the log. */
  readonly description: string;
  /** Why there is no real sandbox, if there is none. */
  readonly warning?: string;
  /** Runs a program in it. */
  run(command: string, args: readonly string[], options: RunOptions): ReturnType<typeof run>;
  /** Gives the folder to whoever runs the foreign code. */
  enter(): Promise<void>;
  /** Gives the folder back to the caller. */
  leave(): Promise<void>;
}

/** How a command is to be started so that it is confined. */
interface Confinement {
  readonly description: string;
  wrap(command: string, args: readonly string[]): readonly [string, readonly string[]];
  readonly ids?: { readonly uid: number; readonly gid: number };
}

/** Whether a path is a folder or lies in it. */
function isIn(folder: string, path: string): boolean {
  const inside = relative(folder, path);
  return inside !== '..' && !inside.startsWith(`..${sep}`);
}

/** The folders above a path that lie in covered ones, from the outside in. */
function ancestorsBelow(path: string, covers: readonly string[]): string[] {
  const found: string[] = [];
  for (let folder = dirname(path); folder !== dirname(folder); folder = dirname(folder)) {
    if (covers.some((cover) => cover !== folder && isIn(cover, folder))) found.unshift(folder);
  }
  return found;
}

/** The folders above a path that others may not enter. */
async function closedAncestors(path: string): Promise<string[]> {
  const closed: string[] = [];
  for (let folder = dirname(path); folder !== dirname(folder); folder = dirname(folder)) {
    if (((await stat(folder)).mode & 0o001) === 0) closed.push(folder);
  }
  return closed;
}

/**
 * The arguments by which bwrap(1) shows a program the whole host read-only, one folder writable,
 * no network, and nothing of what is personal or belongs to running services.
 *
 * @param folder - the writable folder, absolute and without links
 * @param covered - folders that are shown empty, but for `folder` and for what of PATH lies in them
 * @param path - the search path for programs
 * @param ownProc - give it a process table of its own
 */
export function bubblewrapArguments(
  folder: string,
  covered: readonly string[],
  path: string,
  ownProc: boolean,
): string[] {
  // From the outside in: a cover must not lie over what is shown in another one.
  const covers = [...new Set(covered)].sort((a, b) => a.length - b.length);
  const shown = covers.flatMap((cover) =>
    path
      .split(delimiter)
      .filter((entry) => entry.startsWith('/') && entry !== cover && isIn(cover, entry))
      .map((entry) => join(cover, relative(cover, entry).split(sep)[0] ?? '')),
  );
  return [
    '--die-with-parent',
    '--unshare-net',
    '--unshare-ipc',
    '--unshare-uts',
    ...(ownProc ? ['--unshare-pid'] : []),
    '--ro-bind',
    '/',
    '/',
    '--dev',
    '/dev',
    ...(ownProc ? ['--proc', '/proc'] : ['--ro-bind', '/proc', '/proc']),
    ...covers.flatMap((cover) => ['--tmpfs', cover]),
    ...[...new Set(shown)].flatMap((entry) => ['--ro-bind-try', entry, entry]),
    // Made by bwrap on its own, the folders above would be closed to all but their owner.
    ...ancestorsBelow(folder, covers).flatMap((ancestor) => ['--dir', ancestor]),
    '--bind',
    folder,
    folder,
    '--chdir',
    folder,
    '--',
  ];
}

/** Drops root's powers for good: the program runs as nobody and can never regain anything. */
const dropRoot = [
  'setpriv',
  `--reuid=${nobody}`,
  `--regid=${nobody}`,
  '--clear-groups',
  '--no-new-privs',
  '--inh-caps=-all',
  '--bounding-set=-all',
] as const;

/** The ways to confine with bubblewrap, best first; which of them works depends on the host. */
function bubblewrapWays(
  folder: string,
  covered: readonly string[],
  path: string,
  isRoot: boolean,
): Confinement[] {
  const ways: Confinement[] = [];
  for (const ownProc of [true, false]) {
    const args = bubblewrapArguments(folder, covered, path, ownProc);
    const base = 'bubblewrap: no network, only its own folder writable';
    if (isRoot) {
      ways.push({
        description: `${base}, as nobody`,
        wrap: (command, rest) => ['bwrap', [...args, ...dropRoot, command, ...rest]],
      });
    }
    ways.push({
      description: isRoot ? `${base}, as nobody, by user namespace` : base,
      wrap: (command, rest) => ['bwrap', [...args, command, ...rest]],
      ...(isRoot ? { ids: { uid: nobody, gid: nobody } } : {}),
    });
  }
  return ways;
}

/**
 * Finds out how foreign code can be confined to a folder here. It never runs as root.
 *
 * @param folder - the folder that it may write into; it is there
 * @param path - the search path for programs that it will have
 * @throws BootwrightError `BW-SOURCE-SANDBOX`
 */
export async function openSandbox(
  folder: string,
  path: string,
  mode: SandboxMode,
  signal?: AbortSignal,
): Promise<Sandbox> {
  const inside = await realpath(folder);
  const isRoot = process.getuid?.() === 0;
  const closed = await closedAncestors(inside);
  const confine = async (): Promise<{ way: Confinement; warning?: string }> => {
    let why = 'bubblewrap (bwrap) is not installed';
    if (mode !== 'off' && findTool('bwrap') !== undefined) {
      const home = homedir();
      const covered = ['/tmp', '/run', '/var/tmp', ...(home === '/' ? [] : [home])];
      const present: string[] = [];
      for (const each of [...covered, ...(isRoot ? closed : [])]) {
        const real = await realpath(each).catch(() => undefined);
        if (real !== undefined && real !== inside) present.push(real);
      }
      for (const way of bubblewrapWays(inside, present, path, isRoot)) {
        const problem = await tryOut(way, signal);
        if (problem === undefined) return { way };
        why = `bubblewrap does not work here (${problem})`;
      }
    }
    if (mode === 'require') {
      throw new BootwrightError('BW-SOURCE-SANDBOX', `A sandbox is required, but ${why}.`);
    }
    if (isRoot && closed.length > 0) {
      throw new BootwrightError(
        'BW-SOURCE-SANDBOX',
        `%prep runs as nobody, who cannot enter "${closed.at(-1)}" on the way to "${inside}".`,
        {
          hint: 'Choose a workspace in a folder that everybody may enter (--workspace), install bubblewrap, or run as an ordinary user.',
        },
      );
    }
    const way: Confinement = {
      description: isRoot ? 'no sandbox, as nobody' : 'no sandbox',
      wrap: (command, args) => [command, args],
      ...(isRoot ? { ids: { uid: nobody, gid: nobody } } : {}),
    };
    const warning = `%prep, which is foreign code, can read this host's files and reach the network: ${why}.`;
    return mode === 'off' ? { way } : { way, warning };
  };

  const { way, warning } = await confine();
  const give = async (owner: number): Promise<void> => {
    if (!isRoot) return;
    await run('chown', ['-R', '-h', `${owner}:${owner}`, '--', inside]);
    await chmod(inside, 0o755);
  };
  return {
    description: way.description,
    ...(warning === undefined ? {} : { warning }),
    run: (command, args, options) => run(...way.wrap(command, args), { ...options, ...way.ids }),
    enter: () => give(nobody),
    leave: () => give(0),
  };
}

/** Runs a program that does nothing; says what was the matter if it failed. */
async function tryOut(way: Confinement, signal?: AbortSignal): Promise<string | undefined> {
  try {
    await run(...way.wrap('true', []), {
      timeout: 10_000,
      ...way.ids,
      ...(signal === undefined ? {} : { signal }),
    });
    return undefined;
  } catch (error) {
    if (!(error instanceof BootwrightError) || error.code === 'BW-INTERRUPTED') throw error;
    return error.occasion.excerpt?.at(-1) ?? error.message;
  }
}
