import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { wildcardMatcher } from '../../src/hardware/wildcard.ts';
import { run } from '../../src/system/process.ts';
import { findTool } from '../../src/system/tools.ts';

/** Asks the C library, which kmod uses, about pairs of pattern and text. */
async function fnmatch(pairs: readonly (readonly [string, string])[]): Promise<boolean[]> {
  const script = [
    'import ctypes, json, sys',
    'match = ctypes.CDLL(None).fnmatch',
    'match.argtypes = [ctypes.c_char_p, ctypes.c_char_p, ctypes.c_int]',
    'pairs = json.load(sys.stdin)',
    'print(json.dumps([match(p.encode(), t.encode(), 0) == 0 for p, t in pairs]))',
  ].join('\n');
  const { stdout } = await run('python3', ['-c', script], { input: JSON.stringify(pairs) });
  return JSON.parse(stdout);
}

/**
 * Patterns of few letters, so that many match; `[:` would begin a character class. A bracket that
 * breaks off within a range is left out: POSIX leaves open what it means, and kmod refuses it.
 */
const patterns = fc
  .string({
    unit: fc.constantFrom('a', 'b', 'c', '0', '-', '*', '?', '[', ']', '!', '^', '\\'),
    maxLength: 10,
  })
  .filter((pattern) => !/\[[^\]]*-$/.test(pattern));
const texts = fc.string({
  unit: fc.constantFrom('a', 'b', 'c', '0', '-', ']', '[', '\\'),
  maxLength: 8,
});

describe('wildcardMatcher', () => {
  test.each([
    [
      'pci:v00008086d00001572sv*sd*bc*sc*i*',
      'pci:v00008086d00001572sv00008086sd00000006bc02sc00i00',
      true,
    ],
    [
      'pci:v00008086d00001572sv*sd*bc*sc*i*',
      'pci:v00008086d00001573sv00008086sd00000006bc02sc00i00',
      false,
    ],
    ['usb:v0846p9030d00[0-9]*dc*', 'usb:v0846p9030d0012dc00', true],
    ['usb:v0846p9030d00[0-9]*dc*', 'usb:v0846p9030d0A12dc00', false],
    ['*b*b', 'abcb', true],
    ['[!a-c]', 'd', true],
    ['[!a-c]', 'b', false],
    ['[]a]', ']', true],
    ['\\*', '*', true],
    ['\\*', 'a', false],
    ['', '', true],
    ['a', '', false],
  ])('%j and %j: %j', (pattern, text, matches) => {
    expect(wildcardMatcher(pattern)(text)).toBe(matches);
  });

  test.skipIf(findTool('python3') === undefined)('is fnmatch(3) without flags', async () => {
    const pairs = fc.sample(fc.tuple(patterns, texts), { numRuns: 20_000, seed: 7 });
    const said = await fnmatch(pairs);
    expect(said.filter(Boolean).length).toBeGreaterThan(300);
    const differing = pairs.filter(
      ([pattern, text], i) => wildcardMatcher(pattern)(text) !== said[i],
    );
    expect(differing).toEqual([]);
  });

  test('takes a text made of what its wildcards stand for', () => {
    const part = fc.stringMatching(/^[a-zA-Z0-9:_]{0,6}$/);
    fc.assert(
      fc.property(fc.array(fc.tuple(part, part)), part, (parts, end) => {
        const pattern = `${parts.map(([literal]) => `${literal}*`).join('')}${end}`;
        const text = `${parts.map((pair) => pair.join('')).join('')}${end}`;
        expect(wildcardMatcher(pattern)(text)).toBe(true);
      }),
    );
  });

  test('many stars cost no more than pattern times text', () => {
    const matches = wildcardMatcher(`${'*a'.repeat(500)}b`);
    expect(matches('a'.repeat(10_000))).toBe(false);
  });
});
