import { Evaluation } from './evaluate.ts';
import type {
  ChoiceInput,
  ConfigInput,
  Configuration,
  ConfigWarning,
  Dialect,
  Kconfig,
  KconfigSymbol,
  MenuNode,
  Tristate,
} from './model.ts';
import { isValidText, parseTristate } from './values.ts';

const prefix = 'CONFIG_';
const unset = 'is not set';

interface Line {
  readonly name: string;
  readonly value: string;
  /** `# CONFIG_X is not set` */
  readonly unset: boolean;
}

/** Reads the text of a `.config` file as conf_read_simple() of confdata.c does. */
export function parseConfig(text: string, kconfig: Kconfig): ConfigInput {
  const { dialect } = kconfig;
  const assignments = new Map<KconfigSymbol, string>();
  const choices = new Map<KconfigSymbol, ChoiceInput>();
  const warnings: ConfigWarning[] = [];
  let outdated = false;
  let number = 0;
  const warn = (kind: ConfigWarning['kind'], symbol: string | undefined, message: string): void => {
    warnings.push({ line: number, kind, symbol, message });
    outdated = true;
  };
  for (const raw of splitLines(text)) {
    number++;
    const line = parseLine(raw, dialect);
    if (line === 'nothing') continue;
    if (line === 'unexpected') {
      warn('unexpected-data', undefined, `unexpected data: ${raw}`);
      continue;
    }
    const symbol = kconfig.symbols.get(line.name);
    if (!symbol) {
      warn('unknown-symbol', line.name, `unknown symbol: ${line.name}`);
      continue;
    }
    const logical = symbol.type === 'bool' || symbol.type === 'tristate';
    if (assignments.has(symbol)) {
      warn('reassigned', symbol.name, `override: reassigning to symbol ${symbol.name}`);
    }
    if (line.unset && !logical && !dialect.unsetIsAssignment) continue;
    const parsed = parseValue(symbol, line.value, (message) =>
      warn('invalid-value', symbol.name, message),
    );
    // There, a line with a wrong value counts as one with the value that its symbol has already.
    const repeats = dialect.firstMemberCounts && symbol.choice !== undefined;
    const value = parsed ?? (repeats ? assignments.get(symbol) : undefined);
    if (value === undefined) continue;
    // Taken out first, so that the order is that of the last assignments.
    assignments.delete(symbol);
    assignments.set(symbol, value);
    if (symbol.choice && dialect.classicChoices) {
      choices.set(
        symbol.choice,
        addToChoice(choices.get(symbol.choice), symbol, parseTristate(value) ?? 0, {
          firstCounts: dialect.firstMemberCounts,
          warn: (message) => warn('inconsistent-choice', symbol.name, message),
        }),
      );
    }
  }
  return { assignments, choices, outdated, warnings };
}

function splitLines(text: string): string[] {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines.map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line));
}

function parseLine(line: string, dialect: Dialect): Line | 'nothing' | 'unexpected' {
  const { strictConfigLines: strict, laxUnsetLines } = dialect;
  if (line === '') return 'nothing';
  if (line.startsWith('#')) {
    const start = 2 + prefix.length;
    if (line[1] !== ' ' && !laxUnsetLines) return 'nothing';
    if (!line.startsWith(prefix, 2)) return 'nothing';
    const end = line.indexOf(' ', start);
    if (end < 0) return 'nothing';
    const rest = line.slice(end + 1);
    if (strict ? rest !== unset : !rest.startsWith(unset)) return 'nothing';
    return { name: line.slice(start, end), value: 'n', unset: true };
  }
  if (!line.startsWith(prefix)) return 'unexpected';
  const end = line.indexOf('=');
  if (end < 0) return strict ? 'unexpected' : 'nothing';
  return { name: line.slice(prefix.length, end), value: line.slice(end + 1), unset: false };
}

