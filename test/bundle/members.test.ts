import { isAbsolute, normalize, relative, resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isMemberName, memberJudge } from '../../src/bundle/members.ts';

describe('isMemberName', () => {
  test.each(['boot/vmlinuz-5.14.0', 'lib/modules/6.1.0+x~y/kernel/a b.ko', '...', 'a/..b'])(
    'takes %j',
    (name) => expect(isMemberName(name)).toBe(true),
  );

  test.each([
    '',
    '/',
    '/etc/passwd',
    '..',
    '../x',
    'a/../../x',
    'a/..',
    './a',
    'a/./b',
    'a//b',
    'a/',
    'a\\..\\b',
    'a\nb',
    'a\0b',
    'ä',
    'a\x1b[2J',
    'x'.repeat(256),
    `${'x/'.repeat(600)}x`,
  ])('refuses %j', (name) => expect(isMemberName(name)).toBe(false));

  test('whatever it takes stays inside and is its own shortest form', () => {
    const part = fc.oneof(fc.constantFrom('..', '.', '', 'a', 'b', '\\', '\0'), fc.string());
    fc.assert(
      fc.property(fc.array(part), (parts) => {
        const name = parts.join('/');
        if (!isMemberName(name)) return;
        const inside = relative('/jail', resolve('/jail', name));
        expect(isAbsolute(name)).toBe(false);
        expect(inside).toBe(name);
        expect(normalize(name)).toBe(name);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('memberJudge', () => {
  const judgeAll = (...heads: readonly (readonly [string, string | null])[]) => {
    const judge = memberJudge();
    return heads.map(([name, type]) => {
      const judged = judge({ name, type });
      return typeof judged === 'string' ? judged : { reason: judged.reason };
    });
  };

  test('takes files and folders, with or without the folders first', () => {
    expect(
      judgeAll(['a/', 'directory'], ['a/b', 'file'], ['c/d/e', 'file'], ['c/d', 'directory']),
    ).toEqual(['a', 'a/b', 'c/d/e', 'c/d']);
  });

  test.each([
    'link',
    'symlink',
    'character-device',
    'block-device',
    'fifo',
    'contiguous-file',
    null,
  ])('refuses a member of the kind %s', (type) =>
    expect(judgeAll(['a', type])).toEqual([
      { reason: expect.stringContaining('not a file or folder') },
    ]),
  );

  test('refuses a second member of the same name', () => {
    expect(judgeAll(['a', 'file'], ['a', 'file'])[1]).toEqual({ reason: 'its name comes twice' });
    expect(judgeAll(['a', 'file'], ['a', 'directory'])[1]).toEqual({
      reason: 'its name comes twice',
    });
    expect(judgeAll(['a/', 'directory'], ['a', 'file'])[1]).toEqual({
      reason: 'its name comes twice',
    });
  });

  test('refuses what is a file and a folder', () => {
    expect(judgeAll(['a', 'file'], ['a/b/c', 'file'])[1]).toEqual({
      reason: '"a" is a file and a folder',
    });
    expect(judgeAll(['a/b/c', 'file'], ['a/b', 'file'])[1]).toEqual({
      reason: 'it is a file and a folder',
    });
  });
});
