import { Command } from 'commander';
import { perform } from '../../perform.ts';
import { scopeOf, scopeOption } from '../scope-option.ts';
import { type WishOptions, wishesOf, withWishOptions } from '../wish-options.ts';
import { architectureOf, type WriteOptions, withWriteOptions } from './options.ts';

interface PromoteOptions extends WriteOptions, WishOptions {
  readonly scope: string;
  readonly report?: string;
  readonly verify: boolean;
}

/** `bootwright config promote`. */
export function promoteCommand(): Command {
  return withWishOptions(
    withWriteOptions(
      new Command('promote').description(
        'build every network driver in that the config has as a module, and say what that took',
      ),
    ),
  )
    .addOption(scopeOption())
    .option('--report <file>', 'write the whole report as JSON')
    .option('--no-verify', "do not let the tree's own conf confirm the result")
    .action((options: PromoteOptions) =>
      perform(options, async (terminal) => {
        const { computeNetboot } = await import('../../../kernel/configure/configure.ts');
        const { renderReport } = await import('../../../kernel/configure/render-report.ts');
        const { readTextFile, writeWhole } = await import('../../../system/files.ts');
        const { cacheFolder } = await import('../../../system/cache.ts');
        const { readFleet } = await import('../../../kernel/configure/fleet/fleet.ts');
        const scope = scopeOf(options.scope);
        const config = await readTextFile(options.config, 'kernel config');
        const { report, netbootText } = await computeNetboot({
          tree: options.tree,
          architecture: architectureOf(options, config),
          shippedConfig: options.config,
          scope: typeof scope === 'string' ? scope : await readFleet(scope.fleet),
          wishes: wishesOf(options),
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
