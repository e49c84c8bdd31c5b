import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { BootwrightError } from '../../system/errors/index.ts';
import type { RunOptions } from '../../system/process.ts';
import type { Step } from '../../system/progress.ts';
import { prepError } from './diagnose.ts';
import type { SourcePackage } from './package.ts';
import type { Sandbox } from './sandbox.ts';

/** The folders that rpm is given for itself, all below one. */
export interface RpmFolders {
  readonly top: string;
  readonly build: string;
  readonly sources: string;
  readonly specs: string;
  /** Our stand-ins for programs, first on PATH. */
  readonly programs: string;
  readonly home: string;
  readonly temporary: string;
}

/** Makes the folders of rpm below a folder. */
export async function makeRpmFolders(folder: string): Promise<RpmFolders> {
  const folders: RpmFolders = {
    top: folder,
    build: join(folder, 'BUILD'),
    sources: join(folder, 'SOURCES'),
    specs: join(folder, 'SPECS'),
    programs: join(folder, 'bin'),
    home: join(folder, 'home'),
    temporary: join(folder, 'tmp'),
  };
  for (const each of Object.values(folders)) await mkdir(each, { recursive: true });
  return folders;
}

/**
 * The environment of rpm and of what it runs: its own home, so that nobody's ~/.rpmmacros has a
 * say, and one language.
 */
export function rpmEnvironment(folders: RpmFolders, path: string): Record<string, string> {
  return {
    PATH: `${folders.programs}:${path}`,
    HOME: folders.home,
    TMPDIR: folders.temporary,
    LANG: 'C.UTF-8',
    LC_ALL: 'C.UTF-8',
    // A workspace inside of somebody's git checkout: `git apply` would take the patches for that
    // repository's, and skip them without a word.
    GIT_CEILING_DIRECTORIES: folders.top,
    GIT_CONFIG_NOSYSTEM: '1',
  };
}

/** Macros that keep rpm to its folders, whatever this host's own configuration says. */
export function folderDefines(folders: RpmFolders): Record<string, string> {
  return {
    _topdir: folders.top,
    _builddir: '%{_topdir}/BUILD',
    _buildrootdir: '%{_topdir}/BUILDROOT',
    _sourcedir: '%{_topdir}/SOURCES',
    _specdir: '%{_topdir}/SPECS',
    _rpmdir: '%{_topdir}/RPMS',
    _srcrpmdir: '%{_topdir}/SRPMS',
    _tmppath: folders.temporary,
    _dbpath: join(folders.top, 'db'),
    // The vendor's key is not in our empty database; digests have been checked.
    _pkgverify_level: 'digest',
  };
}

/** Macros as arguments of rpm, rpmbuild and rpmspec. */
export function defineArguments(defines: Readonly<Record<string, string>>): string[] {
  return Object.entries(defines).flatMap(([name, value]) => ['--define', `${name} ${value}`]);
}

/** Everything that a call of rpm needs to know. */
export interface RpmCall {
  readonly sandbox: Sandbox;
  readonly folders: RpmFolders;
  readonly env: Readonly<Record<string, string>>;
  readonly log?: string;
  readonly signal?: AbortSignal;
}

function runOptions(call: RpmCall, failure: RunOptions['failure']): RunOptions {
  return {
    cwd: call.folders.top,
    env: call.env,
    ...(failure === undefined ? {} : { failure }),
    ...(call.log === undefined ? {} : { log: call.log }),
    ...(call.signal === undefined ? {} : { signal: call.signal }),
  };
}

/**
 * Unpacks a source package into the folders: `rpm -i`.
 *
 * @param file - the package, readable in the sandbox
 * @throws BootwrightError `BW-SOURCE-INSTALL`
 */
export async function installSource(call: RpmCall, file: string): Promise<void> {
  const args = ['-i', '--nodeps', ...defineArguments(folderDefines(call.folders)), file];
  await call.sandbox.run('rpm', args, runOptions(call, 'BW-SOURCE-INSTALL'));
}

/** What a spec says of its packages, once its macros are expanded. */
export interface ExpandedSpec {
  readonly version: string;
  readonly release: string;
  /** What each package provides: its name to names with their versions. */
  readonly provides: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** Its text, with macros replaced and conditions decided. */
  readonly text: string;
}

/** What rpmspec answers. */
async function askSpec(
  call: RpmCall,
  spec: string,
  architecture: string,
  macroArguments: readonly string[],
  asked: readonly string[],
): Promise<string> {
  const args = [...asked, '--target', architecture, ...macroArguments, spec];
  return (await call.sandbox.run('rpmspec', args, runOptions(call, 'BW-SOURCE-SPEC'))).stdout;
}

/**
 * The names of the packages that a spec makes for an architecture. EL 5 and 6 describe more than
 * that, such as `kernel-PAE` on x86_64: those have no `%files` there.
 *
 * @throws BootwrightError `BW-SOURCE-SPEC`
 */
