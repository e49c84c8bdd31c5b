import { availableParallelism } from 'node:os';
import { Command, Option } from 'commander';
import { type CommonOptions, perform, withCommonOptions } from '../perform.ts';
import { parseJobs } from './jobs.ts';
import { collect } from './wish-options.ts';

interface ReproduceOptions extends CommonOptions {
  readonly workspace?: string;
  readonly signKey?: string;
  readonly stock: readonly string[];
  readonly jobs: number;
  readonly ccache?: boolean;
  readonly sandbox: 'auto' | 'require' | 'off';
  readonly anyToolchain?: boolean;
  readonly keep?: boolean;
}

/** `bootwright reproduce BUNDLE SRPM`. */
export function reproduceCommand(): Command {
  return withCommonOptions(
    new Command('reproduce')
      .description(
        'build a bundle a second time, elsewhere, and say whether it has the same bytes, or in which file and section it differs',
      )
      .argument('<bundle>', "the bundle's folder, its archive, or its manifest.json")
      .argument('<srpm>', 'the source package that it was made from')
      .option(
        '-w, --workspace <dir>',
        'where it is built anew: a new folder, or that of a run that was stopped; default: a new one in bootwright-work/',
      )
      .option(
        '--sign-key <file>',
        "PEM file with the key that it was made with; default: that of the workspace which it lies in, or else the bundle's own signatures",
      )
      .addOption(
        new Option(
          '--stock <path>',
          "the folder or package that the bundle's modules are from, if they are stock's; can be repeated",
        )
          .argParser(collect)
          .default([], 'none'),
      )
      .addOption(
        new Option('-j, --jobs <n>', 'how many compilers run at once')
          .argParser(parseJobs)
          .default(availableParallelism() + 1, 'one more than there are processors'),
      )
      .option(
        '--ccache',
        'compile through your ccache: faster, but objects of the first build may come again',
      )
      .addOption(
        new Option('--sandbox <mode>', "confinement of the package's %prep")
          .choices(['auto', 'require', 'off'])
          .default('auto'),
      )
      .option('--any-toolchain', 'go on with other versions of compiler and tools')
      .option('--keep', 'leave what was built, even if it is the same'),
  ).action((bundle: string, srpm: string, options: ReproduceOptions) =>
    perform(options, async (terminal) => {
      const { reproduce } = await import('../../pipeline/reproduce/reproduce.ts');
      const { describeReproduction } = await import('../../pipeline/reproduce/describe.ts');
      const { reproductionError } = await import('../../pipeline/reproduce/report.ts');
      const { workspace, signKey, stock, jobs, ccache, sandbox, anyToolchain, keep } = options;
      const reproduction = await reproduce(
        {
          bundle,
          srpm,
          ...(workspace === undefined ? {} : { folder: workspace }),
          ...(signKey === undefined ? {} : { signKey }),
          stock,
          jobs,
          ccache: ccache ?? false,
          sandbox,
          anyToolchain: anyToolchain ?? false,
          keep: keep ?? false,
        },
        terminal.step,
        terminal.signal,
      );
      terminal.result(reproduction, describeReproduction(reproduction));
      const error = reproductionError(reproduction);
      if (error !== undefined) throw error;
    }),
  );
}
