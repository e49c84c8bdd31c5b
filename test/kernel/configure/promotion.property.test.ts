import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Configuration,
  configure,
  parseConfig,
  writeConfig,
} from '../../../src/kconfig/index.ts';
import type { FleetScope } from '../../../src/kernel/configure/fleet/find-symbols.ts';
import { promote } from '../../../src/kernel/configure/promotion.ts';
import { frame, kconfigOf, stockOf, symbolNamed } from './snippet.ts';

/**
 * Random Kconfigs of up to ten symbols: each may depend only on those before it, and select only
 * those before it, so there are no recursions.
 */
const count = 10;
const plansOfAll = Array.from({ length: count }, (_, index) => index);
const name = (index: number): string => `S${index}`;

interface Plan {
  readonly tristate: boolean;
  readonly prompt: boolean;
  readonly condition: string | undefined;
  readonly byDefault: string | undefined;
  readonly selected: number | undefined;
  readonly value: 'n' | 'm' | 'y';
  readonly network: boolean;
}

const condition = (before: number): fc.Arbitrary<string | undefined> => {
  if (before === 0) return fc.constant(undefined);
  const { tree } = fc.letrec<{ tree: string; leaf: string }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 2, withCrossShrink: true },
      tie('leaf'),
      fc
        .tuple(tie('tree'), fc.constantFrom('&&', '||'), tie('tree'))
        .map(([left, operator, right]) => `(${left} ${operator} ${right})`),
      tie('tree').map((inner) => `!${inner.startsWith('(') ? inner : `(${inner})`}`),
    ),
    leaf: fc
      .tuple(fc.nat(before - 1), fc.constantFrom('', '', '', '=y', '=m', '=n', '!=m', '!=n'))
      .map(([index, comparison]) => name(index) + comparison),
  }));
  return fc.option(tree, { nil: undefined });
};

const plans: fc.Arbitrary<Plan[]> = fc.tuple(
  ...Array.from({ length: count }, (_, index) =>
    fc.record<Plan>({
      tristate: fc.oneof(fc.constant(true), fc.boolean()),
      prompt: fc.oneof(fc.constant(true), fc.boolean()),
      condition: condition(index),
      byDefault: fc
        .option(fc.oneof(fc.constantFrom('y', 'm'), condition(index)), {
          nil: undefined,
        })
        .map((text) => text ?? undefined),
      selected:
        index === 0
          ? fc.constant(undefined)
          : fc.option(fc.nat(index - 1), { nil: undefined, freq: 3 }),
      value: fc.constantFrom('m', 'm', 'y', 'n'),
      network: fc.boolean(),
    }),
  ),
);

function entryText(plan: Plan, index: number): string {
  const type = plan.tristate ? 'tristate' : 'bool';
  return [
    `config ${name(index)}`,
    `\t${type}${plan.prompt ? ` "Symbol ${index}"` : ''}`,
    plan.condition === undefined ? '' : `\tdepends on ${plan.condition}`,
    plan.byDefault === undefined ? '' : `\tdefault ${plan.byDefault}`,
    plan.selected === undefined ? '' : `\tselect ${name(plan.selected)}`,
    '',
  ]
    .filter((line, position, all) => line !== '' || position === all.length - 1)
    .join('\n');
}

function textOf(list: readonly Plan[]): string {
  const part = (network: boolean): string =>
    list.map((plan, index) => (plan.network === network ? entryText(plan, index) : '')).join('');
  return frame(part(true), part(false));
}

/** The scope of a fleet that needs the drivers of some symbols, or of all network devices. */
function scopeOf(fleet: readonly number[] | undefined): 'network-devices' | FleetScope {
  if (fleet === undefined) return 'network-devices';
  return {
    name: 'fleet',
    members: fleet.map((index) => ({
      driver: { module: name(index), machines: [] },
      symbols: [name(index)],
    })),
    buses: [],
  };
}