/** The value as the symbol keeps it; undefined if it has none or a wrong one. */
function parseValue(
  symbol: KconfigSymbol,
  text: string,
  warn: (message: string) => void,
): string | undefined {
  const invalid = (value: string): undefined => {
    warn(`symbol value '${value}' invalid for ${symbol.name}`);
    return undefined;
  };
  switch (symbol.type) {
    case 'bool':
    case 'tristate': {
      const first = text[0];
      if (first === 'y' || first === 'n' || (first === 'm' && symbol.type === 'tristate')) {
        return first;
      }
      return invalid(text);
    }
    case 'string': {
      if (text[0] !== '"') return undefined;
      const value = withoutEscapes(text);
      if (value === undefined) warn('invalid string found');
      return value;
    }
    case 'int':
    case 'hex':
      return isValidText(symbol.type, text) ? text : invalid(text);
    default:
      return undefined;
  }
}

/** The text between the quotes; a backslash makes the next character ordinary. */
function withoutEscapes(quoted: string): string | undefined {
  let out = '';
  for (let i = 1; i < quoted.length; i++) {
    const c = quoted[i];
    if (c === '"') return out;
    if (c === '\\') i++;
    out += quoted[i] ?? '';
  }
  return undefined;
}

function addToChoice(
  known: ChoiceInput | undefined,
  member: KconfigSymbol,
  level: Tristate,
  { firstCounts, warn }: { firstCounts: boolean; warn: (message: string) => void },
): ChoiceInput {
  const choice = known ?? { tristate: 0, selected: undefined, set: true };
  let { selected, set } = choice;
  if (level === 1 && choice.tristate === 2) {
    warn(`${member.name} creates inconsistent choice state`);
    set = false;
  }
  if (level === 2 && firstCounts && choice.tristate !== 0) {
    warn(`${member.name} creates inconsistent choice state`);
    set = false;
  } else if (level === 2) {
    if (choice.tristate !== 0) warn(`override: ${member.name} changes choice state`);
    selected = member;
  }
  return { tristate: level > choice.tristate ? level : choice.tristate, selected, set };
}

/**
 * The bytes of `.config` as conf_write() writes them.
 * @throws {TypeError} for a configuration that is not of this module
 */
export function writeConfig(configuration: Configuration): string {
  if (!(configuration instanceof Evaluation)) {
    throw new TypeError('writeConfig() wants a configuration made by configure()');
  }
  const state = configuration.reread();
  const { root, dialect } = state.kconfig;
  const out = heading(state);
  const written = new Set<KconfigSymbol>();
  let gap = false;
  const visit = (menu: MenuNode): void => {
    const { symbol, prompt } = menu;
    const visible = !symbol && state.menuVisible(menu);
    if (visible) {
      out.push('', '#', `# ${prompt?.text}`, '#');
      gap = false;
    } else if (symbol && !symbol.isChoice && !written.has(symbol) && state.written(symbol)) {
      written.add(symbol);
      if (gap) out.push('');
      gap = false;
      out.push(assignmentLine(symbol, state.get(symbol)));
    }
    for (const child of menu.children) visit(child);
    const closes = dialect.marksMenuEnds && (dialect.closesEmptyMenus || menu.children.length > 0);
    if (visible && prompt?.kind === 'menu' && closes) {
      out.push(`# end of ${prompt.text}`);
      gap = true;
    }
  };
  for (const menu of root.children) visit(menu);
  return `${out.join('\n')}\n`;
}

/** The first lines of `.config`; older ones without the time of day (KCONFIG_NOTIMESTAMP=1). */
function heading(state: Evaluation): string[] {
  const { root, dialect, symbols } = state.kconfig;
  const version = symbols.get('KERNELVERSION');
  const notice = dialect.makeHeading
    ? "Automatically generated make config: don't edit"
    : 'Automatically generated file; DO NOT EDIT.';
  const title = dialect.versionHeading
    ? `Linux kernel version: ${version === undefined ? 'KERNELVERSION' : state.get(version)}`
    : (root.prompt?.text ?? '');
  return ['#', `# ${notice}`, `# ${title}`, '#'];
}

/** The line of a symbol in `.config`. */
function assignmentLine({ name, type }: KconfigSymbol, value: string): string {
  if (type === 'bool' || type === 'tristate') {
    return value === 'n' ? `# ${prefix}${name} ${unset}` : `${prefix}${name}=${value}`;
  }
  if (type === 'string') return `${prefix}${name}="${value.replace(/["\\]/g, '\\$&')}"`;
  return `${prefix}${name}=${value}`;
}
