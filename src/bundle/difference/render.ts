import { formatBytes } from '../../system/files.ts';
import { field, plural, wrap } from '../text-layout.ts';
import {
  type BundleDifference,
  type GainAndLoss,
  type SymbolDifference,
  symbolCauses,
} from './report.ts';

/** From this many on, symbols with the same change and reason are told together. */
const groupedFrom = 3;

const causeTitles: Readonly<Record<SymbolDifference['cause'], string>> = {
  stock: 'because the stock configs do',
  build: 'though stock has it the same',
  tools: 'because the tools do',
};

function change(from: string, to: string): string {
  return `${from} -> ${to}`;
}

function sizeChange(from: number, to: number): string {
  if (from === to) return `${formatBytes(to)}, the same`;
  const sign = to > from ? '+' : '-';
  const size = formatBytes(Math.abs(to - from));
  const percent = from === 0 ? '' : `, ${sign}${((Math.abs(to - from) / from) * 100).toFixed(1)} %`;
  return `${change(formatBytes(from), formatBytes(to))} (${sign}${size}${percent})`;
}

function lists(title: string, { gained, lost }: GainAndLoss, one: string): readonly string[] {
  const part = (names: readonly string[], word: string): readonly string[] =>
    names.length === 0 ? [] : [`  ${plural(names.length, one)} ${word}:`, ...wrap(names, '    ')];
  const lines = [...part(gained, 'gained'), ...part(lost, 'lost')];
  return lines.length === 0 ? [] : [title, ...lines, ''];
}

function symbolLines(differences: readonly SymbolDifference[]): readonly string[] {
  const groups = new Map<string, SymbolDifference[]>();
  for (const each of differences) {
    const key = JSON.stringify([each.from, each.to, each.reason]);
    groups.set(key, [...(groups.get(key) ?? []), each]);
  }
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const why = `${change(first.from, first.to)}: ${first.reason}`.split(' ');
    if (group.length < groupedFrom) {
      return group.flatMap(({ symbol }) => wrap([`${symbol} `, ...why], '        ', '    '));
    }
    const names = group.map(({ symbol }) => symbol);
    return [...wrap(why, '      ', '    '), ...wrap(names, '        ')];
  });
}

/** So much of a digest as tells two apart at a glance; the whole ones are in the manifests. */
function brief(value: string): string {
  return /^[0-9a-f]{64}$/.test(value) ? `${value.slice(0, 16)}…` : value;
}

/** Two bundles for a person, in 80 columns. */
export function describeDifference(difference: BundleDifference): string {
  const { from, to, facts, sizes, drivers, modules, firmware, deviations, config } = difference;
  const lines = [from, `-> ${to}`];
  if (from === to) return [...lines, '', 'They are the same bundle.'].join('\n');
  lines.push(
    ...facts.flatMap((fact) => field(fact.what, brief(fact.from), `-> ${brief(fact.to)}`)),
    '',
  );
  lines.push('Sizes');
  for (const size of sizes)
    lines.push(`  ${size.what.padEnd(20)}${sizeChange(size.from, size.to)}`);
  lines.push('');
  lines.push(...lists('Drivers built in', drivers, 'driver'));
  lines.push(...lists('Modules', modules, 'module'));
  lines.push(...lists('Firmware in the image', firmware, 'blob'));
  for (const [names, word] of [
    [deviations.gained, 'Deviations that are new'],
    [deviations.lost, 'Deviations that are gone'],
  ] as const) {
    if (names.length === 0) continue;
    lines.push(word, ...names.flatMap((name) => wrap(name.split(' '), '      ', '  ')), '');
  }
  lines.push(config.length === 0 ? 'The configs are the same.' : 'Config');
  for (const cause of symbolCauses) {
    const own = config.filter((each) => each.cause === cause);
    if (own.length === 0) continue;
    const verb = own.length === 1 ? 'differs' : 'differ';
    lines.push(
      `  ${plural(own.length, 'symbol')} ${verb} ${causeTitles[cause]}:`,
      ...symbolLines(own),
    );
  }
  return lines.join('\n').trimEnd();
}
