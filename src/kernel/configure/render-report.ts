import { stripVTControlCharacters } from 'node:util';
import { joinLines, type Paint, painter, type RenderOptions, wrap } from './layout.ts';
import type { Change, PromotionReport } from './report.ts';

/** Changes with one and the same reason are shown as one from this number on. */
const groupedFrom = 3;
/** How many names of such a group are shown. */
const namesShown = 8;
/** Symbols whose names are longer push their line to the right. */
const nameColumn = 22;

/**
 * The report as a person reads it: counts first, then each change with its reason and the Kconfig
 * line that it comes from. The drivers themselves are counted only; the JSON has them by name.
 */
export function renderReport(report: PromotionReport, options: RenderOptions): string {
  const paint = painter(options);
  const kernel = [report.kernelVersion, report.architecture].filter((part) => part !== '');
  const lines = [
    paint(
      'bold',
      `Promotion${kernel.length === 0 ? '' : ` of ${kernel.join(' ')}`}, scope ${report.scope}`,
    ),
    '',
    ...counts(report, paint),
  ];
  for (const { key, title } of sections) {
    const changes = report[key];
    if (changes.length === 0) continue;
    const style = alarming.has(key) ? 'yellow' : 'bold';
    lines.push('', paint(style, `${title} (${changes.length})`));
    for (const group of groups(changes)) lines.push(...renderGroup(group, options.width, paint));
  }
  return joinLines(lines);
}

type Section = Exclude<
  keyof PromotionReport,
  'schema' | 'version' | 'kernelVersion' | 'architecture' | 'scope' | 'menu'
>;

const sections: readonly { key: Section; title: string }[] = [
  { key: 'stuck', title: 'Cannot be built in' },
  { key: 'lost', title: 'Lost: stock has it' },
  { key: 'enabled', title: 'Came on: stock has it off' },
  { key: 'settings', title: 'Set on purpose' },
  { key: 'requested', title: 'Requested' },
  { key: 'raised', title: 'Raised by hand: something cannot be built in without it' },
  { key: 'pinned', title: 'Pinned to n: a default would have switched it on' },
  { key: 'excluded', title: 'Left as stock has it' },
  { key: 'selected', title: 'Built in by a select or default of the above' },
];

const alarming: ReadonlySet<Section> = new Set<Section>(['stuck', 'lost', 'enabled']);

function counts(report: PromotionReport, paint: Paint): string[] {
  const { stock, netboot } = report.menu;
  const row = (number: number, text: string, alarm = false): string => {
    const line = `${String(number).padStart(5)}  ${text}`;
    return alarm && number > 0 ? paint('yellow', line) : line;
  };
  return [
    row(report.promoted.length, 'network drivers built in that stock has as modules'),
    row(stock.y, 'built in by stock already'),
    row(report.excluded.length, 'left as stock has them (reasons below)'),
    row(
      report.requested.length,
      'requested: NFS root, autoconfiguration, buses of network devices',
    ),
    row(report.raised.length, 'others raised by hand from m to y'),
    row(report.selected.length, 'others built in by a select or default'),
    row(report.pinned.length, 'pinned to n, since they would have come on'),
    row(report.settings.length, 'set on purpose'),
    row(report.stuck.length, 'cannot be built in', true),
    row(report.lost.length, 'lost', true),
    row(report.enabled.length, 'came on unasked', true),
    '',
    `Network device support: ${shown(stock)} in stock, ${shown(netboot)} now`,
  ];
}

function shown({ y, m, n }: { y: number; m: number; n: number }): string {
  return `${y} y / ${m} m / ${n} n`;
}

/** Changes with the same reason side by side, in the order of their first. */
function groups(changes: readonly Change[]): Change[][] {
  const byReason = new Map<string, Change[]>();
  for (const change of changes) {
    const key = `${change.from} ${change.to} ${change.reason}`;
    const group = byReason.get(key);
    if (group === undefined) byReason.set(key, [change]);
    else group.push(change);
  }
  return [...byReason.values()].flatMap((group) =>
    group.length < groupedFrom ? group.map((change) => [change]) : [group],
  );
}

function renderGroup(group: readonly Change[], width: number, paint: Paint): string[] {
  const [first] = group;
  if (first === undefined) return [];
  const values = first.from === first.to ? first.from : `${first.from} -> ${first.to}`;
  if (group.length > 1) {
    const names = group.slice(0, namesShown).map(({ symbol }) => symbol);
    const more = group.length - names.length;
    const list = names.join(' ') + (more > 0 ? ` and ${more} more` : '');
    return [
      ...wrap(`${group.length} ${values}: ${first.reason}`, width - 2).map((line) => `  ${line}`),
      ...wrap(list, width - 6).map((line) => `      ${paint('dim', line)}`),
    ];
  }
  const head = `  ${first.symbol.padEnd(nameColumn)} ${values.padEnd(7)} `;
  const indent = ' '.repeat(Math.min(stripVTControlCharacters(head).length, nameColumn + 11));
  const [start = '', ...rest] = wrap(first.reason, Math.max(20, width - indent.length));
  const fits = head.length <= indent.length;
  const lines = fits ? [head + start] : [head, indent + start];
  lines.push(...rest.map((line) => indent + line));
  if (first.location !== '') {
    const place = paint('dim', first.location);
    lines.push(indent.length + first.location.length <= width ? indent + place : `      ${place}`);
  }
  return lines;
}
