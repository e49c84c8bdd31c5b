import { expect, test } from 'vitest';
import { differingSymbols, type EngineRun, renderEngines } from '../../bench/kconfig-table.ts';

const run = (elapsed: number, extra: Partial<EngineRun> = {}): EngineRun => ({
  elapsed,
  cpu: elapsed,
  peak: 30e6,
  differing: 0,
  ...extra,
});

test('ratios are to the first program, and what a program does not tell is a dash', () => {
  const rendered = renderEngines([
    { name: 'conf', runs: [run(500), run(1000)] },
    {
      name: 'ours',
      runs: [
        run(1000, { parts: { parse: 600, evaluate: 300, promote: 90 }, peak: 180e6 }),
        run(4000, { parts: { parse: 800, evaluate: 300, promote: 110 }, peak: 182e6 }),
      ],
    },
  ]);
  expect(rendered.split('\n').slice(2)).toEqual([
    '| conf | – | – | – | 0.75 | 1.00 | 0.75 | 30 | as conf |',
    '| ours | 0.70 | 0.30 | 0.10 | 2.50 | 3.00 | 2.50 | 181 | as conf |',
  ]);
});

test('a program that fails has a row with its reason, and one that differs says how much', () => {
  const rendered = renderEngines([
    { name: 'conf', runs: [run(500)] },
    { name: 'other', failure: 'unknown tokens in line' },
    { name: 'third', runs: [run(500, { differing: 2 })] },
  ]);
  expect(rendered).toContain('| other | – | – | – | – | – | – | – | unknown tokens in line |');
  expect(rendered).toContain('| 2 symbols differ |');
});

test('symbols are compared whatever their order and the comments around', () => {
  const one = '# a heading\nCONFIG_A=y\n# CONFIG_B is not set\nCONFIG_C="x"\n';
  expect(differingSymbols(one, 'CONFIG_C="x"\n# CONFIG_B is not set\nCONFIG_A=y\n')).toBe(0);
  expect(differingSymbols(one, 'CONFIG_A=m\nCONFIG_B=m\nCONFIG_D=y\nCONFIG_C="x"\n')).toBe(3);
});
