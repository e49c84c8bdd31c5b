import {
  type Configuration,
  type DefaultProperty,
  type Expression,
  expressionToString,
  type KconfigSymbol,
  type SelectProperty,
  type Tristate,
} from '../../../kconfig/index.ts';
import { nameOf } from '../explain.ts';
import { collect } from '../influences.ts';
import { formatLocation, type Origins } from '../origin.ts';
import { failingParts, obstacles } from './conditions.ts';
import type { FileValue } from './config-lines.ts';
import type { Reason, ReasonKind, SymbolValue } from './reason.ts';
import type { WaySearch } from './ways.ts';

/** How far the reasons of reasons are followed. */
const deepest = 3;
/** How many of many alike are named. */
const mostNamed = 4;
/** Conditions that mention more symbols than this are shown without the reasons of each. */
const widestCondition = 3;
const longestExpression = 160;

/** Finds out why symbols have the values that they have. */
export class Reasoner {
  readonly #values: Configuration;
  readonly #origins: Origins;
  readonly #file: ReadonlyMap<string, FileValue>;

  constructor(values: Configuration, origins: Origins, file: ReadonlyMap<string, FileValue>) {
    this.#values = values;
    this.#origins = origins;
    this.#file = file;
  }

  /** What holds a symbol at the value that it has. */
  holds(symbol: KconfigSymbol): Reason[] {
    if (symbol.menus.length === 0) return [this.#undefinedReason(symbol, 'it')];
    if (symbol.type !== 'bool' && symbol.type !== 'tristate') return this.#textReasons(symbol);
    const level = this.#values.tristate(symbol);
    if (level === 2) return this.#holders(symbol, 'it');
    if (level === 1) {
      const holders = this.#holders(symbol, 'it');
      const ceiling = this.#blockers(symbol, 2, 'it', 0).filter(
        ({ kind }) => kind !== 'file' && !holders.some((holder) => holder.kind === kind),
      );
      return [...holders, ...ceiling];
    }
    const ignored = this.#ignored(symbol);
    return [...ignored, ...this.#blockers(symbol, 1, 'it', 0)];
  }

  /** What keeps a symbol from a value for good: the parts of its conditions that nothing can meet. */
  rulesOut(symbol: KconfigSymbol, value: 'n' | 'm' | 'y', search: WaySearch): Reason[] {
    const level = value === 'y' ? 2 : value === 'm' ? 1 : 0;
    if (this.#values.tristate(symbol) > level) return this.#holders(symbol, 'it');
    const target = symbol.type === 'bool' ? 1 : level;
    const hopeless = symbol.prompts.flatMap(({ condition }) =>
      failingParts(condition, target, this.#values).filter(
        (part) => search.atLeast(part, target).length === 0,
      ),
    );
    if (hopeless.length === 0) return this.#blockers(symbol, level, 'it', 0);
    return hopeless.map((part) => this.#dependency(symbol, part, target, 'it', 0));
  }

  /** Why a symbol is no higher. */
  #blockers(symbol: KconfigSymbol, level: Tristate, subject: string, depth: number): Reason[] {
    if (symbol.menus.length === 0) return [this.#undefinedReason(symbol, subject)];
    const target = symbol.type === 'bool' ? 1 : level;
    if (symbol.type !== 'bool' && symbol.type !== 'tristate') return this.#holders(symbol, subject);
    if (symbol.prompts.length === 0) return this.#hidden(symbol, target, subject, depth);
    if (this.#values.visibility(symbol) >= target) return [this.#openReason(symbol, subject)];
    const [fewest = []] = symbol.prompts
      .map(({ condition }) => failingParts(condition, target, this.#values))
      .sort((one, two) => one.length - two.length);
    return fewest.map((part) => this.#dependency(symbol, part, target, subject, depth));
  }

  /** What lifts a symbol, or says its value. */
  #holders(symbol: KconfigSymbol, subject: string): Reason[] {
    const reasons: Reason[] = [];
    const level = this.#values.tristate(symbol);
    const reach = ({ source, condition }: SelectProperty): number =>
      Math.min(this.#values.tristate(source), this.#values.evaluate(condition));
    const active = symbol.selectedBy
      .filter((property) => reach(property) > 0)
      .sort((one, two) => reach(two) - reach(one));
    const lifting = active.filter((property) => symbol.type === 'bool' || reach(property) >= level);
    for (const property of lifting.slice(0, mostNamed)) {
      reasons.push(this.#selectReason('select', 'selected by', property, subject));
    }
    if (lifting.length > mostNamed) {
      const others = lifting.slice(mostNamed);
      reasons.push(
        this.#reason('select', `selected by ${others.length} more: ${this.#list(others)}`, '', []),
      );
    }
    if (symbol.choice !== undefined && level === 2) {
      reasons.push(
        this.#reason(
          'choice',
          `${subject} is the one chosen of ${choiceTitle(symbol.choice)}`,
          formatLocation(symbol.choice.menus[0]?.location),
          [],
        ),
      );
    }
    const isVisible = this.#values.visibility(symbol) > 0;
    const said = this.#file.get(nameOf(symbol));
    if (isVisible && said !== undefined) {
      if (reasons.length === 0 || said.value === this.#values.get(symbol)) {
        reasons.push(this.#fileReason(symbol, subject));
      }
      return reasons;
    }
    if (lifting.length > 0) return reasons;
    const standard = symbol.defaults.find(({ condition }) => this.#values.evaluate(condition) > 0);
    if (standard !== undefined) reasons.push(this.#defaultReason(symbol, standard, isVisible));
    for (const property of symbol.impliedBy) {
      if (reach(property) > 0) {
        reasons.push(this.#selectReason('imply', 'implied by', property, subject));
      }
    }
    return reasons;
  }

  #textReasons(symbol: KconfigSymbol): Reason[] {
    const reasons = [...this.#ignored(symbol), ...this.#holders(symbol, 'it')];
    if (symbol.prompts.length === 0) reasons.push(this.#noPrompt(symbol, 'it'));
    const range = symbol.ranges.find(({ condition }) => this.#values.evaluate(condition) > 0);
    if (range !== undefined) {
      const limit = (side: KconfigSymbol): string =>
        side.constant ? nameOf(side) : `${nameOf(side)} (${this.#values.get(side)})`;
      reasons.push(
        this.#reason(
          'range',
          `it has to lie between ${limit(range.low)} and ${limit(range.high)}`,
          formatLocation(range.location),
          [],
        ),
      );
    }
    return reasons;
  }

  /** What the file says, where that has no effect. */
  #ignored(symbol: KconfigSymbol): Reason[] {
    const said = this.#file.get(nameOf(symbol));
    if (said === undefined || said.value === this.#values.get(symbol)) return [];
    if (said.value === 'n') return [];
    const why =
      symbol.prompts.length === 0
        ? 'it cannot be set by hand'
        : this.#values.visibility(symbol) === 0
          ? 'what it depends on is not met'
          : 'it cannot have that value';
    return [
      this.#reason(
        'file',
        `the file says ${said.value} (line ${said.line}), which has no effect: ${why}`,
        '',
        [],
      ),
    ];
  }

  /** A symbol that could be set: why it is not. */
  #openReason(symbol: KconfigSymbol, subject: string): Reason {
    const { choice } = symbol;
    const chosen = choice && this.#values.selection(choice);
    if (choice !== undefined && chosen !== undefined) {
      return this.#reason(
        'choice',
        `${subject} is one of ${choiceTitle(choice)}, where ${nameOf(chosen)} is chosen`,
        formatLocation(choice.menus[0]?.location),
        [chosen],
      );
    }
    return this.#fileReason(symbol, subject);
  }

  #fileReason(symbol: KconfigSymbol, subject: string): Reason {
    const said = this.#file.get(nameOf(symbol));
    const { prompts } = symbol;
    const location = formatLocation(prompts[0]?.location);
    if (said !== undefined) {
      const text =
        said.value === 'n'
          ? `the file has ${subject === 'it' ? 'it' : subject} off (line ${said.line})`
          : `the file says ${subject === 'it' ? '' : `${subject}=`}${shortened(said.value)} (line ${said.line})`;
      return this.#reason('file', text, '', []);
    }
    const standard = symbol.defaults.find(({ condition }) => this.#values.evaluate(condition) > 0);
    const byDefault =
      standard === undefined
        ? 'and it has no default'
        : `and its default is ${this.#show(standard.value)}`;
    return this.#reason(
      'file',
      `the file does not say what ${subject} is, ${byDefault}`,
      location,
      [],
    );
  }

  #dependency(
    symbol: KconfigSymbol,
    part: Expression,
    target: Tristate,
    subject: string,
    depth: number,
  ): Reason {
    const mentioned = new Set<KconfigSymbol>();
    collect(part, mentioned);
    const names = [...mentioned].map(nameOf);
    const place =
      mentioned.size === 0 ? this.#constantLine(symbol) : this.#origins.find(symbol, names);
    const onlyM = this.#values.evaluate(part) === 1 && target === 2;
    return {
      ...this.#reason('dependency', '', formatLocation(place), [...mentioned]),
      text: this.#dependencyText(part, mentioned, subject, onlyM, place),
      because: this.#reasonsOf(part, target, depth),
    };
  }

  #dependencyText(
    part: Expression,
    mentioned: ReadonlySet<KconfigSymbol>,
    subject: string,
    onlyM: boolean,
    place: { file: string; line: number } | undefined,
  ): string {
    if (mentioned.size === 0) {
      const line = place === undefined ? '' : this.#origins.textAt(place);
      return line.includes('$(')
        ? `the tools of this host do not do what ${subject} needs: ${line}`
        : `${subject} is ruled out: ${line === '' ? this.#show(part) : line}`;
    }
    const [only] = mentioned;
    if (onlyM && only !== undefined && mentioned.size === 1) {
      return part.kind === 'symbol'
        ? `${subject} depends on ${nameOf(only)}, a module: so it can be no more than a module`
        : `"${this.#show(part)}": while ${nameOf(only)} is a module, ${subject} can be no more than one`;
    }
    if (part.kind === 'symbol') {
      return `${subject} depends on ${nameOf(part.symbol)}, which is ${this.#value(part.symbol)}`;
    }
    if (part.kind === 'not' && part.operand.kind === 'symbol') {
      const { symbol } = part.operand;
      return `${subject} depends on !${nameOf(symbol)}, but ${nameOf(symbol)} is ${this.#value(symbol)}`;
    }
    const shown = [...mentioned].slice(0, 8);
    const states = shown.map((one) => `${nameOf(one)}=${this.#value(one)}`).join(', ');
    const more = mentioned.size > shown.length ? ' …' : '';
    return `${subject} depends on "${this.#show(part)}", which ${onlyM ? 'allows m at most' : 'does not hold'} (${states}${more})`;
  }

  /** The reasons of what a condition hangs on: of few symbols, and not too deep. */
  #reasonsOf(part: Expression, target: Tristate, depth: number): Reason[] {
    if (depth + 1 >= deepest) return [];
    const found = obstacles(part, target, this.#values);
    const distinct = found.filter(
      (one, index) => found.findIndex(({ symbol }) => symbol === one.symbol) === index,
    );
    if (distinct.length > widestCondition) return [];
    return distinct.flatMap(({ symbol, wants }) => {
      const name = nameOf(symbol);
      return wants === 'more'
        ? this.#blockers(symbol, target, name, depth + 1)
        : this.#holders(symbol, name);
    });
  }

  /** Why a symbol that no person sets is no higher. */
  #hidden(symbol: KconfigSymbol, target: Tristate, subject: string, depth: number): Reason[] {
    const asked = symbol.defaults.find(({ location }) => this.#asksTools(location));
    if (asked !== undefined && symbol.selectedBy.length === 0) {
      const failing = failingParts(asked.condition, target, this.#values);
      return failing.length > 0
        ? failing.map((part) => this.#dependency(symbol, part, target, subject, depth))
        : [this.#toolReason(asked, subject)];
    }
    const reasons: Reason[] = [];
    const { selectedBy, defaults } = symbol;
    const isTop = depth === 0;
    if (isTop || (selectedBy.length === 0 && defaults.length === 0)) {
      reasons.push(this.#noPrompt(symbol, subject));
    }
    if (selectedBy.length > 0) reasons.push(...this.#idleSelects(symbol, target, subject, depth));
    for (const standard of defaults.slice(0, 2)) {
      const failing = failingParts(standard.condition, target, this.#values);
      if (failing.length > 0) {
        reasons.push(
          ...failing.map((part) =>
            this.#dependency(
              symbol,
              part,
              target,
              `the default of ${subject === 'it' ? nameOf(symbol) : subject}`,
              depth,
            ),
          ),
        );
      } else {
        const parts = failingParts(standard.value, target, this.#values);
        reasons.push({
          ...this.#defaultReason(symbol, standard),
          because: parts.flatMap((part) => this.#reasonsOf(part, target, depth)),
        });
      }
    }
    return reasons;
  }

  #idleSelects(symbol: KconfigSymbol, target: Tristate, subject: string, depth: number): Reason[] {
    const { selectedBy } = symbol;
    if (selectedBy.length > mostNamed) {
      const state = target === 2 ? 'built in' : 'on';
      return [
        this.#reason(
          'select',
          `none of the ${selectedBy.length} symbols that select ${subject === 'it' ? 'it' : subject} is ${state}: ${this.#list(selectedBy)}`,
          '',
          [],
        ),
      ];
    }
    return selectedBy.map((property) => {
      const { source, condition, location } = property;
      const isLow = this.#values.tristate(source) < target;
      const guard =
        condition === undefined || isLow ? '' : `, but only if ${this.#show(condition)}`;
      const text = isLow
        ? `${nameOf(source)} would select ${subject}, but is ${this.#value(source)}`
        : `${nameOf(source)} selects ${subject}${guard}`;
      const because =
        isLow && selectedBy.length === 1 && depth + 1 < deepest
          ? this.#blockers(source, target, nameOf(source), depth + 1)
          : [];
      return { ...this.#reason('select', text, formatLocation(location), [source]), because };
    });
  }

  #selectReason(
    kind: 'select' | 'imply',
    verb: string,
    { source, condition, location }: SelectProperty,
    subject: string,
  ): Reason {
    const guard = this.#ownCondition(source, condition);
    const who = subject === 'it' ? '' : `${subject} is `;
    return this.#reason(
      kind,
      `${who}${verb} ${nameOf(source)}, which is ${this.#value(source)}${guard}`,
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

  #defaultReason(symbol: KconfigSymbol, standard: DefaultProperty, isUnsaid = false): Reason {
    const { value, condition, location } = standard;
    if (this.#asksTools(location)) return this.#toolReason(standard, 'it');
    const guard =
      condition === undefined ||
      expressionToString(condition) === expressionToString(symbol.directDependency)
        ? ''
        : `, since ${this.#show(condition)}`;
    const mentioned = new Set<KconfigSymbol>();
    collect(value, mentioned);
    const states = [...mentioned].map((one) => `${nameOf(one)}=${this.#value(one)}`).join(', ');
    const shown = states === '' || mentioned.size > 6 ? '' : ` (${states})`;
    return this.#reason(
      'default',
      `${isUnsaid ? 'the file does not say, and ' : ''}its default is ${this.#show(value)}${shown}${guard}`,
      formatLocation(location),
      [...mentioned],
    );
  }

  #asksTools(location: { file: string; line: number }): boolean {
    return this.#origins.textAt(location).includes('$(');
  }

  #toolReason({ location }: DefaultProperty, subject: string): Reason {
    const line = this.#origins.textAt(location);
    return this.#reason(
      'tool',
      `${subject} is what the tools of this host answer to ${line.slice(line.indexOf('$('))}`,
      formatLocation(location),
      [],
    );
  }

  #noPrompt(symbol: KconfigSymbol, subject: string): Reason {
    const by =
      symbol.selectedBy.length > 0
        ? 'only other symbols switch it on'
        : symbol.defaults.length > 0
          ? 'its value follows from others'
          : 'and nothing selects it';
    return this.#reason(
      'no-prompt',
      `${subject} has no prompt, so nobody can set it by hand: ${by}`,
      '',
      [],
    );
  }

  #undefinedReason(symbol: KconfigSymbol, subject: string): Reason {
    const name = subject === 'it' ? nameOf(symbol) : subject;
    return this.#reason('undefined', `no Kconfig file of this architecture defines ${name}`, '', [
      symbol,
    ]);
  }

  /** The line of an entry where a condition without symbols comes from. */
  #constantLine(symbol: KconfigSymbol): { file: string; line: number } | undefined {
    for (const { location } of symbol.menus) {
      const found =
        this.#origins.matchIn(location, /\bdepends on\b.*\$\(/) ??
        this.#origins.matchIn(location, /\bdepends on\s+(n|BROKEN)\b/) ??
        this.#origins.matchIn(location, /\$\(/);
      if (found !== undefined) return found;
    }
    return symbol.menus[0]?.location;
  }

  #list(properties: readonly SelectProperty[]): string {
    const names = [...new Set(properties.map(({ source }) => nameOf(source)))];
    const more = names.length > mostNamed ? ' …' : '';
    return `${names.slice(0, mostNamed).join(', ')}${more}`;
  }

  #value(symbol: KconfigSymbol): string {
    return symbol.menus.length === 0 && !symbol.constant
      ? 'not defined here'
      : shortened(this.#values.get(symbol)) || 'empty';
  }

  #show(expression: Expression | undefined): string {
    return shortened(expressionToString(expression));
  }

  #reason(
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

function choiceTitle(choice: KconfigSymbol): string {
  const title = choice.prompts[0]?.text ?? choice.name;
  return title === undefined ? 'a choice' : `the choice "${title}"`;
}

function shortened(text: string): string {
  return text.length <= longestExpression ? text : `${text.slice(0, longestExpression - 1)}…`;
}
