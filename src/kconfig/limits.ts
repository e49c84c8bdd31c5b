import { KconfigSyntaxError } from './errors.ts';
import type { Location } from './model.ts';

/**
 * What reading a tree may cost. Kconfig has no bounds of its own: a few lines are enough for macros
 * that double with every line, for files that include each other over and over, or for an
 * expression that no stack is deep enough for, and the tree's own conf then runs until memory or
 * patience ends. Every bound is at least ten times what any kernel needs that was looked at
 * (2.6.18 to 6.12: 9 levels, 22 operators, 12 conditions, 5 million characters, 230,000 comparisons).
 */
export const limits = {
  /** Parentheses, `!`, `$(…)` and blocks within each other. */
  nesting: 100,
  /** `&&` and `||` of one expression. */
  operators: 1000,
  /** `depends on` and `visible if` lines of one entry. */
  conditions: 250,
  /** Characters that the expansion of macros looks at. */
  macroText: 20_000_000,
  /** Characters of all files, each counted as often as it is included. */
  sourceText: 64_000_000,
  /** Comparisons of parts of expressions, for the shape of the menu. */
  comparisons: 10_000_000,
} as const;

/** Thrown where a bound is passed; {@link boundedAt} says where in the files. */
class LimitError extends Error {}

/** A tree that costs more than a bound allows. */
export class KconfigLimitError extends KconfigSyntaxError {}

/** So much of something, and no more. */
export class Allowance {
  #left: number;
  readonly #reason: string;

  /** @param reason - what is wrong with a tree that needs more */
  constructor(amount: number, reason: string) {
    this.#left = amount;
    this.#reason = reason;
  }

  spend(amount: number): void {
    this.#left -= amount;
    if (this.#left < 0) throw new LimitError(this.#reason);
  }

  giveBack(amount: number): void {
    this.#left += amount;
  }
}

/** Whether an error comes of a bound of ours, or of that of the stack. */
function isLimitError(error: unknown): boolean {
  if (error instanceof LimitError) return true;
  return error instanceof RangeError && error.message === 'Maximum call stack size exceeded';
}

type Place = () => { readonly location: Location; readonly includedFrom?: readonly Location[] };

/**
 * An error of a bound, ours or the stack's, as one that says where in the files it happened; any
 * other as it is.
 */
export function asLimitError(error: unknown, place: Place): unknown {
  if (!isLimitError(error)) return error;
  const reason =
    error instanceof LimitError ? error.message : 'expressions or dependencies nest too deeply';
  const { location, includedFrom } = place();
  return new KconfigLimitError(reason, location, includedFrom);
}

/**
 * Does what may pass a bound.
 *
 * @param place - tells where in the files it happened
 * @throws {KconfigLimitError} in the place of any error of a bound
 */
export function boundedAt<T>(place: Place, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw asLimitError(error, place);
  }
}
