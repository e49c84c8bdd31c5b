import { constants } from 'node:fs';
import {
  chmod,
  copyFile,
  mkdir,
  readFile,
  realpath,
  rename,
  rm,
  writeFile,
} from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BootwrightError } from '../../system/errors/index.ts';
import { readTextFile } from '../../system/files.ts';
import { run } from '../../system/process.ts';
import type { Step } from '../../system/progress.ts';
import { findTool, requireTool } from '../../system/tools.ts';
import type { Architecture, KernelTarget } from '../target.ts';
import { findShippedConfig, readKbuildArch } from './config.ts';
import { inspectSourcePackage, requireArchitecture, type SourcePackage } from './package.ts';
import { makeTarget } from './release.ts';
import { renumberSources } from './renumber.ts';
import {
  defineArguments,
  type ExpandedSpec,
  expandSpec,
  folderDefines,
  installSource,
  listBuiltPackages,
  makeRpmFolders,
  type RpmCall,
  rpmEnvironment,
  runPrep,
} from './rpmbuild.ts';
import { openSandbox, type SandboxMode } from './sandbox.ts';
import { runScriptsByBash } from './scripts.ts';
import { type Host, hostMacroNames, planSupplies, type Supplied } from './supplies.ts';
import { cleanTree, findTree, readBaseVersion } from './tree.ts';

/** What to prepare, and how. */
export interface PrepareOptions {
  /** Path of the source package. */
  readonly srpm: string;
  /**
   * Folder for all that comes of it: empty or not there yet. The tree must stay where it was
   * prepared, since the paths handed back are absolute.
   */
  readonly folder: string;
  readonly architecture: Architecture;
  /** Variant of the kernel, such as `rt` or `debug`; the default is the plain one. */
  readonly variant?: string;
  /** Config to use instead of the package's own. */
  readonly config?: string;
  /** Macros of the user's own, which go before all that is worked out. */
  readonly defines?: Readonly<Record<string, string>>;
  /** The default is `auto`: a sandbox where the host allows one, else a warning. */
  readonly sandbox?: SandboxMode;
  /** Let the spec fail over options that its configs do not set; the default is not to. */
  readonly withConfigChecks?: boolean;
  readonly step: Step;
  readonly signal?: AbortSignal;
  /** File that gets everything that rpm and `%prep` print. */
  readonly log?: string;
}

/** A prepared source: the tree after `%prep`, and what is known of the kernel in it. */
export interface PreparedSource {
  readonly package: SourcePackage;
  /** With the `uname -r` of the stock kernel. */
  readonly target: KernelTarget;
  /** Version in the tree's Makefile, before EXTRAVERSION: what `uname -r` starts with. */
  readonly baseVersion: string;
  /** Absolute path of the tree. */
  readonly tree: string;
  /** Absolute path of a copy of the config that the package ships, or that the user has named. */
  readonly shippedConfig: string;
  /** Where that config came from: its path in the tree or among the sources, or the user's. */
  readonly shippedConfigOrigin: string;
  /** What make's ARCH has to be, such as `x86_64`. */
  readonly kbuildArch: string;
  /** What this host lacked and was supplied. */
  readonly supplied: readonly Supplied[];
  /** How `%prep` was confined, in words. */
  readonly sandbox: string;
}

/** Programs of ours for what hosts lack. */
const standInFolder = fileURLToPath(new URL('supplies/', import.meta.url));

/**
 * From a source package to a kernel tree as the vendor's own build has it: verifies the package,
 * unpacks it (`rpm -i`) and runs its `%prep` (`rpmbuild -bp`) unprivileged, and finds tree, config
 * and release.
 *
 * @throws BootwrightError `BW-SOURCE-…`, `BW-TOOL-MISSING`, `BW-FILE-MISSING`, `BW-INTERRUPTED`
 */
