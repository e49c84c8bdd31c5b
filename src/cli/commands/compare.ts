import { Command, Option } from 'commander';
import { BootwrightError } from '../../system/errors/index.ts';
import { type CommonOptions, perform, withCommonOptions } from '../perform.ts';

interface CompareOptions extends CommonOptions {
  readonly stock: readonly string[];
  readonly kabi: readonly string[];
  readonly tree?: string;
  readonly html?: string;
}

const gather = (path: string, before: readonly string[]): readonly string[] => [...before, path];

/** `bootwright compare BUNDLE`. */
export function compareCommand(): Command {
  return withCommonOptions(
    new Command('compare')
      .description(
        "say in what a bundle's kernel equals the stock kernel and in what it does not, and why: config, exported symbols, modules, devices",
      )
      .argument('<bundle>', "the bundle's folder, its archive, or its manifest.json")
      .addOption(
        new Option(
          '--stock <path>',
          'the stock kernel: a package of it (.rpm, .deb; can be repeated; with kernel-devel or linux-headers, all exported symbols are known), or /lib/modules/RELEASE',
        )
          .argParser(gather)
          .default([], 'none'),
      )
      .addOption(
        new Option(
          '--kabi <file>',
          "a vendor's list of symbols to be kept: Module.kabi_x86_64 of the source package, or a stablelist; can be repeated",
        )
          .argParser(gather)
          .default([], 'none'),
      )
      .option(
        '--tree <dir>',
        "the kernel's source tree, which says by its Kconfig files what follows from what, and by its headers which options shape structures",
      )
      .option('--html <file>', 'write the comparison as a page for a browser too'),
  ).action((bundle: string, options: CompareOptions) =>
    perform(options, async (terminal) => {
      const { compareWithStock } = await import('../../compare/compare.ts');
      const { comparisonError } = await import('../../compare/report.ts');
      const { layOut } = await import('../../compare/page/lay-out.ts');
      const { describeComparison } = await import('../../compare/page/text.ts');
      const { stock, kabi, tree, html } = options;
      const { step, signal } = terminal;
      if (stock.length === 0) {
        throw new BootwrightError('BW-USAGE', 'What to compare with is not named: --stock PATH.');
      }
      const report = await compareWithStock({
        bundle,
        stock,
        kabi,
        ...(tree === undefined ? {} : { tree }),
        step,
        signal,
      });
      const page = layOut(report);
      terminal.result(report, describeComparison(page));
      if (html !== undefined) {
        const { comparisonHtml } = await import('../../compare/page/html.ts');
        const { writeWhole } = await import('../../system/files.ts');
        await writeWhole(html, comparisonHtml(page));
      }
      const error = comparisonError(report);
      if (error !== undefined) throw error;
    }),
  );
}
