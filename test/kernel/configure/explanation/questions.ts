import { explainSymbols } from '../../../../src/kernel/configure/explanation/explain-symbols.ts';
import type { Reason } from '../../../../src/kernel/configure/explanation/reason.ts';
import { renderExplanation } from '../../../../src/kernel/configure/explanation/render-explanation.ts';
import type {
  ExplanationReport,
  SymbolReport,
} from '../../../../src/kernel/configure/explanation/report.ts';
import { kconfigOf } from '../snippet.ts';

const head = 'mainmenu "Test"\nconfig MODULES\n\tbool "Modules"\n\tmodules\n';

/** Explains symbols of a small Kconfig, whose first line is line 5 of its file. */
export async function ask(
  kconfig: string,
  config: string,
  ...names: readonly string[]
): Promise<ExplanationReport> {
  const text = head + kconfig;
  return explainSymbols({
    kconfig: await kconfigOf(text),
    config: `CONFIG_MODULES=y\n${config}`,
    names,
    read: (file) => (file === 'Kconfig' ? text : undefined),
  });
}

/** The report of the one symbol that was asked about. */
export async function askOne(kconfig: string, config: string, name: string): Promise<SymbolReport> {
  const [symbol] = (await ask(kconfig, config, name)).symbols;
  if (symbol === undefined) throw new Error(`nothing is said of ${name}`);
  return symbol;
}

/** The reasons in one text, with their places, the inner ones indented. */
export function told(reasons: readonly Reason[], indent = ''): string {
  return reasons
    .map(({ text, location, because }) =>
      [`${indent}${text}${location === '' ? '' : ` [${location}]`}`, told(because, `${indent}  `)]
        .filter((part) => part !== '')
        .join('\n'),
    )
    .join('\n');
}

/** The best way to a value as `A=y B=n`; undefined if there is none. */
export function wayTo(value: string, { targets }: SymbolReport): string | undefined {
  const target = targets.find((one) => one.value === value);
  return target?.ways[0]?.changes.map(({ symbol, to }) => `${symbol}=${to}`).join(' ');
}

/** The explanation as it is printed, 80 columns wide. */
export function rendered(report: ExplanationReport, colour = false): string {
  return renderExplanation(report, { width: 80, colour });
}