export async function prepareSource(options: PrepareOptions): Promise<PreparedSource> {
  const { architecture, signal, step } = options;
  const requirement = 'prepare a source package';
  for (const tool of ['rpm', 'rpmbuild', 'rpmspec', 'perl']) requireTool(tool, requirement);
  // A config of the user's own is looked at before anything that takes time.
  const ownConfig = options.config === undefined ? undefined : resolve(options.config);
  if (ownConfig !== undefined) await readKbuildArch(ownConfig, architecture);

  const source = await step.step('Verify the source package', async (part) => {
    const found = await inspectSourcePackage(resolve(options.srpm), signal && { signal });
    requireArchitecture(found, architecture);
    part.note(found.nevra);
    return found;
  });

  await mkdir(options.folder, { recursive: true });
  const folder = await realpath(options.folder);
  const folders = await makeRpmFolders(join(folder, 'rpm'));
  const path = process.env.PATH ?? '/usr/bin:/bin';
  const sandbox = await openSandbox(folders.top, path, options.sandbox ?? 'auto', signal);
  if (sandbox.warning !== undefined) step.warn(sandbox.warning);
  const call: RpmCall = {
    sandbox,
    folders,
    env: rpmEnvironment(folders, path),
    ...(options.log === undefined ? {} : { log: options.log }),
    ...(signal === undefined ? {} : { signal }),
  };
  const prepared = await unpackAndPrepare(call, source, path, options);

  return step.step('Find tree, config and release', async (part) => {
    const tree = await findTree(folders.build, source, architecture);
    const cleaned = await cleanTree(tree, folder);
    if (cleaned.moved.length > 0) part.info(`Moved out of the tree: ${cleaned.moved.join(', ')}.`);
    const baseVersion = await readBaseVersion(tree);
    const target = makeTarget(source, prepared.spec, architecture, options.variant, baseVersion);
    const place = { tree, sources: folders.sources, version: source.version };
    const shipped =
      ownConfig === undefined
        ? await findShippedConfig(place, architecture, options.variant)
        : { path: ownConfig };
    const kbuildArch = await readKbuildArch(shipped.path, architecture);
    const shippedConfig = join(folder, 'shipped.config');
    await copyFile(shipped.path, shippedConfig);
    await chmod(shippedConfig, 0o644);
    part.note(target.kernelRelease);
    return {
      package: source,
      target,
      baseVersion,
      tree,
      shippedConfig,
      shippedConfigOrigin: shipped.path,
      kbuildArch,
      supplied: prepared.supplied,
      sandbox: sandbox.description,
    };
  });
}

/** The part that is done in the sandbox: `rpm -i`, and `rpmbuild -bp` with what this host lacks. */
async function unpackAndPrepare(
  call: RpmCall,
  source: SourcePackage,
  path: string,
  options: PrepareOptions,
): Promise<{ readonly spec: ExpandedSpec; readonly supplied: readonly Supplied[] }> {
  const { folders, sandbox } = call;
  const { architecture, signal, step, defines = {} } = options;
  const specFile = join(folders.specs, source.specFile);
  try {
    await step.step('Unpack the source package', async (part) => {
      // A copy of our own: what was verified, where the sandbox can read it.
      const copy = join(folders.top, 'source.rpm');
      await copyFile(source.path, copy, constants.COPYFILE_FICLONE);
      await chmod(copy, 0o644);
      await sandbox.enter();
      await installSource(call, copy);
      await rm(copy);
      part.note(`${source.files.length} files`);
    });

    const spec = await readTextFile(specFile, 'spec');
    const host = await probeHost(path, signal);
    const supplies = planSupplies(source, spec, host, {
      configChecks: options.withConfigChecks ?? false,
      defines,
    });
    const supplied = [...supplies.supplied];
    if (!host.shIsBash) {
      const scripts = await runScriptsByBash(folders, host.bash);
      supplied.push({
        name: 'bash as sh',
        reason: `what it is on the distribution, and not on this host${
          scripts.length === 0 ? '' : `; for ${scripts.join(', ')} too`
        }`,
      });
    }
    for (const { name, value, reason } of supplied) {
      step.info(`Supplied ${name}${value === undefined ? '' : ` = ${value}`}: ${reason}.`);
    }
    for (const [wanted, file, name] of [
      [supplies.pathfix, 'pathfix.pl', 'pathfix.py'],
      [supplies.gpg, 'gpg.sh', 'gpg'],
      [supplies.make, 'make.sh', 'make'],
    ] as const) {
      if (!wanted) continue;
      const standIn = join(folders.programs, name);
      await copyFile(join(standInFolder, file), standIn);
      await chmod(standIn, 0o755);
    }
    const macroArguments = [
      ...supplies.undefines.flatMap((name) => ['--undefine', name]),
      ...defineArguments({ ...folderDefines(folders), ...supplies.defines, ...defines }),
    ];
    return await step.step('Prepare the tree (%prep)', async (part) => {
      part.info(`%prep runs in: ${sandbox.description}.`);
      const { expanded, renumbered } = await expandOrRenumber(
        call,
        specFile,
        architecture,
        macroArguments,
      );
      for (const name of renumbered) {
        const reason = `the spec has more than one ${name}, which newer rpm refuses`;
        supplied.push({ name: `a number for each ${name}`, reason });
        part.info(`Supplied a number for each ${name}: ${reason}.`);
      }
      if (expanded.version !== source.version || expanded.release !== source.release) {
        part.warn(
          `The spec gives ${expanded.version}-${expanded.release} on this host, the package is ${source.version}-${source.release}.`,
        );
      }
      if (options.config === undefined) {
        await refuseUnknownVariant(source, folders.sources, architecture, options.variant, () =>
          listBuiltPackages(call, specFile, architecture, macroArguments),
        );
      }
      await runPrep(call, specFile, source, architecture, macroArguments, part);
      return { spec: expanded, supplied };
    });
  } finally {
    await sandbox.leave();
  }
}

