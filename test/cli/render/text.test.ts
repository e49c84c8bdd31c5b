import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  cutEnd,
  cutStart,
  formatCount,
  formatDuration,
  printable,
  wrapWords,
} from '../../../src/cli/render/text.ts';

test.each([
  [0, '0.0 s', '0 s'],
  [449, '0.4 s', '0 s'],
  [12_340, '12.3 s', '12 s'],
  [59_940, '59.9 s', '1 min 00 s'],
  [59_960, '1 min 00 s', '1 min 00 s'],
  [125_000, '2 min 05 s', '2 min 05 s'],
  [3_599_400, '59 min 59 s', '59 min 59 s'],
  [3_599_600, '1 h 00 min', '1 h 00 min'],
  [7_380_000, '2 h 03 min', '2 h 03 min'],
])('formatDuration(%d)', (milliseconds, exact, rough) => {
  expect(formatDuration(milliseconds)).toBe(exact);
  expect(formatDuration(milliseconds, false)).toBe(rough);
});

test('formatCount', () => expect(formatCount(1_234_567)).toBe('1,234,567'));

describe('printable', () => {
  test('takes escape sequences and control characters out', () => {
    expect(printable('a\x1b[31mred\x1b[0m\tb\r\n\x07\x9b31m\x1b]0;title\x07c')).toBe('ared  bc');
  });

  test('leaves nothing that a terminal would act on', () => {
    const nasty = fc.string({
      unit: fc.constantFrom('\x1b', '[', '3', 'm', '\x07', 'a', '\n', '\x9b', ']'),
    });
    fc.assert(
      fc.property(nasty, (text) => {
        expect(printable(text)).not.toMatch(/[\x00-\x1f\x7f-\x9f]/);
      }),
    );
  });
});

test('cutting keeps the width', () => {
  expect(cutEnd('abcdef', 6)).toBe('abcdef');
  expect(cutEnd('abcdef', 4)).toBe('abc…');
  expect(cutStart('drivers/net/a.o', 7)).toBe('…et/a.o');
  fc.assert(
    fc.property(fc.string(), fc.integer({ min: -2, max: 40 }), (text, width) => {
      expect(cutEnd(text, width).length).toBeLessThanOrEqual(Math.max(0, width, 0));
      expect(cutStart(text, width).length).toBeLessThanOrEqual(Math.max(0, width, 0));
    }),
  );
});

test('wrapping loses no word and keeps the width', () => {
  const words = fc.array(fc.stringMatching(/^[a-z]{1,10}$/), { minLength: 1 });
  fc.assert(
    fc.property(words, (all) => {
      const lines = wrapWords(all.join(' '), 12);
      expect(lines.join(' ').split(' ')).toEqual(all);
      for (const line of lines) expect(line.length).toBeLessThanOrEqual(12);
    }),
  );
  expect(wrapWords('a longerthantheline b', 8)).toEqual(['a', 'longerthantheline', 'b']);
});
