import { expect, test } from 'vitest';
import { parseFragment, readFragment } from '../../../src/kernel/configure/wishes.ts';

test('each line of a fragment is a setting that knows its line; the last of a symbol counts', () => {
  const text =
    '# a comment\nCONFIG_A=y\n\n# CONFIG_B is not set\nCONFIG_A=m\nCONFIG_S="a \\"b\\""\nCONFIG_N=0x10\n';
  expect(parseFragment(text, 'my.config')).toEqual([
    { symbol: 'A', value: 'm', reason: '--fragment my.config:5' },
    { symbol: 'B', value: 'n', reason: '--fragment my.config:4' },
    { symbol: 'S', value: 'a "b"', reason: '--fragment my.config:6' },
    { symbol: 'N', value: '0x10', reason: '--fragment my.config:7' },
  ]);
});

test('a file without any is none', async () => {
  await expect(readFragment('package.json')).rejects.toMatchObject({
    code: 'BW-CONFIG-NOT-A-CONFIG',
  });
  await expect(readFragment('/nowhere/f')).rejects.toMatchObject({ code: 'BW-FILE-MISSING' });
});
