import { describe, expect, test } from 'vitest';
import { parseSymvers } from '../../../src/kernel/stock/symvers.ts';

describe('lists of exported symbols', () => {
  test('of modpost, with and without a namespace', () => {
    const text =
      '0x8f6bf3a1\tdma_buf_get\tvmlinux\tEXPORT_SYMBOL_GPL\tDMA_BUF\n' +
      '0x00000000\tcrc7_be\tlib/crc7\tEXPORT_SYMBOL\t\n' +
      '0xf9a482f9\tmsleep\tvmlinux\tEXPORT_SYMBOL\n';
    expect(parseSymvers(text)).toEqual([
      { name: 'dma_buf_get', crc: 0x8f6bf3a1, provider: 'vmlinux' },
      { name: 'crc7_be', crc: 0, provider: 'lib/crc7' },
      { name: 'msleep', crc: 0xf9a482f9, provider: 'vmlinux' },
    ]);
  });

  test('what is no such line is left out', () => {
    expect(parseSymvers('\nnonsense\n0x12\tname\n12\tname\tvmlinux\n')).toEqual([]);
  });
});
