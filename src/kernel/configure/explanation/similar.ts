import type { Kconfig, KconfigSymbol } from '../../../kconfig/index.ts';

/** How many names are proposed. */
const mostProposed = 6;

/**
 * Symbols of the tree whose names are nearest to one that it does not have: those in which some
 * letters differ, then those that have all of its words or contain it.
 */
export function similarSymbols(kconfig: Kconfig, name: string): KconfigSymbol[] {
  const wanted = name.toUpperCase();
  const words = wanted.split('_').filter((word) => word !== '');
  const farthest = Math.min(3, Math.max(1, Math.floor(wanted.length / 4)));
  const found: { symbol: KconfigSymbol; score: number }[] = [];
  for (const symbol of kconfig.symbols.values()) {
    if (symbol.menus.length === 0 || symbol.name === undefined) continue;
    const own = symbol.name.toUpperCase();
    const edits = distance(wanted, own, farthest);
    if (edits <= farthest) {
      // One wrong letter of three says little, one of ten is a slip.
      found.push({ symbol, score: (12 * edits) / wanted.length });
      continue;
    }
    const parts = own.split('_');
    const extra = Math.abs(parts.length - words.length);
    const fewer = Math.abs(own.length - wanted.length) / 100;
    const missing = words.filter((word) => !parts.includes(word)).length;
    if (missing === 0) found.push({ symbol, score: 2 + extra / 2 + fewer });
    else if (own.includes(wanted)) found.push({ symbol, score: 4 + extra + fewer });
    else if (wanted.includes(own) && own.length > 3 && own.length * 2 > wanted.length) {
      found.push({ symbol, score: 6 + fewer });
    } else if (missing === 1 && words.length > 2) {
      found.push({ symbol, score: 7 + extra + fewer });
    }
  }
  return found
    .sort((one, two) => one.score - two.score || one.symbol.index - two.symbol.index)
    .slice(0, mostProposed)
    .map(({ symbol }) => symbol);
}

/**
 * How many letters have to be put in, taken out, replaced or swapped with their neighbour to make
 * one text of another; more than `limit` if it takes more (optimal string alignment).
 */
export function distance(one: string, two: string, limit: number): number {
  if (Math.abs(one.length - two.length) > limit) return limit + 1;
  let earlier: number[] = [];
  let last = Array.from({ length: two.length + 1 }, (_, index) => index);
  for (let i = 1; i <= one.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= two.length; j += 1) {
      const same = one[i - 1] === two[j - 1] ? 0 : 1;
      let best = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + same);
      const isSwap = i > 1 && j > 1 && one[i - 1] === two[j - 2] && one[i - 2] === two[j - 1];
      if (isSwap) best = Math.min(best, (earlier[j - 2] ?? 0) + 1);
      row.push(best);
    }
    if (Math.min(...row) > limit) return limit + 1;
    earlier = last;
    last = row;
  }
  return last[two.length] ?? limit + 1;
}
