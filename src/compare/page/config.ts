import { posix } from 'node:path';
import { type ConfigCause, type ConfigLine, configCauses } from '../config.ts';
import { counted } from '../numbers.ts';
import type { ComparisonReport } from '../report.ts';
import { type Group, listsBy, type NameList, type Section, worst } from './page.ts';

const titles: Readonly<Record<ConfigCause, string>> = {
  promoted: 'Drivers of the scope, built in',
  raised: 'Raised, since a driver needs them',
  selected: 'Risen along, by a select or a default',
  requested: 'Asked for by name',
  settings: 'Set on purpose',
  pinned: 'Held off, against a default',
  left: 'Left on purpose, or since they cannot be built in',
  enabled: 'On now, and off in stock',
  lost: 'Gone with what was built in',
  host: 'Of the build host and its tools',
  tree: 'Follow from others, by the Kconfig files',
  'not-explained': 'Not accounted for',
};

/** Where a symbol stands: its menu, or the folder of its Kconfig file; empty if neither is known. */
function placeOf({ menu, location }: ConfigLine): string {
  if (menu.length > 0) return menu.slice(0, 3).join(' > ');
  return location === '' ? '' : posix.dirname(location.replace(/:\d+$/, ''));
}

const change = ({ from, to }: ConfigLine): string => `${from || '""'} -> ${to || '""'}`;

function listsOf(lines: readonly ConfigLine[]): { why: string; lists: readonly NameList[] } {
  const [first] = lines;
  const alike = (line: ConfigLine): string => `${change(line)}: ${line.reason}`;
  if (first !== undefined && lines.every((line) => alike(line) === alike(first))) {
    const lists = lines.every((line) => placeOf(line) === '')
      ? [{ label: '', names: lines.map(({ symbol }) => symbol) }]
      : listsBy(
          lines,
          (line) => placeOf(line) || 'elsewhere',
          ({ symbol }) => symbol,
        );
    return { why: `${alike(first)}.`, lists };
  }
  const where = (line: ConfigLine): string =>
    line.location === '' ? alike(line) : `${alike(line)} (${line.location})`;
  // What has the same reason is told together; a line of a Kconfig file is named where it is one.
  const same = new Map<string, number>();
  for (const line of lines) same.set(alike(line), (same.get(alike(line)) ?? 0) + 1);
  const label = (line: ConfigLine): string =>
    (same.get(alike(line)) ?? 0) > 1 ? alike(line) : where(line);
  return { why: '', lists: listsBy(lines, label, ({ symbol }) => symbol) };
}

/** What of the config differs, by what accounts for it. */
export function configSection({ config, shapes }: ComparisonReport): Section {
  const { lines, source } = config;
  const groups = configCauses.flatMap((cause): Group[] => {
    const own = lines.filter((line) => line.cause === cause);
    if (own.length === 0) return [];
    const tone = cause === 'not-explained' ? 'open' : 'explained';
    return [{ title: titles[cause], tone, ...listsOf(own) }];
  });
  if (shapes !== undefined && shapes.length > 0) {
    groups.push({
      title: 'Shape structures, by the headers of the tree',
      tone: 'explained',
      why: 'Whether a symbol depends on them, its CRC tells.',
      lists: listsBy(
        shapes,
        ({ symbol, from, to }) => `${symbol} (${from} -> ${to})`,
        ({ type, location }) => `${type} (${location})`,
      ),
    });
  }
  const open = lines.filter(({ standing }) => standing === 'open').length;
  const against =
    source === 'stock'
      ? "stock's own config"
      : 'what the build took for stock, since no config of stock was given';
  const account =
    lines.length === 0
      ? ''
      : open === 0
        ? ' The bundle accounts for all of them.'
        : ` The bundle does not account for ${counted(open, 'of them', 'of them')}.`;
  const head =
    lines.length === 0
      ? `No option differs from ${against}.`
      : `${counted(lines.length, 'option differs', 'options differ')} from ${against}.`;
  return {
    title: 'Config',
    tone: worst(groups.map(({ tone }) => tone)),
    summary: `${head}${account}${shapes?.length === 0 ? ' None of them shapes a structure in the headers of the tree.' : ''}`,
    groups,
  };
}
