import { describe, expect, test } from 'vitest';
import { configDifferences, readConfigValues } from '../../../src/kernel/compile/config-values.ts';

describe('readConfigValues', () => {
  test('reads values, strings and what is not set', () => {
    expect([
      ...readConfigValues(
        '# x86_64\nCONFIG_SMP=y\nCONFIG_HZ=250\nCONFIG_A="a=b"\n# CONFIG_B is not set\n# CONFIG_C is\n',
      ),
    ]).toEqual([
      ['SMP', 'y'],
      ['HZ', '250'],
      ['A', '"a=b"'],
      ['B', 'n'],
    ]);
  });

  test('lets the last line win', () => {
    expect(readConfigValues('CONFIG_A=y\n# CONFIG_A is not set\n').get('A')).toBe('n');
  });
});

describe('configDifferences', () => {
  test('counts absent as n, and lists every change by name', () => {
    const asked = readConfigValues('CONFIG_A=y\nCONFIG_B=m\n# CONFIG_C is not set\nCONFIG_D=1\n');
    const found = readConfigValues('CONFIG_A=y\nCONFIG_B=y\nCONFIG_E=m\n# CONFIG_F is not set\n');
    expect(configDifferences(asked, found)).toEqual([
      { symbol: 'B', asked: 'm', found: 'y' },
      { symbol: 'D', asked: '1', found: 'n' },
      { symbol: 'E', asked: 'n', found: 'm' },
    ]);
  });
});