/** How many numbers of a spec may be given more than once; EL 5.1's has one. */
const maxRenumbered = 20;

/** Expands a spec; one that gives a number to several sources is changed first. */
async function expandOrRenumber(
  call: RpmCall,
  specFile: string,
  architecture: Architecture,
  macroArguments: readonly string[],
): Promise<{ readonly expanded: ExpandedSpec; readonly renumbered: readonly string[] }> {
  const renumbered: string[] = [];
  for (;;) {
    try {
      const expanded = await expandSpec(call, specFile, architecture, macroArguments);
      return { expanded, renumbered };
    } catch (error) {
      if (!(error instanceof BootwrightError) || error.code !== 'BW-SOURCE-SPEC') throw error;
      if (renumbered.length === maxRenumbered) throw error;
      // As bytes: a changelog may be in any encoding.
      const changed = renumberSources(await readFile(specFile, 'latin1'), error.message);
      if (changed === undefined) throw error;
      const beside = join(call.folders.temporary, basename(specFile));
      await writeFile(beside, changed.text, 'latin1');
      await chmod(beside, 0o644);
      await rename(beside, specFile);
      renumbered.push(changed.name);
    }
  }
}

/**
 * Refuses a variant that neither a config of the sources nor a package is named after, before
 * `%prep` takes its minutes. Where the sources have no configs, `%prep` makes them: it is let run.
 *
 * @param listBuilt - gives the names of the packages that the spec builds here
 * @throws BootwrightError `BW-SOURCE-VARIANT`
 */
async function refuseUnknownVariant(
  source: SourcePackage,
  sources: string,
  architecture: Architecture,
  variant: string | undefined,
  listBuilt: () => Promise<ReadonlySet<string>>,
): Promise<void> {
  if (variant === undefined) return;
  const place = { tree: sources, sources, version: source.version };
  try {
    await findShippedConfig(place, architecture, variant);
  } catch (error) {
    if (!(error instanceof BootwrightError) || error.code !== 'BW-SOURCE-VARIANT') return;
    const built = await listBuilt();
    const name = `${source.name}-${variant}`;
    if (!built.has(name) && !built.has(`${name}-core`)) throw error;
  }
}

/** Asks this host's rpm for the macros that matter, and PATH for the rest. */
async function probeHost(path: string, signal: AbortSignal | undefined): Promise<Host> {
  const bash = findTool('bash');
  if (bash === undefined) {
    throw new BootwrightError('BW-TOOL-MISSING', 'Kernel specs are written for bash.', {
      hint: 'Install bash and run the command again.',
    });
  }
  // "%{?name:=}" tells a macro that is empty from one that is not there.
  const template = hostMacroNames.map((name) => `%{?${name}:=%{${name}}}`).join('\n');
  const values = await run('rpm', ['--eval', template], {
    env: { PATH: path, HOME: '/nonexistent', LC_ALL: 'C.UTF-8' },
    ...(signal === undefined ? {} : { signal }),
  });
  const lines = values.stdout.split('\n');
  const macros: Record<string, string> = {};
  hostMacroNames.forEach((name, i) => {
    const line = lines[i];
    if (line?.startsWith('=')) macros[name] = line.slice(1);
  });
  return {
    macros,
    hasPathfix: findTool('pathfix.py') !== undefined,
    bash,
    shIsBash: basename(await realpath('/bin/sh')) === 'bash',
  };
}
