import type {
  Configuration,
  Expression,
  KconfigSymbol,
  SelectProperty,
  Tristate,
} from '../../../kconfig/index.ts';
import { anyOf, bothOf, cheapest, eitherOf, free, impossible, type Ways } from './changes.ts';

type Comparison = Exclude<Expression, { kind: 'symbol' | 'not' | 'and' | 'or' }>;
type Level = 'n' | 'm' | 'y';

/** How many steps a search may take; the hardest symbols of kernel trees take some ten thousand. */
const patience = 200_000;

/**
 * Finds out what a person could set for a symbol to get a value. Unlike the search of the promotion
 * (need.ts), which only ever raises what stock has as a module, this one may switch on what is off,
 * switch off what stands in the way, and choose another member of a choice. What it finds are
 * proposals: each has to be tried, since one change may undo what another relies on.
 *
 * The logic of values is that of scripts/kconfig/symbol.c and expr.c of the kernel tree.
 */
export class WaySearch {
  readonly #values: Configuration;
  readonly #known = new Map<string, Ways>();
  readonly #open = new Set<string>();
  #cycles = 0;
  #steps = 0;

  constructor(values: Configuration) {
    this.#values = values;
  }

  /** Ways for a bool or tristate to have a value. */
  reach(symbol: KconfigSymbol, value: Level): Ways {
    if (value === 'y') return this.#raise(symbol, 2);
    if (value === 'n') return this.#lower(symbol, 0);
    if (symbol.type !== 'tristate') return impossible;
    const ways = bothOf(this.#raise(symbol, 1), () => this.#lower(symbol, 1));
    return ways.map((way) =>
      way.map((one) => (one.symbol === symbol ? { ...one, exact: true } : one)),
    );
  }

  /** Ways for an expression to be at least `level`. */
  atLeast(expression: Expression | undefined, level: Tristate): Ways {
    if (level === 0 || this.#values.evaluate(expression) >= level) return free;
    if (expression === undefined) return free;
    switch (expression.kind) {
      case 'symbol':
        return this.#raise(expression.symbol, level);
      case 'not':
        return this.atMost(expression.operand, level === 2 ? 0 : 1);
      case 'and':
        return bothOf(this.atLeast(expression.left, level), () =>
          this.atLeast(expression.right, level),
        );
      case 'or':
        return eitherOf(this.atLeast(expression.left, level), () =>
          this.atLeast(expression.right, level),
        );
      default:
        return this.#compare(expression, true);
    }
  }

  /** Ways for an expression to be at most `level`. */
  atMost(expression: Expression | undefined, level: Tristate): Ways {
    if (level === 2 || this.#values.evaluate(expression) <= level) return free;
    if (expression === undefined) return impossible;
    switch (expression.kind) {
      case 'symbol':
        return this.#lower(expression.symbol, level);
      case 'not':
        return this.atLeast(expression.operand, level === 0 ? 2 : 1);
      case 'and':
        return eitherOf(this.atMost(expression.left, level), () =>
          this.atMost(expression.right, level),
        );
      case 'or':
        return bothOf(this.atMost(expression.left, level), () =>
          this.atMost(expression.right, level),
        );
      default:
        return this.#compare(expression, false);
    }
  }

  #raise(symbol: KconfigSymbol, level: Tristate): Ways {
    if (this.#values.tristate(symbol) >= level) return free;
    if (symbol.constant || symbol.isChoice || symbol.menus.length === 0) return impossible;
    if (symbol.type !== 'bool' && symbol.type !== 'tristate') return impossible;
    // A bool is content with what is m; a tristate cannot be more than what it depends on.
    const target = symbol.type === 'bool' ? 1 : level;
    const value: Level = symbol.type === 'bool' || level === 2 ? 'y' : 'm';
    return this.#once(`${symbol.index} up ${target}`, () => {
      const byPrompt = anyOf(symbol.prompts, ({ condition }) =>
        bothOf([[{ symbol, value }]], () => this.atLeast(condition, target)),
      );
      return byPrompt.length > 0 ? byPrompt : this.#raiseByOthers(symbol, target);
    });
  }

  /** By a select, a default or an imply: only where no prompt leads to the value. */
  #raiseByOthers(symbol: KconfigSymbol, target: Tristate): Ways {
    const bySelect = ({ source, condition }: SelectProperty): Ways =>
      bothOf(this.#raise(source, target), () => this.atLeast(condition, target));
    return eitherOf(
      eitherOf(anyOf(symbol.selectedBy, bySelect), () =>
        anyOf(symbol.defaults, ({ value, condition }) =>
          bothOf(this.atLeast(condition, target), () => this.atLeast(value, target)),
        ),
      ),
      () =>
        anyOf(symbol.impliedBy, (property) =>
          bothOf(bySelect(property), () => this.atLeast(symbol.directDependency, target)),
        ),
    );
  }

  #lower(symbol: KconfigSymbol, level: Tristate): Ways {
    if (this.#values.tristate(symbol) <= level) return free;
    if (symbol.constant || symbol.isChoice) return impossible;
    if (symbol.type !== 'bool' && symbol.type !== 'tristate') return impossible;
    if (level === 1 && symbol.type === 'bool') return this.#lower(symbol, 0);
    return this.#once(`${symbol.index} down ${level}`, () =>
      bothOf(this.#releaseSelects(symbol, level), () => this.#lowerItself(symbol, level)),
    );
  }

  /** Ways for every select that holds the symbol up to let go of it. */
  #releaseSelects(symbol: KconfigSymbol, level: Tristate): Ways {
    let ways = free;
    for (const { source, condition } of symbol.selectedBy) {
      const reached = Math.min(this.#values.tristate(source), this.#values.evaluate(condition));
      if (reached <= level) continue;
      // What a select depends on is let alone as long as what selects can be switched off itself.
      ways = bothOf(ways, () => {
        const bySource = this.#lower(source, level);
        return bySource.length > 0 ? bySource : this.atMost(condition, level);
      });
      if (ways.length === 0) break;
    }
    return ways;
  }

  #lowerItself(symbol: KconfigSymbol, level: Tristate): Ways {
    const visible = this.#values.visibility(symbol) > 0;
    if (visible && symbol.choice !== undefined && level === 0) {
      const others = symbol.choice.members.filter(
        (member) => member !== symbol && this.#values.visibility(member) > 0,
      );
      return anyOf(others, (member) => [[{ symbol: member, value: 'y' }]]);
    }
    if (visible) return [[{ symbol, value: level === 0 ? 'n' : 'm' }]];
    const standard = symbol.defaults.find(({ condition }) => this.#values.evaluate(condition) > 0);
    const byDefault =
      standard === undefined
        ? free
        : eitherOf(this.atMost(standard.value, level), () =>
            this.atMost(standard.condition, level),
          );
    return symbol.impliedBy.reduce(
      (ways, { source, condition }) =>
        Math.min(this.#values.tristate(source), this.#values.evaluate(condition)) <= level
          ? ways
          : bothOf(ways, () => this.#lower(source, level)),
      byDefault,
    );
  }

  /** Ways for a comparison to come out as wanted; it does not now. */
  #compare({ kind, left, right }: Comparison, wanted: boolean): Ways {
    const equal = (kind === 'eq') === wanted;
    const isEquality = kind === 'eq' || kind === 'ne';
    const options = [
      { symbol: left, other: right },
      { symbol: right, other: left },
    ].filter(({ symbol, other }) => !symbol.constant && other.constant);
    return anyOf(options, ({ symbol, other }) => {
      const text = other.name ?? '';
      if (symbol.type !== 'bool' && symbol.type !== 'tristate') {
        const isSettable = isEquality ? equal : wanted && (kind === 'ge' || kind === 'le');
        if (!isSettable) return impossible;
        return anyOf(symbol.prompts, ({ condition }) =>
          bothOf([[{ symbol, value: text }]], () => this.atLeast(condition, 1)),
        );
      }
      if (!isEquality) return impossible;
      return anyOf(
        (['y', 'm', 'n'] as const).filter((value) => (value === text) === equal),
        (value) => this.reach(symbol, value),
      );
    });
  }

  /** Remembers results; a search that comes back to itself finds nothing there. */
  #once(key: string, search: () => Ways): Ways {
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    this.#steps += 1;
    if (this.#open.has(key) || this.#steps > patience) {
      this.#cycles += 1;
      return impossible;
    }
    this.#open.add(key);
    const before = this.#cycles;
    const found = cheapest(search());
    this.#open.delete(key);
    // What was found within a cycle may lack the ways through its start: search it anew next time.
    if (this.#cycles === before || this.#open.size === 0) this.#known.set(key, found);
    return found;
  }
}
