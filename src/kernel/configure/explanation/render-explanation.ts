import { joinLines, type Paint, painter, type RenderOptions, wrap } from '../layout.ts';
import type { Reason } from './reason.ts';
import type {
  ChangeReport,
  ConsequenceReport,
  ExplanationReport,
  SimilarReport,
  SymbolReport,
  TargetReport,
  UnknownReport,
  WayReport,
} from './report.ts';

/** Where the text of a fact begins. */
const factColumn = 11;
/** Symbols whose names are longer push what follows to the right. */
const nameColumn = 22;
/** How many consequences are named. */
const mostNamed = 6;
/** Of more changes than this the names will do. */
const mostDetailed = 6;
/** How many names are given where the names have to do. */
const mostInShort = 24;
/** How many characters of a help text are shown. */
const longestHelp = 300;

interface Page {
  readonly width: number;
  readonly paint: Paint;
}

/** The explanation as a person reads it: what it is, why it is so, and what it takes to change it. */
export function renderExplanation(report: ExplanationReport, options: RenderOptions): string {
  const page = { width: options.width, paint: painter(options) };
  const parts = [
    ...report.symbols.map((symbol) => renderSymbol(symbol, page)),
    ...report.unknown.map((unknown) => renderUnknown(unknown, page)),
  ];
  return joinLines(parts.flatMap((lines, index) => (index === 0 ? lines : ['', ...lines])));
}

function renderSymbol(symbol: SymbolReport, page: Page): string[] {
  const { paint } = page;
  const value = shownValue(symbol.value, symbol.type);
  const lines = [paint('bold', `${symbol.symbol} is ${value}`)];
  const kind =
    symbol.prompt === '' ? `${symbol.type}, without a prompt` : `${symbol.prompt} (${symbol.type})`;
  lines.push(...fact('what', kind, page));
  for (const { location, menu } of symbol.definitions) {
    const path = menu.length === 0 ? 'main menu' : menu.join(' > ');
    lines.push(...fact('where', path, page), ...fact('', paint('dim', location), page));
  }
  if (symbol.help !== '') lines.push(...fact('help', shortHelp(symbol.help), page));
  lines.push('', paint('bold', `Why it is ${value}`));
  for (const reason of symbol.reasons) lines.push(...renderReason(reason, 2, page));
  if (symbol.reasons.length === 0)
    lines.push('  nothing sets it: that is what every symbol starts as');
  const isText = !['bool', 'tristate'].includes(symbol.type);
  if (isText && symbol.visible !== 'n') {
    lines.push('', `${paint('bold', 'To change it')}: set another value, nothing else is needed`);
  }
  for (const target of symbol.targets) lines.push('', ...renderTarget(target, symbol, page));
  return lines;
}

function fact(title: string, text: string, { width }: Page): string[] {
  const indent = ' '.repeat(factColumn);
  const [first = '', ...rest] = wrap(text, width - factColumn);
  return [`  ${title.padEnd(factColumn - 2)}${first}`, ...rest.map((line) => indent + line)];
}

function shownValue(value: string, type: string): string {
  if (type === 'string') return `"${value}"`;
  return value === '' ? 'empty' : value;
}

function shortHelp(help: string): string {
  if (help.length <= longestHelp) return help;
  const start = help.slice(0, longestHelp);
  const end = start.lastIndexOf('. ');
  return end > longestHelp / 3
    ? start.slice(0, end + 1)
    : `${start.slice(0, start.lastIndexOf(' '))} …`;
}

function renderReason(reason: Reason, indent: number, page: Page): string[] {
  const { width, paint } = page;
  const space = ' '.repeat(indent);
  const lines = wrap(reason.text, width - indent - 2).map(
    (line, index) => `${space}${index === 0 ? '- ' : '  '}${line}`,
  );
  lines.push(...placed(lines.pop() ?? '', reason.location, indent + 2, page));
  for (const inner of reason.because)
    lines.push(...renderReason(inner, indent + 2, { width, paint }));
  return lines;
}

/** A place at the end of a line, or on a line of its own where it does not fit. */
function placed(line: string, location: string, indent: number, { width, paint }: Page): string[] {
  if (location === '') return [line];
  const place = paint('dim', location);
  return line.length + location.length + 2 <= width
    ? [`${line}  ${place}`]
    : [line, `${' '.repeat(indent)}${place}`];
}

const doing = { y: 'build it in', m: 'have it as a module', n: 'switch it off' } as const;

function titleOf({ value }: TargetReport, type: string): string {
  const how = type === 'bool' && value === 'y' ? 'switch it on' : doing[value as 'n' | 'm' | 'y'];
  return `To ${how} (${value})`;
}

