import type { Configuration, KconfigSymbol } from '../../../kconfig/index.ts';
import { definedAt, type Explanation, explainLack, explainValue, nameOf } from '../explain.ts';
import type { Origins } from '../origin.ts';
import { costOfWay, type Way, type Ways } from './changes.ts';
import { WaySearch } from './ways.ts';

/** A symbol that a change takes along, and why. */
export interface Consequence extends Explanation {
  readonly symbol: KconfigSymbol;
  readonly from: string;
  readonly to: string;
}

/** A way that was tried and leads to the value. */
export interface Attempt {
  readonly way: Way;
  readonly cost: number;
  readonly after: Configuration;
  /** Bools and tristates that rise and fall with it, without what is set or asked about. */
  readonly risen: readonly KconfigSymbol[];
  readonly fallen: readonly KconfigSymbol[];
}

/** How many of the proposals are tried. */
const mostTried = 8;
/** Longer ways are not searched for what is needless: that takes too long. */
const mostReduced = 16;
/** How many values are set on the way to try them all; a value costs half a millisecond. */
const patience = 800;
/** How many ways out of one that does not lead there are tried. */
const mostAmendments = 4;

/**
 * Tries each way on a copy of the values, leaves out what turns out needless, and keeps those that
 * lead to the value; the one that costs and takes away least comes first.
 */
export function tryWays(
  before: Configuration,
  symbol: KconfigSymbol,
  value: 'n' | 'm' | 'y',
  ways: Ways,
): Attempt[] {
  const attempts: Attempt[] = [];
  const seen = new Set<string>();
  let spent = 0;
  for (const proposal of ways.slice(0, mostTried)) {
    // The first one is tried in any case.
    if (spent > 0 && spent + proposal.length > patience) break;
    spent += proposal.length * (proposal.length > mostReduced ? 2 : proposal.length + 1);
    const leading = leadsTo(before, symbol, value, proposal)
      ? proposal
      : amended(before, symbol, value, proposal);
    if (leading === undefined) continue;
    const found = reduced(before, symbol, value, leading);
    // What is asked for comes first.
    const way = [
      ...found.filter((one) => one.symbol === symbol),
      ...found.filter((one) => one.symbol !== symbol),
    ];
    const key = way
      .map((one) => `${one.symbol.index}=${one.value}`)
      .sort()
      .join(' ');
    if (seen.has(key)) continue;
    seen.add(key);
    const after = applied(before, way);
    attempts.push({ way, cost: costOfWay(way), after, ...shifts(before, after, way, symbol) });
  }
  const weight = ({ cost, fallen }: Attempt): number => cost + fallen.length;
  return attempts.sort((one, two) => weight(one) - weight(two));
}

/** The symbols that a way takes along, each with its reason. */
export function consequences(
  { after, risen, fallen }: Attempt,
  before: Configuration,
  origins: Origins,
): { rises: Consequence[]; falls: Consequence[] } {
  const change = (symbol: KconfigSymbol, why: Explanation): Consequence => ({
    symbol,
    from: before.get(symbol),
    to: after.get(symbol),
    ...why,
  });
  return {
    rises: risen.map((symbol) => change(symbol, explainValue(symbol, after))),
    falls: fallen.map((symbol) => {
      const chosen = symbol.choice && after.selection(symbol.choice);
      const why =
        chosen !== undefined && chosen !== symbol && after.visibility(symbol) > 0
          ? { reason: `${nameOf(chosen)} is chosen instead`, location: definedAt(symbol) }
          : explainLack(symbol, before.tristate(symbol), after, origins);
      return change(symbol, why);
    }),
  };
}

function applied(before: Configuration, way: Way): Configuration {
  const after = before.clone();
  for (const { symbol, value } of way) after.set(symbol, value);
  return after;
}

function leadsTo(before: Configuration, symbol: KconfigSymbol, value: string, way: Way): boolean {
  return isAcceptable(before, way) && applied(before, way).get(symbol) === value;
}

/** Whether each value is one of its symbol's type. */
function isAcceptable(before: Configuration, way: Way): boolean {
  try {
    applied(before, way);
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** Where one change undoes what another relies on: the way with what it lacks then. */
function amended(
  before: Configuration,
  symbol: KconfigSymbol,
  value: 'n' | 'm' | 'y',
  proposal: Way,
): Way | undefined {
  if (!isAcceptable(before, proposal)) return undefined;
  const further = new WaySearch(applied(before, proposal)).reach(symbol, value);
  return further
    .slice(0, mostAmendments)
    .map((more) => [...new Map([...proposal, ...more].map((one) => [one.symbol, one])).values()])
    .find((way) => leadsTo(before, symbol, value, way));
}

/** The way without what it can do without; a long one as it is. */
function reduced(before: Configuration, symbol: KconfigSymbol, value: string, proposal: Way): Way {
  let way = proposal;
  if (way.length > mostReduced) return way;
  for (const assignment of proposal) {
    // What is asked for stays in the list, even if the file says it already.
    if (assignment.symbol === symbol) continue;
    const less = way.filter((one) => one !== assignment);
    if (leadsTo(before, symbol, value, less)) way = less;
  }
  return way;
}

function shifts(
  before: Configuration,
  after: Configuration,
  way: Way,
  asked: KconfigSymbol,
): Pick<Attempt, 'risen' | 'fallen'> {
  const set = new Set([asked, ...way.map((one) => one.symbol)]);
  const risen: KconfigSymbol[] = [];
  const fallen: KconfigSymbol[] = [];
  for (const symbol of before.kconfig.symbols.values()) {
    if (symbol.menus.length === 0 || set.has(symbol)) continue;
    if (symbol.type !== 'bool' && symbol.type !== 'tristate') continue;
    const was = before.tristate(symbol);
    const is = after.tristate(symbol);
    if (is > was) risen.push(symbol);
    else if (is < was) fallen.push(symbol);
  }
  return { risen, fallen };
}