describe('promotion of random Kconfigs', () => {
  it('keeps its promises', async () => {
    let promotions = 0;
    let raises = 0;
    await fc.assert(
      fc.asyncProperty(plans, fc.option(fc.subarray([...plansOfAll])), async (list, chosen) => {
        // Symbols of the two halves refer to each other; that can make a recursion after all.
        const kconfig = await kconfigOf(textOf(list)).catch(() => undefined);
        fc.pre(kconfig !== undefined);
        if (kconfig === undefined) return;
        const stockText = stockOf(
          kconfig,
          Object.fromEntries([
            ['MODULES', 'y'],
            ['NETDEVICES', 'y'],
            ...list.map((plan, index) => [name(index), plan.value]),
          ]),
        );
        // A fleet whose drivers stock leaves out is refused.
        const settled = configure(kconfig, parseConfig(stockText, kconfig));
        const fleet = chosen?.filter(
          (index) => settled.tristate(symbolNamed(kconfig, name(index))) > 0,
        );
        const isWanted = (index: number): boolean =>
          fleet === undefined ? list[index]?.network === true : fleet.includes(index);
        const { report, stock, netboot, configText } = promote({
          kconfig,
          stock: stockText,
          scope: scopeOf(fleet),
          requested: [],
        });
        promotions += 1;
        raises += report.raised.length;
        const listed = (
          section: 'lost' | 'enabled' | 'selected' | 'raised' | 'promoted' | 'stuck',
        ) => new Set(report[section].map(({ symbol }) => symbol));
        const [lost, enabled, selected, raised, promoted, stuck] = (
          ['lost', 'enabled', 'selected', 'raised', 'promoted', 'stuck'] as const
        ).map(listed) as [
          Set<string>,
          Set<string>,
          Set<string>,
          Set<string>,
          Set<string>,
          Set<string>,
        ];

        // The result evaluates to itself.
        expect(writeConfig(configure(kconfig, parseConfig(configText, kconfig)))).toBe(configText);
        list.forEach((plan, index) => {
          const symbol = symbolNamed(kconfig, name(index));
          const before = stock.tristate(symbol);
          const after = netboot.tristate(symbol);
          // Nothing is lost or comes on without a word.
          expect(lost.has(name(index))).toBe(after < before);
          expect(enabled.has(name(index))).toBe(before === 0 && after > 0);
          // Only modules are raised, and no n is set to anything by hand.
          if (raised.has(name(index))) expect([before, after]).toEqual([1, 2]);
          if (before === 0 && netboot.user(symbol) !== undefined) {
            expect(netboot.user(symbol)).toBe('n');
          }
          // A driver that comes on is one that no raise by hand can be blamed for.
          if (before === 0 && after > 0 && plan.prompt && plan.tristate) {
            expect(netboot.selectedValue(symbol)).toBeGreaterThan(0);
          }
          if (before === 1 && after === 2) {
            const all = [selected, raised, promoted].filter((one) => one.has(name(index)));
            expect(all).toHaveLength(1);
          }
          if (isWanted(index) && plan.tristate && before === 1) {
            expect(promoted.has(name(index))).toBe(after === 2);
            expect(stuck.has(name(index))).toBe(after !== 2);
          }
        });
        // Each raise by hand is needed.
        const tally = (
          values: Configuration,
        ): Record<'unmet' | 'fallen' | 'risen' | 'strained', number> => {
          const result = { unmet: 0, fallen: 0, risen: 0, strained: 0 };
          result.strained = values.unmetDependencies().length;
          list.forEach((plan, index) => {
            const symbol = symbolNamed(kconfig, name(index));
            const before = stock.tristate(symbol);
            const after = values.tristate(symbol);
            if (isWanted(index) && plan.tristate && before === 1 && after < 2) result.unmet += 1;
            if (after < before) result.fallen += 1;
            if (before === 0 && after > 0) result.risen += 1;
          });
          return result;
        };
        const reached = tally(netboot);
        for (const symbol of raised) {
          const without = netboot.clone();
          without.set(symbolNamed(kconfig, symbol), 'm');
          const { unmet, fallen, risen, strained } = tally(without);
          const isWorse =
            unmet > reached.unmet ||
            fallen > reached.fallen ||
            risen > reached.risen ||
            strained > reached.strained;
          expect([symbol, isWorse]).toEqual([symbol, true]);
        }
      }),
      // Of a hundred random Kconfigs, one has no recursion.
      { numRuns: Number(process.env.BOOTWRIGHT_RUNS ?? 200), maxSkipsPerRun: 1000 },
    );
    // The random Kconfigs are not all trivial.
    expect(promotions).toBeGreaterThan(50);
    expect(raises).toBeGreaterThan(0);
  }, 60_000);
});