function renderTarget(target: TargetReport, symbol: SymbolReport, page: Page): string[] {
  const { ways, ruledOut, value } = target;
  const title = page.paint('bold', titleOf(target, symbol.type));
  const [best, ...others] = ways;
  if (best === undefined) {
    const known = new Set(symbol.reasons.map(({ text }) => text));
    const isKnown = ruledOut.every(({ text }) => known.has(text));
    return [
      `${title}: ${page.paint('yellow', 'no way found')}`,
      ...ruledOut.flatMap((reason) =>
        renderReason(isKnown ? { ...reason, because: [] } : reason, 2, page),
      ),
    ];
  }
  const [only] = best.changes;
  const isPlain = best.changes.length === 1 && only?.symbol === symbol.symbol;
  const lines = isPlain
    ? [`${title}: set it to ${value}, nothing else is needed`]
    : best.changes.length > mostDetailed
      ? [title, ...renderInShort('set', best.changes, page)]
      : [title, ...best.changes.flatMap((change) => renderChange(change, symbol, 2, page))];
  lines.push(...renderConsequences('brings', best.rises, 2, page));
  lines.push(...renderConsequences('costs', best.falls, 2, page));
  // Beside a plain one no other way is worth a look, and others to a long one are longer still.
  const isEasy = isPlain || best.changes.length > mostDetailed;
  return isEasy ? lines : [...lines, ...others.flatMap((way) => renderOther(way, page))];
}

/** Another way, in short. */
function renderOther(way: WayReport, page: Page): string[] {
  const costs = way.falls.length === 0 ? '' : ` (costs ${way.falls.length} more)`;
  return renderInShort('or set', way.changes, page, costs);
}

function renderInShort(
  verb: string,
  changes: readonly ChangeReport[],
  { width }: Page,
  end = '',
): string[] {
  const sets = changes.slice(0, mostInShort).map(({ symbol, to }) => `${symbol}=${to}`);
  const more = changes.length - sets.length;
  const rest = more > 0 ? ` and ${more} more (all of them by --json)` : '';
  return wrap(`${verb} ${sets.join(', ')}${rest}${end}`, width - 4).map(
    (line, index) => ' '.repeat(index === 0 ? 2 : 4) + line,
  );
}

function renderChange(
  { symbol, from, to, menu, location, prompt }: ChangeReport,
  asked: SymbolReport,
  indent: number,
  page: Page,
): string[] {
  const isSaid = symbol === asked.symbol && asked.file?.value === to;
  const values = isSaid ? `${to}, as the file says already` : `${from} -> ${to}`;
  const head = `${' '.repeat(indent)}set ${symbol.padEnd(nameColumn)} ${values}`;
  // Where the symbol asked about stands has been said.
  if (symbol === asked.symbol) return [head];
  const path = [...menu, prompt].filter((title) => title !== '').join(' > ');
  const room = page.width - indent - 4;
  const rest = wrap(path, room).map((line) => `${' '.repeat(indent + 4)}${line}`);
  return [head, ...rest.slice(0, -1), ...placed(rest.at(-1) ?? '', location, indent + 4, page)];
}

function renderConsequences(
  title: string,
  list: readonly ConsequenceReport[],
  indent: number,
  page: Page,
): string[] {
  if (list.length === 0) return [];
  const names = list.slice(0, mostNamed).map(({ symbol, to }) => `${symbol}=${to}`);
  const more = list.length - names.length;
  const text = `${title} ${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
  const [first] = list;
  const why = list.length === 1 && first !== undefined ? ` (${first.reason})` : '';
  const style = title === 'costs' ? 'yellow' : 'dim';
  return wrap(text + why, page.width - indent - 2).map(
    (line, index) => ' '.repeat(indent + (index === 0 ? 0 : 2)) + page.paint(style, line),
  );
}

function renderUnknown(unknown: UnknownReport, page: Page): string[] {
  const { paint } = page;
  const lines = [paint('bold', `${unknown.symbol} does not exist in this tree and architecture`)];
  if (unknown.file !== undefined) {
    lines.push(
      `  line ${unknown.file.line} of the file sets it to ${unknown.file.value}, which means nothing here`,
    );
  }
  const block = (title: string, rows: readonly string[]): void => {
    if (rows.length > 0) lines.push('', `  ${title}`, ...rows.map((row) => `    ${row}`));
  };
  const named = ({ symbol, prompt }: SimilarReport): string =>
    `${symbol.padEnd(nameColumn)} ${prompt}`.trimEnd().slice(0, page.width - 4);
  block('The help of these mentions it:', unknown.successors.map(named));
  block('Did you mean', unknown.similar.map(named));
  block('It is defined for other architectures:', unknown.elsewhere);
  const { similar, successors, elsewhere } = unknown;
  if (similar.length + successors.length + elsewhere.length === 0) {
    lines.push(
      '  No other name is like it, and no other architecture has it: it may be of an',
      '  older or newer kernel.',
    );
  }
  if (unknown.referredToBy.length > 0) {
    lines.push(
      '',
      ...wrap(
        `It is referred to by ${unknown.referredToBy.join(', ')}, where it counts as n.`,
        page.width - 2,
      ).map((line) => `  ${line}`),
    );
  }
  return lines;
}
