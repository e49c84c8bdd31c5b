import type {
  Comparison,
  Configuration,
  DefaultProperty,
  Expression,
  KconfigSymbol,
  SelectProperty,
  Tristate,
} from '../../kconfig/index.ts';

/** Symbols to raise from m to y by hand, in the order of their index. */
export type RaiseSet = readonly KconfigSymbol[];

/**
 * Ways to reach a value, none of which contains another; the smallest first. None at all: it cannot
 * be reached. An empty set among them: nothing has to be raised.
 */
export type Alternatives = readonly RaiseSet[];

/** What the search may take for granted, and what it must leave alone. */
export interface Situation {
  /** The present values. */
  readonly configuration: Configuration;
  /** The values of stock. */
  readonly stock: (symbol: KconfigSymbol) => Tristate;
  /** Symbols that count as y: each of them has a search of its own. */
  readonly granted: ReadonlySet<KconfigSymbol>;
  /** Symbols that may be on although stock has them off. */
  readonly requested: ReadonlySet<KconfigSymbol>;
  /** Symbols that must not be raised by hand. */
  readonly banned: ReadonlySet<KconfigSymbol>;
}

type ComparisonExpression = Extract<Expression, { kind: Comparison }>;

/** How many ways are followed; in kernel trees more than 4 are rare. */
const widest = 16;

const impossible: Alternatives = [];
const free: Alternatives = [[]];

/**
 * Finds out what to raise, from m to y, for a symbol to reach a value. Raising is all that it
 * considers: nothing is ever lowered, and what stock has off stays off.
 *
 * The logic of values is that of scripts/kconfig/symbol.c and expr.c of the kernel tree.
 */
export class NeedSearch {
  readonly #situation: Situation;
  readonly #known = new Map<number, Alternatives>();
  readonly #open = new Set<number>();
  /** How often a search has come back to one that was still open. */
  #cycles = 0;

  constructor(situation: Situation) {
    this.#situation = situation;
  }

