import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Goal, smallestChoice } from '../../../src/coverage/suggest/hitting-set.ts';

const isMet = (goal: Goal<number>, items: ReadonlySet<number>): boolean =>
  goal.some((way) => way.every((item) => items.has(item)));

/** Goals over the items 0 to 6, each with one to four ways of one to three items. */
const goals: fc.Arbitrary<readonly Goal<number>[]> = fc.array(
  fc.array(fc.uniqueArray(fc.nat(6), { minLength: 1, maxLength: 3 }), {
    minLength: 1,
    maxLength: 4,
  }),
  { maxLength: 8 },
);

/** All sets of the items 0 to 6. */
const everySet = Array.from(
  { length: 128 },
  (_, bits) =>
    new Set(Array.from({ length: 7 }, (__, item) => item).filter((i) => (bits >> i) & 1)),
);

describe('smallestChoice', () => {
  test('meets every goal, by no more items and no heavier ones than any other set that does', () => {
    fc.assert(
      fc.property(goals, fc.array(fc.nat(9), { minLength: 7, maxLength: 7 }), (list, weights) => {
        const weigh = (item: number): number => weights[item] ?? 0;
        const { items, isSmallest } = smallestChoice(list, weigh);
        expect(list.every((goal) => isMet(goal, items))).toBe(true);
        expect(isSmallest).toBe(true);
        const cost = (set: ReadonlySet<number>): number =>
          1000 * set.size + Array.from(set, weigh).reduce((sum, weight) => sum + weight, 0);
        const best = Math.min(
          ...everySet.filter((set) => list.every((goal) => isMet(goal, set))).map(cost),
        );
        expect(cost(items)).toBe(best);
      }),
    );
  });

  test('takes nothing where nothing is asked', () => {
    expect(smallestChoice([])).toEqual({ items: new Set(), isSmallest: true });
  });

  test('finds the one driver that two machines have in common, where greed for cards would not', () => {
    const { items } = smallestChoice([
      [['a'], ['x']],
      [['b'], ['x']],
      [['b'], ['c']],
      [['a'], ['c']],
    ]);
    expect(items.size).toBe(2);
  });

  test('says that it does not know, where the ways are too many to be tried', () => {
    // Each item meets three goals of forty that overlap at random: bounds are weak there.
    const list = Array.from({ length: 90 }, (_, goal) =>
      Array.from({ length: 9 }, (__, way) => [(goal * 37 + way * way * 11 + goal * way * 7) % 61]),
    );
    const { items, isSmallest } = smallestChoice(list);
    expect(list.every((goal) => isMet(goal, items))).toBe(true);
    expect(isSmallest).toBe(false);
  });
});
