import { describe, expect, it } from 'vitest';
import { configure, parseConfig } from '../../../src/kconfig/index.ts';
import { indispensable, smallestCover } from '../../../src/kernel/configure/cover.ts';
import { type Alternatives, NeedSearch } from '../../../src/kernel/configure/need.ts';
import { kconfigOf, symbolNamed } from './snippet.ts';

const head = 'config MODULES\n\tbool "Modules"\n\tmodules\n';
const tristate = (name: string, dependency?: string): string =>
  `config ${name}\n\ttristate "${name}"\n${dependency === undefined ? '' : `\tdepends on ${dependency}\n`}`;

/** The ways to lift X, as sets of names. */
async function waysToLift(body: string, values: string[]): Promise<string[][]> {
  const kconfig = await kconfigOf(head + body);
  const config = ['MODULES=y', ...values].map((line) => `CONFIG_${line}\n`).join('');
  const stock = configure(kconfig, parseConfig(config, kconfig));
  const need = new NeedSearch({
    configuration: stock,
    stock: (symbol) => stock.tristate(symbol),
    granted: new Set(),
    requested: new Set(),
    banned: new Set(),
  });
  return need
    .lift(symbolNamed(kconfig, 'X'), 2)
    .map((way) => way.map(({ name }) => name ?? '').sort());
}

describe('NeedSearch', () => {
  it('lists every way of an OR, the smallest first', async () => {
    const body = tristate('A') + tristate('B', 'A') + tristate('C') + tristate('X', 'B || C');
    expect(await waysToLift(body, ['A=m', 'B=m', 'C=m', 'X=m'])).toEqual([['C'], ['A', 'B']]);
  });

  it('drops ways that contain another', async () => {
    const body = tristate('A') + tristate('B') + tristate('X', '(A && B) || A');
    expect(await waysToLift(body, ['A=m', 'B=m', 'X=m'])).toEqual([['A']]);
  });

  it('finds nothing where something off would have to come on', async () => {
    const body = tristate('A') + tristate('B') + tristate('X', 'A && (B || A=m)');
    expect(await waysToLift(body, ['A=m', 'X=m'])).not.toEqual([]);
    const off = tristate('A') + tristate('B') + tristate('X', 'm || B');
    expect(await waysToLift(off, ['X=m'])).toEqual([]);
  });

  it('survives symbols that select each other in a ring', async () => {
    const body =
      'config A\n\ttristate\n\tdefault B\nconfig B\n\ttristate\n\tselect A if C\nconfig C\n\ttristate "C"\n' +
      tristate('X', 'A');
    await expect(waysToLift(body, ['X=m', 'C=m'])).resolves.toEqual([]);
  });
});

describe('smallestCover', () => {
  const ways = async (...goals: string[][]): Promise<Alternatives[]> => {
    const names = [...new Set(goals.flat().join('').replace(/\W/g, ''))].sort();
    const kconfig = await kconfigOf(head + names.map((name) => tristate(name)).join(''));
    return goals.map((goal) =>
      goal.map((way) => [...way].map((name) => symbolNamed(kconfig, name))),
    );
  };
  const namesOf = (set: Iterable<{ name: string | undefined }>): string =>
    [...set]
      .map(({ name }) => name)
      .sort()
      .join('');

  it('shares what several goals need', async () => {
    const goals = await ways(['A', 'B'], ['B', 'C'], ['C', 'D', 'B']);
    expect(namesOf(smallestCover(goals))).toBe('B');
  });

  it('finds the smallest where taking the best of each goal would not', async () => {
    const goals = await ways(['A', 'XY'], ['B', 'XY'], ['C', 'XY']);
    expect(namesOf(smallestCover(goals))).toBe('XY');
  });

  it('takes the first of equals', async () => {
    expect(namesOf(smallestCover(await ways(['B', 'A'])))).toBe('B');
  });

  it('knows what no way can do without', async () => {
    expect(namesOf(indispensable(await ways(['AB', 'AC'], ['D'])))).toBe('AD');
  });
});
