import {
  type Configuration,
  type DefaultProperty,
  type Expression,
  expressionToString,
  type KconfigSymbol,
  type Location,
  type SelectProperty,
  type Tristate,
} from '../../../kconfig/index.ts';
import { nameOf } from '../explain.ts';
import { collect } from '../influences.ts';
import { formatLocation, type Origins } from '../origin.ts';
import type { FileValue } from './config-lines.ts';
import type { Reason, ReasonKind, SymbolValue } from './reason.ts';

/** How many of many alike are named. */
export const mostNamed = 4;
const longestExpression = 160;

/**
 * Puts into words why a symbol has its value: one fact a reason, with the line that states it. The
 * subject of a sentence is `it` for the symbol that was asked about, and a name for any other.
 */
export class Phrases {
  readonly #values: Configuration;
  readonly #origins: Origins;
  readonly #file: ReadonlyMap<string, FileValue>;

  constructor(values: Configuration, origins: Origins, file: ReadonlyMap<string, FileValue>) {
    this.#values = values;
    this.#origins = origins;
    this.#file = file;
  }

  /** A symbol that could be set: why it is not. */
  open(symbol: KconfigSymbol, subject: string): Reason {
    const { choice } = symbol;
    const chosen = choice && this.#values.selection(choice);
    if (choice !== undefined && chosen !== undefined) {
      return this.reason(
        'choice',
        `${subject} is one of ${choiceTitle(choice)}, where ${nameOf(chosen)} is chosen`,
        formatLocation(choice.menus[0]?.location),
        [chosen],
      );
    }
    return this.file(symbol, subject);
  }

  /** What the file says of a symbol that it decides. */
  file(symbol: KconfigSymbol, subject: string): Reason {
    const said = this.#file.get(nameOf(symbol));
    const { prompts } = symbol;
    const location = formatLocation(prompts[0]?.location);
    if (said !== undefined) {
      const text =
        said.value === 'n'
          ? `the file has ${subject} off (line ${said.line})`
          : `the file says ${subject === 'it' ? '' : `${subject}=`}${quoted(said)} (line ${said.line})`;
      return this.reason('file', text, '', []);
    }
    const standard = symbol.defaults.find(({ condition }) => this.#values.evaluate(condition) > 0);
    const byDefault =
      standard === undefined
        ? 'and it has no default'
        : `and its default is ${this.show(standard.value)}`;
    return this.reason(
      'file',
      `the file does not say what ${subject} is, ${byDefault}`,
      location,
      [],
    );
  }

  /** The file's word where it has no effect. */
  ignored(symbol: KconfigSymbol): Reason[] {
    const said = this.#file.get(nameOf(symbol));
    if (said === undefined || said.value === 'n') return [];
    if (said.value === this.#values.get(symbol)) return [];
    const why =
      symbol.prompts.length === 0
        ? 'nobody can set it by hand'
        : this.#values.visibility(symbol) === 0
          ? 'its prompt is hidden'
          : 'it cannot have that value';
    const text = `the file says ${quoted(said)} (line ${said.line}), which has no effect: ${why}`;
    return [this.reason('file', text, '', [])];
  }

  /** A part of a condition that is not met, or allows m at most. */
  dependency(symbol: KconfigSymbol, part: Expression, target: Tristate, subject: string): Reason {
    const mentioned = new Set<KconfigSymbol>();
    collect(part, mentioned);
    const place =
      mentioned.size === 0
        ? this.#constantLine(symbol)
        : this.#origins.find(symbol, [...mentioned].map(nameOf));
    const onlyM = target === 2 && this.#values.evaluate(part) === 1;
    const text = this.#dependencyText(part, mentioned, subject, onlyM, place);
    return this.reason('dependency', text, formatLocation(place), [...mentioned]);
  }

  #dependencyText(
    part: Expression,
    mentioned: ReadonlySet<KconfigSymbol>,
    subject: string,
    onlyM: boolean,
    place: Location | undefined,
  ): string {
    if (mentioned.size === 0) {
      const line = place === undefined ? '' : this.#origins.textAt(place);
      return line.includes('$(')
        ? `the tools of this host do not do what ${subject} needs: ${line}`
        : `${subject} is ruled out: ${line === '' ? this.show(part) : line}`;
    }
    const [only] = mentioned;
    if (onlyM && only !== undefined && mentioned.size === 1) {
      return part.kind === 'symbol'
        ? `${subject} depends on ${nameOf(only)}, a module: so it can be no more than a module`
        : `"${this.show(part)}": while ${nameOf(only)} is a module, ${subject} can be no more than one`;
    }
    if (part.kind === 'symbol') {
      return `${subject} depends on ${nameOf(part.symbol)}, which is ${this.value(part.symbol)}`;
    }
    if (part.kind === 'not' && part.operand.kind === 'symbol') {
      const { symbol } = part.operand;
      return `${subject} depends on !${nameOf(symbol)}, but ${nameOf(symbol)} is ${this.value(symbol)}`;
    }
    const machines = machinesOf(part);
    if (machines !== undefined) {
      return `${subject} is for machines that this architecture does not have (${machines.join(', ')}); COMPILE_TEST would only let it be compiled`;
    }
    const shown = [...mentioned].slice(0, 8);
    const states = shown.map((one) => `${nameOf(one)}=${this.value(one)}`).join(', ');
    const more = mentioned.size > shown.length ? ' …' : '';
    return `${subject} depends on "${this.show(part)}", which ${onlyM ? 'allows m at most' : 'does not hold'} (${states}${more})`;
  }

  /** A select or imply that lifts a symbol. */
  select(
    kind: 'select' | 'imply',
    verb: string,
    { source, condition, location }: SelectProperty,
    subject: string,
  ): Reason {
    const guard = this.#ownCondition(source, condition);
    const who = subject === 'it' ? '' : `${subject} is `;
    return this.reason(
      kind,
      `${who}${verb} ${nameOf(source)}, which is ${this.value(source)}${guard}`,
      formatLocation(location),
      [source],
    );
  }

  /** The `if` of a select, without what its symbol depends on anyway. */
  #ownCondition(source: KconfigSymbol, condition: Expression | undefined): string {
    if (condition === undefined) return '';
    const text = expressionToString(condition);
    const inherited = expressionToString(source.directDependency);
    if (text === inherited || text.length > longestExpression) return '';
    return `, if ${text}`;
  }

