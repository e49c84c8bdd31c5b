import { wrap } from '../../bundle/text-layout.ts';
import { formatNumber } from '../numbers.ts';
import {
  type Group,
  type NameList,
  type Page,
  type Section,
  type Table,
  toneWords,
} from './page.ts';

/** How many names of a list, and how many lists of a group, are told; --json and --html have all. */
const namesTold = 60;
const listsTold = 12;

const words = (text: string): readonly string[] => text.split(' ');

function table({ head, rows }: Table): readonly string[] {
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  const isNumber = (cell: string): boolean => /^[\d,]+$|^-$/.test(cell);
  const isCount = head.map((_, column) => rows.every((row) => isNumber(row[column] ?? '')));
  const indent = '    ';
  return all.flatMap((row) => {
    const cells = row.map((cell, column) => {
      const width = widths[column] ?? 0;
      return isCount[column] ? cell.padStart(width) : cell.padEnd(width);
    });
    const before = cells.slice(0, -1).map((cell) => `${cell}  `);
    // Only a last column of text can be longer than a line.
    const last = (isCount.at(-1) ? cells : row).at(-1) ?? '';
    const start = indent + before.join('');
    return isCount.at(-1) ? [start + last] : wrap(words(last), ' '.repeat(start.length), start);
  });
}

function nameList({ label, names }: NameList): readonly string[] {
  const more = names.length - namesTold;
  const told = more > 0 ? [...names.slice(0, namesTold), `… ${formatNumber(more)} more`] : names;
  if (label === '') return wrap(told.flatMap(words), '      ');
  const count = names.length > 1 ? ` (${formatNumber(names.length)})` : '';
  return [
    ...wrap(words(`${label}${count}`), '        ', '      '),
    ...wrap(told.flatMap(words), '          ', '        '),
  ];
}

function group({ title, tone, why, lists }: Group): readonly string[] {
  const count = lists.reduce((sum, { names }) => sum + names.length, 0);
  const mark = tone === 'open' ? `: ${toneWords.open.toUpperCase()}` : '';
  const more = lists.length - listsTold;
  return [
    ...wrap(words(`${title} (${formatNumber(count)})${mark}`), '    ', '  '),
    ...(why === '' ? [] : wrap(words(why), '    ')),
    ...lists.slice(0, listsTold).flatMap(nameList),
    ...(more > 0 ? [`      … and ${formatNumber(more)} more such lists`] : []),
  ];
}

function overview({ title, tone, summary, table: figures }: Section): readonly string[] {
  return [
    `${title}: ${toneWords[tone]}`,
    ...wrap(words(summary), '  '),
    ...(figures === undefined ? [] : table(figures)),
    '',
  ];
}

function details({ title, groups }: Section): readonly string[] {
  return groups.length === 0 ? [] : [`${title} in detail`, ...groups.flatMap(group), ''];
}

/** Whatever a kernel or a manifest says, it does not steer the terminal. */
const harmless = (text: string): string => text.replace(/[^\P{Cc}\n]/gu, '?');

/** A comparison for a person at a terminal, in 80 columns: the verdict first, details after. */
export function describeComparison({ title, verdict, sections, limits }: Page): string {
  const lines = [
    ...wrap(words(title), '  ', ''),
    '',
    ...wrap(words(verdict), '  ', ''),
    '',
    ...sections.flatMap(overview),
    ...sections.flatMap(details),
    'What this does not say',
    ...limits.flatMap((limit) => wrap(words(limit), '  ')),
  ];
  return harmless(lines.map((line) => line.trimEnd()).join('\n'));
}
