import { joinLines, type Paint, painter, type RenderOptions, wrap } from '../layout.ts';
import type {
  Difference,
  DifferenceCause,
  DifferenceReport,
  ExplainedDifference,
  PlainDifferenceReport,
} from './report.ts';

/** Symbols whose names are longer push what follows to the right. */
const nameColumn = 32;
/** Differences with one and the same reason are shown as one from this number on. */
const groupedFrom = 3;
/** How many of the menus around a symbol are named. */
const menuDepth = 3;

interface Page {
  readonly width: number;
  readonly paint: Paint;
}

const titles: Readonly<Record<DifferenceCause, string>> = {
  asked: 'Asked for: the files say different things',
  selected: 'Switched by a select of something above',
  default: 'By a default, or come into view',
  fallen: 'Fallen: what they need is not met any more',
  tools: 'Tools: versions and abilities of compiler and others',
  moot: 'In the files only: the tree makes the same of both',
  unknown: 'Unknown to this tree and architecture',
};

/** What two files say differently, as a person reads it. */
export function renderPlainDifference(
  report: PlainDifferenceReport,
  options: RenderOptions,
): string {
  const { differences, unmentioned } = report;
  const page = { width: options.width, paint: painter(options) };
  const lines = [page.paint('bold', counted(differences.length))];
  if (unmentioned > 0) {
    lines.push(
      ...wrap(
        `${unmentioned} more are "not set" in one file and not mentioned in the other, which is the same.`,
        options.width,
      ),
    );
  }
  if (differences.length > 0) lines.push('');
  lines.push(...differences.flatMap((difference) => renderValues(difference, 2, page)));
  return joinLines(lines);
}

/** What two configs of a tree have differently and why, as a person reads it. */
export function renderDifference(
  { differences }: DifferenceReport,
  options: RenderOptions,
): string {
  const page = { width: options.width, paint: painter(options) };
  const lines = [page.paint('bold', counted(differences.length))];
  for (const [cause, title] of Object.entries(titles)) {
    const own = differences.filter((difference) => difference.cause === cause);
    if (own.length === 0) continue;
    const style = cause === 'fallen' ? 'yellow' : 'bold';
    lines.push('', page.paint(style, `${title} (${own.length})`));
    for (const [menu, members] of byKey(own, menuTitle)) {
      if (menu !== '') lines.push(...wrap(menu, options.width - 2).map((line) => `  ${line}`));
      for (const group of groups(members)) lines.push(...renderGroup(group, page));
    }
  }
  return joinLines(lines);
}

function counted(count: number): string {
  if (count === 0) return 'No symbol differs.';
  return count === 1 ? '1 symbol differs.' : `${count} symbols differ.`;
}

function menuTitle({ menu }: ExplainedDifference): string {
  return menu.slice(0, menuDepth).join(' > ');
}

function byKey<T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> {
  const found = new Map<string, T[]>();
  for (const item of items) {
    const list = found.get(key(item));
    if (list === undefined) found.set(key(item), [item]);
    else list.push(item);
  }
  return found;
}

/** Many with the same change and reason side by side. */
function groups(members: readonly ExplainedDifference[]): ExplainedDifference[][] {
  const alike = byKey(members, ({ from, to, reason }) => `${from} ${to} ${reason}`);
  return [...alike.values()].flatMap((group) =>
    group.length < groupedFrom ? group.map((one) => [one]) : [group],
  );
}

function renderGroup(group: readonly ExplainedDifference[], page: Page): string[] {
  const [first] = group;
  if (first === undefined) return [];
  const { width, paint } = page;
  // What is said of a whole section is not said again of each.
  const isSaid = first.cause === 'tools' || first.cause === 'unknown' || first.reason === '';
  if (group.length === 1) {
    const lines = renderValues(first, 4, page);
    if (isSaid) return lines;
    return [...lines, ...explained(first, page)];
  }
  const names = group.map(({ symbol }) => symbol).join(' ');
  const head = `${group.length} ${valuesOf(first)}${isSaid ? '' : `: ${first.reason}`}`;
  return [
    ...wrap(head, width - 4).map((line) => `    ${line}`),
    ...wrap(names, width - 8).map((line) => `        ${paint('dim', line)}`),
  ];
}

function explained({ reason, location }: ExplainedDifference, { width, paint }: Page): string[] {
  const space = ' '.repeat(8);
  const lines = wrap(reason, width - 8).map((line) => space + line);
  if (location === '') return lines;
  const last = lines.pop() ?? space;
  const place = paint('dim', location);
  return last.length + 2 + location.length <= width
    ? [...lines, `${last}  ${place}`]
    : [...lines, last, space + place];
}

function renderValues(difference: Difference, indent: number, { width }: Page): string[] {
  const { symbol } = difference;
  const space = ' '.repeat(indent);
  const values = valuesOf(difference);
  const line = `${space}${symbol.padEnd(nameColumn)} ${values}`;
  if (line.length <= width) return [line];
  const { from, to } = difference;
  return [
    `${space}${symbol}`,
    `${space}    ${shown(from, difference)}`,
    `${space} -> ${shown(to, difference)}`,
  ];
}

function valuesOf(difference: Difference): string {
  const { from, to } = difference;
  return `${shown(from, difference)} -> ${shown(to, difference)}`;
}

function shown(value: string, difference: Difference): string {
  const { type } = difference;
  // To the tree, no line is n; without one, it may as well be that the kernel does not know it.
  if (value === 'absent') {
    return 'cause' in difference && (type === 'bool' || type === 'tristate') ? 'n' : 'absent';
  }
  return type === 'string' ? `"${value}"` : value;
}
