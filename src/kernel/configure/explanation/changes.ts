import type { KconfigSymbol } from '../../../kconfig/index.ts';

/** A value for a person to set. */
export interface Assignment {
  readonly symbol: KconfigSymbol;
  /** `n`, `m`, `y`, or the text of an int, hex or string. */
  readonly value: string;
  /** Where m is asked for, y will not do. */
  readonly exact?: boolean;
}

/** Values to set together. */
export type Way = readonly Assignment[];

/**
 * Ways to one and the same end, none of which contains another; the cheapest first. None at all: it
 * cannot be reached. An empty one among them: nothing has to be set.
 */
export type Ways = readonly Way[];

export const impossible: Ways = [];
export const free: Ways = [[]];

/** How many ways are followed at a time. */
const widest = 12;

/** Symbols that change far more than what they are set for: a last resort. */
const drastic: ReadonlySet<string> = new Set(['COMPILE_TEST', 'MODULES', 'EXPERT', '64BIT', 'NET']);
const drasticCost = 40;

/**
 * What a change costs a person: switching off something that is on, or choosing another member of a
 * choice, takes away more than switching on something that is off.
 */
function costOf({ symbol, value }: Assignment): number {
  if (drastic.has(symbol.name ?? '')) return drasticCost;
  if (value === 'n' || symbol.choice !== undefined) return 4;
  return value === 'm' ? 2 : 3;
}

export function costOfWay(way: Way): number {
  return way.reduce((sum, assignment) => sum + costOf(assignment), 0);
}

function isFree(ways: Ways): boolean {
  return ways[0]?.length === 0;
}

export function eitherOf(left: Ways, right: () => Ways): Ways {
  if (isFree(left)) return left;
  const other = right();
  if (left.length === 0) return other;
  return other.length === 0 ? left : cheapest([...left, ...other]);
}

export function anyOf<T>(items: readonly T[], search: (item: T) => Ways): Ways {
  const found: Way[] = [];
  for (const item of items) {
    const ways = search(item);
    if (isFree(ways)) return free;
    found.push(...ways);
  }
  return cheapest(found);
}

export function bothOf(left: Ways, right: () => Ways): Ways {
  if (left.length === 0) return impossible;
  const other = right();
  if (isFree(left)) return other;
  if (isFree(other)) return left;
  return cheapest(
    left.flatMap((one) => other.map((two) => union(one, two)).filter((way) => way !== undefined)),
  );
}

/** Drops ways that contain another one, and the dearest beyond the limit. */
export function cheapest(ways: Ways): Ways {
  if (ways.length < 2) return ways;
  const sorted = ways
    .map((way) => ({ way, cost: costOfWay(way) }))
    .sort((one, two) => one.cost - two.cost);
  const kept: Way[] = [];
  for (const { way } of sorted) {
    if (kept.length === widest) break;
    if (!kept.some((small) => isWithin(small, way))) kept.push(way);
  }
  return kept;
}

/** All of both; undefined if they contradict each other. Where one asks for m, y mostly will do. */
function union(one: Way, two: Way): Way | undefined {
  const joined = new Map(one.map((assignment) => [assignment.symbol, assignment]));
  for (const assignment of two) {
    const { symbol, value } = assignment;
    const known = joined.get(symbol);
    if (known === undefined) joined.set(symbol, assignment);
    else if (known.value === value) joined.set(symbol, known.exact ? known : assignment);
    else if (known.exact || assignment.exact) return undefined;
    else if (known.value === 'm' && value === 'y') joined.set(symbol, assignment);
    else if (!(known.value === 'y' && value === 'm')) return undefined;
  }
  return [...joined.values()];
}

function isWithin(small: Way, large: Way): boolean {
  return small.every(({ symbol, value, exact = false }) =>
    large.some(
      (other) => other.symbol === symbol && other.value === value && (!exact || other.exact),
    ),
  );
}
