import type {
  Configuration,
  Expression,
  KconfigSymbol,
  SelectProperty,
  Tristate,
} from '../../../kconfig/index.ts';
import { nameOf } from '../explain.ts';
import { formatLocation, type Origins } from '../origin.ts';
import { failingParts, obstacles } from './conditions.ts';
import type { FileValue } from './config-lines.ts';
import { choiceTitle, mostNamed, Phrases } from './phrases.ts';
import type { Reason } from './reason.ts';
import type { WaySearch } from './ways.ts';

/** How far the reasons of reasons are followed. */
const deepest = 3;
/** Conditions that mention more symbols than this are shown without the reasons of each. */
const widestCondition = 3;

/** Finds out why symbols have the values that they have. */
export class Reasoner {
  readonly #values: Configuration;
  readonly #file: ReadonlyMap<string, FileValue>;
  readonly #say: Phrases;

  constructor(values: Configuration, origins: Origins, file: ReadonlyMap<string, FileValue>) {
    this.#values = values;
    this.#file = file;
    this.#say = new Phrases(values, origins, file);
  }

  /** What holds a symbol at the value that it has. */
  holds(symbol: KconfigSymbol): Reason[] {
    if (symbol.menus.length === 0) return [this.#say.undefinedSymbol(symbol, 'it')];
    if (symbol.transitional) return [this.#say.renamed(symbol)];
    if (symbol.type !== 'bool' && symbol.type !== 'tristate') return this.#textReasons(symbol);
    const level = this.#values.tristate(symbol);
    if (level === 2) return [...this.#holders(symbol, 'it'), ...this.#hiddenPrompt(symbol)];
    if (level === 1) {
      const holders = this.#holders(symbol, 'it');
      const ceiling = this.#blockers(symbol, 2, 'it', 0).filter(
        ({ kind }) => kind !== 'file' && !holders.some((holder) => holder.kind === kind),
      );
      return [...holders, ...ceiling];
    }
    return [...this.#say.ignored(symbol), ...this.#blockers(symbol, 1, 'it', 0)];
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
    if (symbol.menus.length === 0) return [this.#say.undefinedSymbol(symbol, subject)];
    const target = symbol.type === 'bool' ? 1 : level;
    if (symbol.type !== 'bool' && symbol.type !== 'tristate') return this.#holders(symbol, subject);
    if (symbol.prompts.length === 0) return this.#hidden(symbol, target, subject, depth);
    if (this.#values.visibility(symbol) >= target) return [this.#say.open(symbol, subject)];
    return this.#conditions(symbol, target, subject, depth);
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
      reasons.push(this.#say.select('select', 'selected by', property, subject));
    }
    if (lifting.length > mostNamed) {
      const others = lifting.slice(mostNamed);
      reasons.push(
        this.#say.reason(
          'select',
          `selected by ${others.length} more: ${this.#say.list(others)}`,
          '',
          [],
        ),
      );
    }
    if (symbol.choice !== undefined && level === 2) {
      reasons.push(
        this.#say.reason(
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
        reasons.push(this.#say.file(symbol, subject));
      }
      return reasons;
    }
    if (lifting.length > 0) return reasons;
    const standard = symbol.defaults.find(({ condition }) => this.#values.evaluate(condition) > 0);
    if (standard !== undefined)
      reasons.push(this.#say.standard(symbol, standard, subject, isVisible));
    for (const property of symbol.impliedBy) {
      if (reach(property) > 0) {
        reasons.push(this.#say.select('imply', 'implied by', property, subject));
      }
    }
    return reasons;
  }

  #textReasons(symbol: KconfigSymbol): Reason[] {
    const reasons = [
      ...this.#say.ignored(symbol),
      ...this.#holders(symbol, 'it'),
      ...this.#hiddenPrompt(symbol),
    ];
    if (symbol.prompts.length === 0) reasons.push(this.#say.noPrompt(symbol, 'it'));
    const range = symbol.ranges.find(({ condition }) => this.#values.evaluate(condition) > 0);
    if (range !== undefined) {
      const limit = (side: KconfigSymbol): string =>
        side.menus.length === 0 ? nameOf(side) : `${nameOf(side)} (${this.#values.get(side)})`;
      reasons.push(
        this.#say.reason(
          'range',
          `it has to lie between ${limit(range.low)} and ${limit(range.high)}`,
          formatLocation(range.location),
          [],
        ),
      );
    }
    return reasons;
  }

  #dependency(
    symbol: KconfigSymbol,
    part: Expression,
    target: Tristate,
    subject: string,
    depth: number,
  ): Reason {
    const reason = this.#say.dependency(symbol, part, target, subject);
    return { ...reason, because: this.#reasonsOf(part, target, depth) };
  }

  /** Why the prompt of a symbol that has a value all the same is hidden. */
  #hiddenPrompt(symbol: KconfigSymbol): Reason[] {
    const isHidden = symbol.prompts.length > 0 && this.#values.visibility(symbol) === 0;
    return isHidden ? this.#conditions(symbol, 1, 'its prompt', 0) : [];
  }

  /** What fails of the condition of that prompt which lacks least. */
  #conditions(symbol: KconfigSymbol, target: Tristate, subject: string, depth: number): Reason[] {
    const [fewest = []] = symbol.prompts
      .map(({ condition }) => failingParts(condition, target, this.#values))
      .sort((one, two) => one.length - two.length);
    return fewest.map((part) => this.#dependency(symbol, part, target, subject, depth));
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
    const asked = symbol.defaults.find(({ location }) => this.#say.asksTools(location));
    if (asked !== undefined && symbol.selectedBy.length === 0) {
      const failing = failingParts(asked.condition, target, this.#values);
      return failing.length > 0
        ? failing.map((part) => this.#dependency(symbol, part, target, subject, depth))
        : [this.#say.tool(asked, subject)];
    }
    const reasons: Reason[] = [];
    const { selectedBy, defaults } = symbol;
    const isTop = depth === 0;
    if (isTop || (selectedBy.length === 0 && defaults.length === 0)) {
      reasons.push(this.#say.noPrompt(symbol, subject));
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
          ...this.#say.standard(symbol, standard, subject),
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
        this.#say.reason(
          'select',
          `none of the ${selectedBy.length} symbols that select ${subject} is ${state}: ${this.#say.list(selectedBy)}`,
          '',
          [],
        ),
      ];
    }
    return selectedBy.map((property) => {
      const { source, condition, location } = property;
      const isLow = this.#values.tristate(source) < target;
      const guard =
        condition === undefined || isLow ? '' : `, but only if ${this.#say.show(condition)}`;
      const text = isLow
        ? `${nameOf(source)} would select ${subject}, but is ${this.#say.value(source)}`
        : `${nameOf(source)} selects ${subject}${guard}`;
      const because =
        isLow && selectedBy.length === 1 && depth + 1 < deepest
          ? this.#blockers(source, target, nameOf(source), depth + 1)
          : [];
      return { ...this.#say.reason('select', text, formatLocation(location), [source]), because };
    });
  }
}