  /** The default that holds; `isUnsaid` where the file could say otherwise. */
  standard(
    symbol: KconfigSymbol,
    standard: DefaultProperty,
    subject: string,
    isUnsaid = false,
  ): Reason {
    const { value, condition, location } = standard;
    if (this.asksTools(location)) return this.tool(standard, subject);
    const guard =
      condition === undefined ||
      expressionToString(condition) === expressionToString(symbol.directDependency)
        ? ''
        : `, since ${this.show(condition)}`;
    const mentioned = new Set<KconfigSymbol>();
    collect(value, mentioned);
    // A number or text stands for itself, though to the language it is a symbol like others.
    const real = [...mentioned].filter(({ menus }) => menus.length > 0);
    const states = real.map((one) => `${nameOf(one)}=${this.value(one)}`).join(', ');
    const shown = states === '' || real.length > 6 ? '' : ` (${states})`;
    const whose = subject === 'it' ? 'its default' : `the default of ${subject}`;
    return this.reason(
      'default',
      `${isUnsaid ? 'the file does not say, and ' : ''}${whose} is ${this.show(value)}${shown}${guard}`,
      formatLocation(location),
      real,
    );
  }

  /** Whether a line asks the tools of the host, by a macro. */
  asksTools(location: Location): boolean {
    return this.#origins.textAt(location).includes('$(');
  }

  /** A value that the tools of the host decide. */
  tool({ location }: DefaultProperty, subject: string): Reason {
    const line = this.#origins.textAt(location);
    return this.reason(
      'tool',
      `${subject} is what the tools of this host answer to ${line.slice(line.indexOf('$('))}`,
      formatLocation(location),
      [],
    );
  }

