import { Command } from 'commander';
import { type CommonOptions, perform, withCommonOptions } from '../../perform.ts';
import { architectureOf, withArchitecture } from './options.ts';

interface DiffOptions extends CommonOptions {
  readonly tree?: string;
  readonly arch?: string;
}

/** `bootwright config diff A B`. */
export function diffCommand(): Command {
  return withArchitecture(
    withCommonOptions(
      new Command('diff')
        .description('say what differs between two configs, and with a tree also why')
        .argument('<a>', 'a config')
        .argument('<b>', 'another one')
        .option('--tree <dir>', 'the source tree of the kernel that both are for'),
    ),
  ).action((a: string, b: string, options: DiffOptions) =>
    perform(options, async (terminal) => {
      const render = await import('../../../kernel/configure/difference/render-difference.ts');
      const { readTextFile } = await import('../../../system/files.ts');
      const { cacheFolder } = await import('../../../system/cache.ts');
      const { comparePlainly, compareUnderTree } = await import(
        '../../../kernel/configure/difference/compare.ts'
      );
      const configs = {
        a: { path: a, text: await readTextFile(a, 'kernel config') },
        b: { path: b, text: await readTextFile(b, 'kernel config') },
      };
      if (options.tree === undefined) {
        const report = comparePlainly(configs);
        terminal.result(report, render.renderPlainDifference(report, terminal).trimEnd());
        return;
      }
      const report = await compareUnderTree({
        ...configs,
        tree: options.tree,
        arch: architectureOf(options, configs.a.text),
        cacheFolder: cacheFolder('kconfig'),
        step: terminal.step,
        signal: terminal.signal,
      });
      terminal.result(report, render.renderDifference(report, terminal).trimEnd());
    }),
  );
}
