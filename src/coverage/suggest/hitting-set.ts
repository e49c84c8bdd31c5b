/** What a choice of items has to meet: one of several ways, each by all of its items. */
export type Goal<Item> = readonly (readonly Item[])[];

export interface Choice<Item> {
  readonly items: ReadonlySet<Item>;
  /** No smaller set of items meets all goals; else it is a good one, and maybe not the smallest. */
  readonly isSmallest: boolean;
}

/** How many partial choices are looked at before the best one so far has to do. */
const patience = 50_000;

/** Fewer items first; of as many, those that weigh less. */
interface Cost {
  readonly count: number;
  readonly weight: number;
}

const isLess = (a: Cost, b: Cost): boolean =>
  a.count !== b.count ? a.count < b.count : a.weight < b.weight;

/** The ways of a goal, without those that hold all of another one: they are never better. */
function leanWays<Item>(goal: Goal<Item>): Goal<Item> {
  const ways = goal.map((way) => [...new Set(way)]).sort((a, b) => a.length - b.length);
  return ways.filter(
    (way, index) =>
      !ways.slice(0, index).some((smaller) => smaller.every((item) => way.includes(item))),
  );
}

/** The goals, each once, without those that are met whenever another one is. */
function leanGoals<Item>(goals: readonly Goal<Item>[]): readonly Goal<Item>[] {
  const isMetBy = (goal: Goal<Item>, way: readonly Item[]): boolean =>
    goal.some((own) => own.every((item) => way.includes(item)));
  const kept: Goal<Item>[] = [];
  // Goals of few ways first: they imply others, and the search does well to begin with them.
  for (const goal of goals.map(leanWays).sort((a, b) => a.length - b.length)) {
    if (!kept.some((other) => other.every((way) => isMetBy(goal, way)))) kept.push(goal);
  }
  return kept;
}

/** The way that meets most goals for each further item, time and again. */
function greedy<Item>(
  goals: readonly Goal<Item>[],
  weigh: (item: Item) => number,
): ReadonlySet<Item> {
  const items = new Set<Item>();
  const isMet = (goal: Goal<Item>, by: ReadonlySet<Item>): boolean =>
    goal.some((way) => way.every((item) => by.has(item)));
  let open = goals.filter((goal) => !isMet(goal, items));
  while (open.length > 0) {
    let best: { way: readonly Item[]; gain: number; weight: number } | undefined;
    for (const way of open.flat()) {
      const added = way.filter((item) => !items.has(item));
      const after = new Set([...items, ...added]);
      const gain = open.filter((goal) => isMet(goal, after)).length / added.length;
      const weight = added.reduce((sum, item) => sum + weigh(item), 0);
      if (best === undefined || gain > best.gain || (gain === best.gain && weight < best.weight)) {
        best = { way, gain, weight };
      }
    }
    for (const item of best?.way ?? []) items.add(item);
    open = open.filter((goal) => !isMet(goal, items));
  }
  return items;
}

/**
 * Picks as few items as meet all goals: a minimum hitting set, where a way may take several items.
 * Exact by branch and bound as long as the patience lasts, which it does for fleets by far; then the
 * best that was found. Of equally few items those that weigh less are taken, and of these the first
 * that was found: the same goals give the same choice.
 *
 * @param goals - each with at least one way
 * @param weigh - what an item costs, such as its bytes; not negative
 */
export function smallestChoice<Item>(
  goals: readonly Goal<Item>[],
  weigh: (item: Item) => number = () => 0,
): Choice<Item> {
  const lean = leanGoals(goals);
  const costOf = (items: ReadonlySet<Item>): Cost => ({
    count: items.size,
    weight: Array.from(items, weigh).reduce((sum, weight) => sum + weight, 0),
  });
  let best = greedy(lean, weigh);
  let bestCost = costOf(best);
  let steps = 0;
  /** A bound: goals that share no item need as many items as they are, at the least. */
  const atLeast = (open: readonly Goal<Item>[], chosen: ReadonlySet<Item>): number => {
    const used = new Set<Item>();
    let count = 0;
    for (const goal of open) {
      const left = goal.flat().filter((item) => !chosen.has(item));
      if (left.some((item) => used.has(item))) continue;
      for (const item of left) used.add(item);
      count += Math.min(...goal.map((way) => way.filter((item) => !chosen.has(item)).length));
    }
    return count;
  };
  const pick = (goalsLeft: readonly Goal<Item>[], chosen: ReadonlySet<Item>): void => {
    steps += 1;
    if (steps > patience) return;
    const open = goalsLeft.filter((goal) => !goal.some((way) => way.every((i) => chosen.has(i))));
    const cost = costOf(chosen);
    const [goal] = open;
    if (goal === undefined) {
      if (isLess(cost, bestCost)) {
        best = chosen;
        bestCost = cost;
      }
      return;
    }
    const bound = { count: cost.count + atLeast(open, chosen), weight: cost.weight };
    if (!isLess(bound, bestCost)) return;
    for (const way of goal) pick(open, new Set([...chosen, ...way]));
  };
  pick(lean, new Set());
  return { items: best, isSmallest: steps <= patience };
}