  /** A symbol that nobody can set. */
  noPrompt(symbol: KconfigSymbol, subject: string): Reason {
    const by =
      symbol.selectedBy.length > 0
        ? 'only other symbols switch it on'
        : symbol.defaults.length > 0
          ? 'its value follows from others'
          : 'and nothing selects it';
    return this.reason(
      'no-prompt',
      `${subject} has no prompt, so nobody can set it by hand: ${by}`,
      '',
      [],
    );
  }

  /** A symbol that is referred to, and nowhere defined. */
  undefinedSymbol(symbol: KconfigSymbol, subject: string): Reason {
    const name = subject === 'it' ? nameOf(symbol) : subject;
    return this.reason('undefined', `no Kconfig file of this architecture defines ${name}`, '', [
      symbol,
    ]);
  }

  /** A former name, which only hands on the value that an old file has for it. */
  renamed(symbol: KconfigSymbol): Reason {
    const heirs = symbol.dependents.filter(({ defaults }) =>
      defaults.some(({ value }) => value.kind === 'symbol' && value.symbol === symbol),
    );
    const names = heirs.map(nameOf).join(', ');
    const text = `it is the former name of ${names || 'another symbol'}, which takes over what an old file says of it`;
    return this.reason('renamed', text, formatLocation(heirs[0]?.menus[0]?.location), heirs);
  }

  /** The line of an entry where a condition without symbols comes from. */
  #constantLine(symbol: KconfigSymbol): Location | undefined {
    for (const { location } of symbol.menus) {
      const found =
        this.#origins.matchIn(location, /\bdepends on\b.*\$\(/) ??
        this.#origins.matchIn(location, /\bdepends on\s+(n|BROKEN)\b/) ??
        this.#origins.matchIn(location, /\$\(/);
      if (found !== undefined) return found;
    }
    return symbol.menus[0]?.location;
  }

  /** The names of the first few that select or imply. */
  list(properties: readonly SelectProperty[]): string {
    const names = [...new Set(properties.map(({ source }) => nameOf(source)))];
    const more = names.length > mostNamed ? ' …' : '';
    return `${names.slice(0, mostNamed).join(', ')}${more}`;
  }

  value(symbol: KconfigSymbol): string {
    return symbol.menus.length === 0 && !symbol.constant
      ? 'not defined here'
      : shortened(this.#values.get(symbol)) || 'empty';
  }

  show(expression: Expression | undefined): string {
    return shortened(expressionToString(expression));
  }

  reason(
    kind: ReasonKind,
    text: string,
    location: string,
    symbols: readonly KconfigSymbol[],
  ): Reason {
    const states: SymbolValue[] = symbols.map((symbol) => ({
      symbol: nameOf(symbol),
      value: this.#values.get(symbol),
    }));
    return { kind, text, location, symbols: states, because: [] };
  }
}

/** The names in `MACHINE || … || COMPILE_TEST`, where none of the machines is of this architecture. */
function machinesOf(part: Expression): string[] | undefined {
  const names: string[] = [];
  let isCompilable = false;
  const isAlternative = (expression: Expression): boolean => {
    if (expression.kind === 'or') {
      return isAlternative(expression.left) && isAlternative(expression.right);
    }
    if (expression.kind !== 'symbol') return false;
    const name = nameOf(expression.symbol);
    if (name === 'COMPILE_TEST') isCompilable = true;
    else if (expression.symbol.menus.length === 0) names.push(name);
    else return false;
    return true;
  };
  return isAlternative(part) && isCompilable && names.length > 0 ? names : undefined;
}

/** What a choice is called. */
export function choiceTitle(choice: KconfigSymbol): string {
  const title = choice.prompts[0]?.text ?? choice.name;
  return title === undefined ? 'a choice' : `the choice "${title}"`;
}

function quoted(said: FileValue): string {
  const text = shortened(said.value);
  return said.quoted ? `"${text}"` : text;
}

function shortened(text: string): string {
  return text.length <= longestExpression ? text : `${text.slice(0, longestExpression - 1)}…`;
}
