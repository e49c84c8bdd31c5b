import type { KconfigSymbol } from '../../kconfig/index.ts';
import { type Alternatives, isSubset, type RaiseSet } from './need.ts';

/** How many partial choices are looked at before the best one so far has to do. */
const patience = 20_000;

/**
 * Picks one way for each goal so that all of them together raise as few symbols as possible: exact
 * as long as the patience lasts, which it does by far on kernel trees. Of equally small ones the
 * first in the order of the Kconfig files wins, so the result does not depend on chance.
 *
 * @param goals - the ways of each goal; none of them may be impossible
 * @returns the union of the ways picked
 */
export function smallestCover(goals: readonly Alternatives[]): Set<KconfigSymbol> {
  const chosen = new Set<KconfigSymbol>();
  for (const ways of goals) {
    if (ways.length === 1) for (const symbol of ways[0] ?? []) chosen.add(symbol);
  }
  const isMet = (ways: Alternatives): boolean =>
    ways.some((way) => way.every((symbol) => chosen.has(symbol)));
  const open = distinct(goals.filter((ways) => ways.length > 1 && !isMet(ways)));
  if (open.length === 0) return chosen;

  let best: ReadonlySet<KconfigSymbol> | undefined;
  let steps = 0;
  const pick = (position: number, sofar: ReadonlySet<KconfigSymbol>): void => {
    steps += 1;
    if (best !== undefined && (sofar.size >= best.size || steps > patience)) return;
    const ways = open[position];
    if (ways === undefined) {
      best = sofar;
      return;
    }
    const missing = ways.map((way) => way.filter((symbol) => !sofar.has(symbol)));
    if (missing.some((way) => way.length === 0)) {
      pick(position + 1, sofar);
      return;
    }
    for (const way of missing.sort((one, two) => one.length - two.length)) {
      pick(position + 1, new Set([...sofar, ...way]));
    }
  };
  pick(0, chosen);
  return new Set(best ?? chosen);
}

/** The symbols that every way of some goal raises: there is no doing without them. */
export function indispensable(goals: readonly Alternatives[]): Set<KconfigSymbol> {
  const found = new Set<KconfigSymbol>();
  for (const [first, ...others] of goals) {
    for (const symbol of first ?? []) {
      if (others.every((way) => way.includes(symbol))) found.add(symbol);
    }
  }
  return found;
}

/** Leaves out goals that are met whenever another one is. */
function distinct(goals: readonly Alternatives[]): Alternatives[] {
  const kept: Alternatives[] = [];
  const isImplied = (ways: Alternatives, by: Alternatives): boolean =>
    by.every((way) => ways.some((small: RaiseSet) => isSubset(small, way)));
  for (const ways of goals) {
    if (!kept.some((other) => isImplied(ways, other))) kept.push(ways);
  }
  return kept;
}
