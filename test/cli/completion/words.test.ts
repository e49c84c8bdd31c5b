import { homedir } from 'node:os';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { joinAtEquals, unquoted } from '../../../src/cli/completion/words.ts';
import { shellQuote } from '../../../src/system/process.ts';

test.each([
  [['prove', '--nic', '=', 'vir'], ['prove', '--nic=vir'], 6],
  [['prove', '--nic', '='], ['prove', '--nic='], 6],
  [['prove', '--nic', '=', 'virtio', '--fi'], ['prove', '--nic=virtio', '--fi'], 0],
  [['--define', '=', 'a', '=', 'b'], ['--define=a=b'], 11],
  [['build', '--scope', 'fleet', '=', 'x'], ['build', '--scope', 'fleet=x'], 6],
  [['prove', '--nic=vir'], ['prove', '--nic=vir'], 0],
  [['='], ['='], 0],
  [[''], [''], 0],
])('%j is joined to %j', (words, joined, split) => {
  expect(joinAtEquals(words)).toEqual({ words: joined, split });
});

test.each([
  ['my\\ dir', 'my dir'],
  ["'my dir'/x", 'my dir/x'],
  ['"a \\"b\\" \\c"', 'a "b" \\c'],
  ["'open", 'open'],
  ['"open', 'open'],
  ['~', homedir()],
  ['~/linux', `${homedir()}/linux`],
  ["'~/linux'", '~/linux'],
  ['a~b', 'a~b'],
  ['$(reboot)', '$(reboot)'],
])('%s means %j', (word, meaning) => {
  expect(unquoted(word)).toBe(meaning);
});

test('what was quoted for a shell comes back', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary-ascii' }), (text) => {
      fc.pre(!text.startsWith('~'));
      expect(unquoted(shellQuote(text))).toBe(text);
    }),
  );
});
