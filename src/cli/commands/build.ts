import { availableParallelism } from 'node:os';
import { Command, InvalidArgumentError, Option } from 'commander';
import type { BuildRequest, ModulesChoice } from '../../pipeline/request.ts';
import { type CommonOptions, perform, withCommonOptions } from '../perform.ts';
import {
  buildFirmwareOption,
  type FirmwareOptions,
  firmwareOf,
  withFirmwareWay,
} from './firmware-options.ts';
import { parseJobs } from './jobs.ts';
import { type MachineOptions, machineOf, withMachineOptions } from './machine-options.ts';
import { scopeOf, scopeOption } from './scope-option.ts';
import { collect, type WishOptions, wishesOf, withWishOptions } from './wish-options.ts';

/** The names of the stages, for --help; a test holds them against the pipeline's. */
export const stageChoices = ['source', 'configure', 'compile', 'modules', 'bundle', 'proof'];

interface BuildOptions
  extends Omit<MachineOptions, 'firmware'>,
    FirmwareOptions,
    WishOptions,
    CommonOptions {
  readonly workspace?: string;
  readonly arch: 'x86_64';
  readonly variant?: string;
  readonly config?: string;
  readonly patch: readonly string[];
  readonly withModule: readonly string[];
  readonly define: Readonly<Record<string, string>>;
  readonly scope: string;
  readonly debugInfo: 'auto' | 'keep' | 'off';
  readonly modules: ModulesChoice;
  readonly format: 'tar.zst' | 'tar.bz2' | 'tar.xz' | 'tar.gz' | 'folder';
  readonly stock: readonly string[];
  readonly signKey?: string;
  readonly jobs: number;
  readonly ccache: boolean;
  readonly sandbox: 'auto' | 'require' | 'off';
  readonly like?: string;
  readonly until?: string;
  readonly dryRun?: boolean;
}

/** `--define 'NAME VALUE'`, as rpmbuild takes it. */
function collectDefine(
  text: string,
  before: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const match = /^([A-Za-z_]\w{2,})\s+(\S.*)$/s.exec(text.trim());
  if (match?.[1] === undefined || match[2] === undefined) {
    throw new InvalidArgumentError("It has to be 'NAME VALUE', as rpmbuild takes it.");
  }
  return { ...before, [match[1]]: match[2] };
}

/** `--modules all|none|stock=PATH`, the last of which adds to those before. */
function collectModules(text: string, before: ModulesChoice): ModulesChoice {
  if (text === 'all' || text === 'none') return text;
  const path = /^stock=(.+)$/s.exec(text)?.[1];
  if (path === undefined) {
    throw new InvalidArgumentError('It has to be "all", "none" or "stock=PATH".');
  }
  return { stock: [...(typeof before === 'object' ? before.stock : []), path] };
}

/** Whether an option stands on the command line; a file of defaults does not count. */
function isGiven(command: Command, name: string): boolean {
  const option = command.options.find(({ long }) => long === `--${name}`);
  return option !== undefined && command.getOptionValueSource(option.attributeName()) === 'cli';
}

