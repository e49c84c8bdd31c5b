import { expect, test } from 'vitest';
import { compareKabi } from '../../src/compare/kabi.ts';
import { exported } from './world.ts';

const stock = [exported('a', 1), exported('b', 2, 'fs/b/b'), exported('c', 3), exported('d', 4)];

test('a list with CRCs, held against what is exported now', () => {
  const symbols = [
    { name: 'a', crc: 1, provider: 'vmlinux' },
    { name: 'b', crc: 2, provider: 'fs/b/b' },
    { name: 'c', crc: 3, provider: 'vmlinux' },
    { name: 'd', crc: 9, provider: 'vmlinux' },
    { name: 'gone', crc: 5, provider: 'vmlinux' },
  ];
  const bundle = [exported('a', 1), exported('b', 2), exported('c', 7), exported('d', 9)];
  expect(compareKabi({ name: 'Module.kabi', symbols }, stock, bundle)).toEqual({
    list: 'Module.kabi',
    symbols: 5,
    kept: 3,
    unchecked: [],
    missing: [{ name: 'gone', provider: 'vmlinux' }],
    changed: [{ name: 'c', from: '0x00000003', to: '0x00000007' }],
    moved: [{ name: 'b', from: 'fs/b/b', to: 'vmlinux' }],
    notStock: ['d'],
  });
});

test('a list of names, for which the CRCs of stock count', () => {
  const symbols = ['a', 'c', 'new', 'b'].map((name) => ({ name, provider: '' }));
  const bundle = [exported('a', 1), exported('c', 7), exported('new', 8)];
  expect(compareKabi({ name: 'list', symbols }, stock, bundle)).toMatchObject({
    kept: 1,
    unchecked: ['new'],
    missing: [{ name: 'b', provider: 'fs/b/b' }],
    changed: [{ name: 'c' }],
    moved: [],
    notStock: [],
  });
});