  /** Ways for a symbol to become `level`, assuming that a person has asked for that value already. */
  lift(symbol: KconfigSymbol, level: Tristate): Alternatives {
    const target = symbol.type === 'bool' ? 1 : level;
    return this.#once(symbol, target, 'lift', () => {
      const byPrompt = this.#byPrompt(symbol, target);
      return byPrompt.length > 0 ? byPrompt : this.#withoutPrompt(symbol, target);
    });
  }

  /** Ways for an expression to be at least `level`. */
  atLeast(expression: Expression | undefined, level: Tristate): Alternatives {
    if (expression === undefined || level === 0) return free;
    switch (expression.kind) {
      case 'symbol':
        return this.#symbolAtLeast(expression.symbol, level);
      case 'not':
        return this.#atMost(expression.operand, level === 2 ? 0 : 1);
      case 'and':
        return both(this.atLeast(expression.left, level), () =>
          this.atLeast(expression.right, level),
        );
      case 'or':
        return either(this.atLeast(expression.left, level), () =>
          this.atLeast(expression.right, level),
        );
      default:
        return this.#comparison(expression, true);
    }
  }

  #atMost(expression: Expression, level: 0 | 1): Alternatives {
    switch (expression.kind) {
      case 'symbol':
        return this.#value(expression.symbol) <= level ? free : impossible;
      case 'not':
        return this.atLeast(expression.operand, level === 0 ? 2 : 1);
      case 'and':
        return either(this.#atMost(expression.left, level), () =>
          this.#atMost(expression.right, level),
        );
      case 'or':
        return both(this.#atMost(expression.left, level), () =>
          this.#atMost(expression.right, level),
        );
      default:
        return this.#comparison(expression, false);
    }
  }

  /** A comparison comes out otherwise only if a symbol at m on one of its sides becomes y. */
  #comparison(expression: ComparisonExpression, wanted: boolean): Alternatives {
    const { kind, left, right } = expression;
    const isWanted = (leftText: string, rightText: string): boolean =>
      this.#compare(kind, left, right, leftText, rightText) === wanted;
    if (isWanted(this.#text(left), this.#text(right))) return free;
    let ways: Alternatives = impossible;
    if (this.#raisable(left) && isWanted('y', this.#text(right))) {
      ways = either(ways, () => this.#symbolAtLeast(left, 2));
    }
    if (this.#raisable(right) && isWanted(this.#text(left), 'y')) {
      ways = either(ways, () => this.#symbolAtLeast(right, 2));
    }
    return ways;
  }

  #compare(
    kind: Comparison,
    left: KconfigSymbol,
    right: KconfigSymbol,
    leftText: string,
    rightText: string,
  ): boolean {
    if (kind === 'eq') return leftText === rightText;
    if (kind === 'ne') return leftText !== rightText;
    if (!isTristate(left) && !isTristate(right)) {
      return this.#situation.configuration.evaluate({ kind, left, right }) === 2;
    }
    const order = 'nmy'.indexOf(leftText) - 'nmy'.indexOf(rightText);
    if (kind === 'lt') return order < 0;
    if (kind === 'le') return order <= 0;
    return kind === 'gt' ? order > 0 : order >= 0;
  }

  #symbolAtLeast(symbol: KconfigSymbol, level: Tristate): Alternatives {
    if (this.#value(symbol) >= level) return free;
    if (symbol.constant || symbol.isChoice || !isTristate(symbol)) return impossible;
    const { stock, requested } = this.#situation;
    if (stock(symbol) === 0 && !requested.has(symbol)) return impossible;
    const target = symbol.type === 'bool' ? 1 : level;
    return this.#once(symbol, target, 'raise', () => {
      if (this.#isLiftedAnyway(symbol, target)) return free;
      const own = stock(symbol) >= level || symbol.type === 'bool' ? [] : [symbol];
      const byHand = own.length === 0 || this.#raisableByHand(symbol);
      const byPrompt = byHand ? both([own], () => this.#byPrompt(symbol, target)) : impossible;
      return byPrompt.length > 0 ? byPrompt : this.#withoutPrompt(symbol, target);
    });
  }

  /** Whether a select of something that is granted, or y already, will bring the value. */
  #isLiftedAnyway(symbol: KconfigSymbol, target: Tristate): boolean {
    return symbol.selectedBy.some(
      ({ source, condition }) =>
        this.#value(source) >= target && isFree(this.atLeast(condition, target)),
    );
  }

  #raisableByHand(symbol: KconfigSymbol): boolean {
    // Of a choice only one member can be y: raising one would put out the others.
    return symbol.choice === undefined && !this.#situation.banned.has(symbol);
  }

  #byPrompt(symbol: KconfigSymbol, target: Tristate): Alternatives {
    return any(symbol.prompts, (prompt) => this.atLeast(prompt.condition, target));
  }

  /**
   * By a select, a default or an imply. Only for symbols that no prompt leads to: a symbol with a
   * usable prompt is raised by itself, not by whatever happens to select it.
   */
  #withoutPrompt(symbol: KconfigSymbol, target: Tristate): Alternatives {
    const bySelect = (property: SelectProperty): Alternatives =>
      both(this.#symbolAtLeast(property.source, target), () =>
        this.atLeast(property.condition, target),
      );
    const byDefault = (property: DefaultProperty): Alternatives =>
      both(this.atLeast(property.condition, target), () => this.atLeast(property.value, target));
    return either(
      either(any(symbol.selectedBy, bySelect), () => any(symbol.defaults, byDefault)),
      () =>
        symbol.impliedBy.length === 0
          ? impossible
          : both(any(symbol.impliedBy, bySelect), () =>
              this.atLeast(symbol.directDependency, target),
            ),
    );
  }

  /** Remembers results; a search that comes back to itself finds nothing there. */
  #once(
    symbol: KconfigSymbol,
    target: Tristate,
    how: 'lift' | 'raise',
    search: () => Alternatives,
  ): Alternatives {
    const key = symbol.index * 8 + target * 2 + (how === 'lift' ? 1 : 0);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    if (this.#open.has(key)) {
      this.#cycles += 1;
      return impossible;
    }
    this.#open.add(key);
    const before = this.#cycles;
    const found = search();
    this.#open.delete(key);
    // What was found within a cycle may lack the ways through its start: search it anew next time.
    if (this.#cycles === before || this.#open.size === 0) this.#known.set(key, found);
    return found;
  }

  #value(symbol: KconfigSymbol): Tristate {
    return this.#situation.granted.has(symbol) ? 2 : this.#situation.configuration.tristate(symbol);
  }

  #text(symbol: KconfigSymbol): string {
    return this.#situation.granted.has(symbol) ? 'y' : this.#situation.configuration.get(symbol);
  }

  #raisable(symbol: KconfigSymbol): boolean {
    return !symbol.constant && symbol.type === 'tristate' && this.#value(symbol) === 1;
  }
}

function isTristate(symbol: KconfigSymbol): boolean {
  return symbol.type === 'bool' || symbol.type === 'tristate';
}

function any<T>(items: readonly T[], search: (item: T) => Alternatives): Alternatives {
  let ways: Alternatives = impossible;
  for (const item of items) ways = either(ways, () => search(item));
  return ways;
}

function isFree(ways: Alternatives): boolean {
  return ways[0]?.length === 0;
}

function either(left: Alternatives, right: () => Alternatives): Alternatives {
  if (isFree(left)) return left;
  const other = right();
  if (left.length === 0) return other;
  return other.length === 0 ? left : smallest([...left, ...other]);
}

function both(left: Alternatives, right: () => Alternatives): Alternatives {
  if (left.length === 0) return impossible;
  const other = right();
  if (isFree(left)) return other;
  if (isFree(other)) return left;
  return smallest(left.flatMap((one) => other.map((two) => union(one, two))));
}

/** Drops sets that contain another one, and the largest beyond the limit. */
function smallest(sets: readonly RaiseSet[]): Alternatives {
  const sorted = [...sets].sort((one, two) => one.length - two.length);
  const kept: RaiseSet[] = [];
  for (const set of sorted) {
    if (kept.length === widest) break;
    if (!kept.some((small) => isSubset(small, set))) kept.push(set);
  }
  return kept;
}

function union(one: RaiseSet, two: RaiseSet): RaiseSet {
  if (one.length === 0) return two;
  if (two.length === 0) return one;
  return [...new Set([...one, ...two])].sort((a, b) => a.index - b.index);
}

export function isSubset(small: RaiseSet, large: RaiseSet): boolean {
  return small.every((symbol) => large.includes(symbol));
}
