import { Command, Option } from 'commander';
import { type CommonOptions, perform, withCommonOptions } from '../perform.ts';

/** What both verbs are given. */
interface ConfigOptions extends CommonOptions {
  readonly tree: string;
  readonly config: string;
  readonly out: string;
  readonly arch?: string;
}

interface PromoteOptions extends ConfigOptions {
  readonly scope: 'network-devices' | 'wired';
  readonly report?: string;
  readonly verify: boolean;
}

function withConfigOptions(command: Command): Command {
  return withCommonOptions(
    command
      .requiredOption('--tree <dir>', "the kernel's source tree; it is only read")
      .requiredOption('--config <file>', 'the config to start from')
      .requiredOption('--out <file>', 'where the new config goes')
      .option(
        '--arch <name>',
        "make's ARCH; the default is what the config's first line names (# x86_64), else x86",
      ),
  );
}

/** ARCH as EL's configs name it in their first line; make's own default on this machine otherwise. */
function architectureOf(options: ConfigOptions, config: string): string {
  return options.arch ?? /^# (\w+)\n/.exec(config)?.[1] ?? 'x86';
}

function olddefconfigCommand(): Command {
  return withConfigOptions(
    new Command('olddefconfig').description(
      "complete a config as the tree's own `make olddefconfig` does, byte for byte",
    ),
  ).action((options: ConfigOptions) =>
    perform(options, async (terminal) => {
      const { olddefconfig } = await import('../../kernel/configure/olddefconfig.ts');
      const { readTextFile, writeWhole } = await import('../../system/files.ts');
      const { cacheFolder } = await import('../../system/cache.ts');
      const config = await readTextFile(options.config, 'kernel config');
      const settled = await terminal.step.step('Complete the config', () =>
        olddefconfig({
          tree: options.tree,
          arch: architectureOf(options, config),
          config,
          cacheFolder: cacheFolder('kconfig'),
          signal: terminal.signal,
        }),
      );
      await writeWhole(options.out, settled.text);
      for (const warning of settled.warnings) terminal.step.warn(warning);
      terminal.result(
        { out: options.out, warnings: settled.warnings },
        `${options.out} written, ${settled.warnings.length} warnings.`,
      );
    }),
  );
}

function promoteCommand(): Command {
  return withConfigOptions(
    new Command('promote').description(
      'build every network driver in that the config has as a module, and say what that took',
    ),
  )
    .addOption(
      new Option('--scope <scope>', 'which drivers')
        .choices(['network-devices', 'wired'])
        .default('network-devices'),
    )
    .option('--report <file>', 'write the whole report as JSON')
    .option('--no-verify', "do not let the tree's own conf confirm the result")
    .action((options: PromoteOptions) =>
      perform(options, async (terminal) => {
        const { computeNetboot } = await import('../../kernel/configure/configure.ts');
        const { renderReport } = await import('../../kernel/configure/render-report.ts');
        const { readTextFile, writeWhole } = await import('../../system/files.ts');
        const { cacheFolder } = await import('../../system/cache.ts');
        const config = await readTextFile(options.config, 'kernel config');
        const { report, netbootText } = await computeNetboot({
          tree: options.tree,
          architecture: architectureOf(options, config),
          shippedConfig: options.config,
          scope: options.scope,
          cacheFolder: cacheFolder('kconfig'),
          verify: options.verify,
          step: terminal.step,
          signal: terminal.signal,
        });
        await writeWhole(options.out, netbootText);
        if (options.report !== undefined) {
          await writeWhole(options.report, `${JSON.stringify(report, undefined, 2)}\n`);
        }
        terminal.result(report, renderReport(report, terminal));
      }),
    );
}

/** `bootwright config …`: the Kconfig engine by itself. */
export function configCommand(): Command {
  return new Command('config')
    .description("work on a kernel config with the tree's own Kconfig files")
    .addCommand(olddefconfigCommand())
    .addCommand(promoteCommand());
}