export async function listBuiltPackages(
  call: RpmCall,
  spec: string,
  architecture: string,
  macroArguments: readonly string[],
): Promise<ReadonlySet<string>> {
  const asked = ['-q', '--builtrpms', '--qf', '%{NAME}\\n'];
  const names = await askSpec(call, spec, architecture, macroArguments, asked);
  return new Set(names.split('\n'));
}

/**
 * Expands a spec by rpm itself.
 *
 * @param defines - macros, the folders' among them
 * @throws BootwrightError `BW-SOURCE-SPEC`, `BW-SOURCE-ARCH`
 */
export async function expandSpec(
  call: RpmCall,
  spec: string,
  architecture: string,
  macroArguments: readonly string[],
): Promise<ExpandedSpec> {
  const query = '[P %{=NAME} %{PROVIDENAME} %{PROVIDEVERSION}\\n]V %{VERSION} %{RELEASE}\\n';
  const rpmspec = (asked: readonly string[], from: RpmCall): Promise<string> =>
    askSpec(from, spec, architecture, macroArguments, asked);
  const { log: _, ...unlogged } = call;
  let words: string;
  let text: string;
  try {
    words = await rpmspec(['-q', '--qf', query], call);
    // Megabytes, of changelog mostly.
    text = await rpmspec(['-P'], unlogged);
  } catch (error) {
    if (!(error instanceof BootwrightError) || error.code !== 'BW-SOURCE-SPEC') throw error;
    const lines = error.occasion.excerpt ?? [];
    const said = lines.find((line) => line.startsWith('error: '));
    throw new BootwrightError(
      lines.some((line) => /Architecture is (?:not included|excluded)/.test(line))
        ? 'BW-SOURCE-ARCH'
        : 'BW-SOURCE-SPEC',
      said === undefined ? error.message : `rpm cannot read the spec: ${said.slice(7)}`,
      error.occasion,
    );
  }
  const provides = new Map<string, Map<string, string>>();
  let version = '';
  let release = '';
  for (const line of words.split('\n')) {
    const [kind, first = '', second = '', third = ''] = line.split(' ');
    if (kind === 'P') {
      provides.set(first, (provides.get(first) ?? new Map<string, string>()).set(second, third));
    }
    // Every package of a spec may have a version of its own; the first one is the main package's.
    if (kind === 'V' && version === '') {
      version = first;
      release = second;
    }
  }
  return { version, release, provides, text };
}

/**
 * Starts a program with both of its outputs as one: what it says (standard output) stands only
 * then beside the shell's trace (standard error) of the command that says it.
 */
const inOrder = ['-c', 'exec "$@" 2>&1', 'sh'] as const;

/** How many of the last lines of `%prep` are kept to explain a failure. */
const keptLines = 400;

/**
 * What rpm reports when all is over: with all that it has to say about the spec, which can be more
 * lines than are kept (EL 5's specs), and nothing of what went wrong in `%prep`.
 */
const endReport = /^RPM build (?:warnings|errors):$/;

/** How often `%prep` tells how far it has got, in milliseconds. */
const tellEvery = 200;

/**
 * Runs a spec's `%prep`: `rpmbuild -bp`.
 *
 * @throws BootwrightError `BW-SOURCE-MACRO`, `BW-SOURCE-PATCH`, `BW-SOURCE-PREP`, `BW-SOURCE-ARCH`,
 *   `BW-TOOL-MISSING`
 */
export async function runPrep(
  call: RpmCall,
  spec: string,
  source: Pick<SourcePackage, 'patches'>,
  architecture: string,
  macroArguments: readonly string[],
  step: Step,
): Promise<void> {
  const args = [
    ...inOrder,
    'rpmbuild',
    '-bp',
    '--nodeps',
    '--target',
    architecture,
    ...macroArguments,
    spec,
  ];
  const last: string[] = [];
  let ended = false;
  let commands = 0;
  let told = 0;
  try {
    await call.sandbox.run('sh', args, {
      ...runOptions(call, 'BW-SOURCE-PREP'),
      onLine(line) {
        ended ||= endReport.test(line);
        if (ended) return;
        last.push(line);
        if (last.length > keptLines) last.shift();
        if (line.startsWith('+ ')) commands += 1;
        const now = Date.now();
        if (now - told < tellEvery) return;
        told = now;
        // Of a long path the file's name is what tells.
        const current = line.replace(/^\++ /, '').replace(/(?:\/[^\s/]+){3,}\/(?=[^\s/])/g, '');
        step.progress({ done: commands, unit: 'commands', current: current.slice(0, 80) });
      },
    });
  } catch (error) {
    if (!(error instanceof BootwrightError) || error.code !== 'BW-SOURCE-PREP') throw error;
    throw prepError(error, last, source.patches);
  }
}