/** `bootwright build SRPM`. */
export function buildCommand(): Command {
  const command = new Command('build')
    .description('make a netboot bundle out of a kernel source RPM, and prove it by a PXE boot')
    .argument('<srpm>', 'the kernel source package, kernel-….src.rpm')
    .option(
      '-w, --workspace <dir>',
      'where it is built; default: bootwright-work/<name of the package>',
    )
    .option(
      '--like <bundle>',
      "repeat that bundle's settings, and say at the end what differs; what is given beside counts",
    )
    .addOption(new Option('--until <stage>', 'the last stage to do').choices(stageChoices))
    .option('--dry-run', 'say which stages would run, and why; change nothing')
    .addOption(scopeOption())
    .addOption(new Option('--arch <name>', 'architecture').choices(['x86_64']).default('x86_64'))
    .option('--variant <name>', "the package's variant, such as rt or debug")
    .option('--config <file>', "a config to use instead of the package's")
    .addOption(
      new Option('--patch <file>', 'apply this to the prepared tree; can be repeated, in order')
        .argParser(collect)
        .default([], 'none'),
    )
    .addOption(
      new Option(
        '--with-module <dir>',
        "a vendor's driver to compile along, as a module; DIR=y builds it in; can be repeated",
      )
        .argParser(collect)
        .default([], 'none'),
    )
    .addOption(
      new Option("--define <'name value'>", 'macro for rpmbuild; can be repeated')
        .argParser(collectDefine)
        .default({}, 'none'),
    )
    .addOption(
      new Option('--sandbox <mode>', "confinement of the package's %prep")
        .choices(['auto', 'require', 'off'])
        .default('auto'),
    )
    .addOption(
      new Option(
        '--debug-info <mode>',
        'debug information: only what the kernel itself needs, all that stock compiles, or none',
      )
        .choices(['auto', 'keep', 'off'])
        .default('auto'),
    )
    .addOption(
      new Option(
        '--modules <which>',
        "which modules are compiled; stock=PATH takes the vendor's own instead, out of a folder or of the stock kernel's packages (then it can be repeated)",
      )
        .choices(['all', 'none'])
        .argParser(collectModules)
        .default('all'),
    )
    .addOption(
      new Option(
        '--stock <path>',
        'the stock kernel, for "bootwright advice": the bundle keeps what its modules say of themselves; a package of it (.rpm, .deb; can be repeated), or /lib/modules/RELEASE',
      )
        .argParser(collect)
        .default([], 'none'),
    )
    .option(
      '--sign-key <file>',
      'PEM file with the private key and certificate to sign modules with',
    )
    .addOption(
      new Option('--format <format>', "what the bundle's files lie in: an archive, or its folder")
        .choices(['tar.zst', 'tar.bz2', 'tar.xz', 'tar.gz', 'folder'])
        .default('tar.zst'),
    )
    .option('-j, --jobs <n>', 'how many compilers run at once', parseJobs, availableParallelism())
    .option('--no-ccache', 'compile without ccache, even if it is installed');
  return withCommonOptions(
    withFirmwareWay(withMachineOptions(withWishOptions(command), buildFirmwareOption())),
  ).action((srpm: string, options: BuildOptions, command: Command) =>
    perform(options, async (terminal) => {
      const { build, parseStageName, planBuild } = await import('../../pipeline/build.ts');
      const { describeOutcome, describePlan } = await import('../../pipeline/describe.ts');
      const { parseWantedDriver } = await import('../../kernel/vendor/index.ts');
      const { defaultWorkspace } = await import('../../pipeline/workspace.ts');
      const { wish: firmware, machine } = firmwareOf(options);
      const isRoot = process.getuid?.() === 0;
      const until = parseStageName(options.until ?? (isRoot ? 'proof' : 'bundle'));
      const request: BuildRequest = {
        srpm,
        workspace: options.workspace ?? defaultWorkspace(srpm),
        architecture: options.arch,
        ...(options.variant === undefined ? {} : { variant: options.variant }),
        ...(options.config === undefined ? {} : { config: options.config }),
        defines: options.define,
        sandbox: options.sandbox,
        scope: scopeOf(options.scope),
        wishes: wishesOf(options),
        patches: options.patch,
        drivers: options.withModule.map(parseWantedDriver),
        ...(options.stock.length === 0 ? {} : { stock: options.stock }),
        firmware,
        debugInfo: options.debugInfo,
        modules: options.modules,
        jobs: options.jobs,
        ccache: options.ccache ? ('auto' as const) : ('off' as const),
        ...(options.signKey === undefined ? {} : { signKey: options.signKey }),
        format: options.format,
        proofs: [machineOf({ ...options, firmware: machine })],
      };
      const { like } = options;
      const work = async (asked: BuildRequest): Promise<void> => {
        if (options.dryRun) {
          const plans = await planBuild(asked, until, terminal.step, terminal.signal);
          terminal.result(plans, describePlan(plans));
          return;
        }
        const outcome = await build(asked, until, terminal.step, terminal.signal);
        if (like === undefined || outcome.bundle === undefined) {
          terminal.result(outcome, describeOutcome(outcome));
          return;
        }
        const { compareBundles } = await import('../../bundle/difference/compare.ts');
        const { describeDifference } = await import('../../bundle/difference/render.ts');
        const difference = await compareBundles(like, outcome.bundle.folder, terminal.signal);
        terminal.result(
          { ...outcome, difference },
          `${describeOutcome(outcome)}\n\n${describeDifference(difference)}`,
        );
      };
      if (like === undefined) {
        await work(request);
        return;
      }
      const { likeBundle, repeatedOptions } = await import('../../pipeline/like.ts');
      const given = repeatedOptions.filter((name) => isGiven(command, name));
      await likeBundle(like, request, new Set(given), terminal, work);
    }),
  );
}
