import { Command } from 'commander';
import { perform } from '../../perform.ts';
import { architectureOf, type TreeOptions, withTreeOptions } from './options.ts';

/** `bootwright config explain SYMBOL…`. */
export function explainCommand(): Command {
  return withTreeOptions(
    new Command('explain')
      .description('say why symbols have their values, and what it takes to change them')
      .argument('<symbol...>', 'names, with or without CONFIG_'),
    'the config that they are asked about in',
  ).action((names: string[], options: TreeOptions) =>
    perform(options, async (terminal) => {
      const { explainConfig } = await import('../../../kernel/configure/explanation/explain.ts');
      const { renderExplanation } = await import(
        '../../../kernel/configure/explanation/render-explanation.ts'
      );
      const { readTextFile } = await import('../../../system/files.ts');
      const { cacheFolder } = await import('../../../system/cache.ts');
      const config = await readTextFile(options.config, 'kernel config');
      const { report, unknown } = await explainConfig({
        tree: options.tree,
        arch: architectureOf(options, config),
        config,
        path: options.config,
        names,
        cacheFolder: cacheFolder('kconfig'),
        step: terminal.step,
        signal: terminal.signal,
      });
      terminal.result(report, renderExplanation(report, terminal).trimEnd());
      if (unknown !== undefined) throw unknown;
    }),
  );
}
