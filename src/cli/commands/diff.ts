import { Command } from 'commander';
import { type CommonOptions, perform, withCommonOptions } from '../perform.ts';

/** `bootwright diff OLD NEW`. */
export function diffCommand(): Command {
  return withCommonOptions(
    new Command('diff')
      .description('say what differs between two bundles: kernel, drivers, modules, config and why')
      .argument('<old>', "a bundle's folder, its archive, or its manifest.json")
      .argument('<new>', 'another one'),
  ).action((before: string, after: string, options: CommonOptions) =>
    perform(options, async (terminal) => {
      const { compareBundles } = await import('../../bundle/difference/compare.ts');
      const { describeDifference } = await import('../../bundle/difference/render.ts');
      const difference = await compareBundles(before, after, terminal.signal);
      terminal.result(difference, describeDifference(difference));
    }),
  );
}
