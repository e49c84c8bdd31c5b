import { describe, expect, test } from 'vitest';
import { vermagicFlags, vermagicProblem } from '../../../src/kernel/modules/vermagic.ts';

const values = (...symbols: string[]) => new Map(symbols.map((symbol) => [symbol, 'y']));

describe('vermagicFlags', () => {
  test('follows the config, in the kernel’s order', () => {
    expect(vermagicFlags(values('MODVERSIONS', 'MODULE_UNLOAD', 'SMP'))).toEqual([
      'SMP',
      'mod_unload',
      'modversions',
    ]);
  });

  test('knows preemption by both its symbols', () => {
    expect(vermagicFlags(values('PREEMPT_BUILD', 'PREEMPT_DYNAMIC'))).toEqual(['preempt']);
    expect(vermagicFlags(values('PREEMPT'))).toEqual(['preempt']);
    expect(vermagicFlags(values('PREEMPT_RT'))).toEqual(['preempt_rt']);
    expect(vermagicFlags(values('PREEMPT_VOLUNTARY'))).toEqual([]);
  });
});

describe('vermagicProblem', () => {
  const flags = ['SMP', 'mod_unload'];

  test('takes the expected one, with the trailing blank and the seed that kernels add', () => {
    expect(vermagicProblem('6.1.0-1 SMP mod_unload ', '6.1.0-1', flags)).toBeUndefined();
    expect(
      vermagicProblem('6.1.0-1 SMP mod_unload RANDSTRUCT_12ab', '6.1.0-1', flags),
    ).toBeUndefined();
  });

  test.each([
    [undefined, /no vermagic/],
    ['6.1.0-2 SMP mod_unload ', /of "6.1.0-2", not "6.1.0-1"/],
    ['6.1.0-1+ SMP mod_unload ', /of "6.1.0-1\+"/],
    ['6.1.0-1 SMP preempt mod_unload ', /has "SMP preempt mod_unload"/],
    ['6.1.0-1 SMP ', /the config leads to "SMP mod_unload"/],
  ])('refuses %s', (vermagic, problem) => {
    expect(vermagicProblem(vermagic, '6.1.0-1', flags)).toMatch(problem);
  });
});
