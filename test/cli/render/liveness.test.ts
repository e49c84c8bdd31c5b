import { describe, expect, test } from 'vitest';
import { canRedraw, showsUnicode, wrapsAnew } from '../../../src/cli/render/liveness.ts';
import { Screen } from './screen.ts';

const env = { TERM: 'xterm-256color' };

describe('canRedraw', () => {
  test('on a terminal window, over ssh, in tmux', () => {
    for (const device of ['/dev/pts/3', '/dev/tty1', undefined]) {
      expect(canRedraw(new Screen(), env, device), device).toBe(true);
    }
  });

  test.each(['dumb', 'unknown', '', undefined])('not with TERM=%j', (TERM) => {
    expect(canRedraw(new Screen(), TERM === undefined ? {} : { TERM }, '/dev/pts/3')).toBe(false);
  });

  test.each(['/dev/ttyS0', '/dev/ttyAMA0', '/dev/ttyUSB1', '/dev/hvc0', '/dev/console'])(
    'not on the serial line %s, whatever TERM says',
    (device) => {
      expect(canRedraw(new Screen(), { TERM: 'vt220' }, device)).toBe(false);
    },
  );

  test('not where the terminal does not know how wide it is', () => {
    expect(canRedraw(new Screen(0, 0), env, '/dev/pts/3')).toBe(false);
  });

  test('not into a file or a pipe', () => {
    expect(canRedraw(Object.assign(new Screen(), { isTTY: false }), env, undefined)).toBe(false);
  });
});

test('more than ASCII only where the locale says UTF-8, and not on the Linux console', () => {
  expect(showsUnicode({ LANG: 'C.UTF-8' })).toBe(true);
  expect(showsUnicode({ LANG: 'en_US.utf8', TERM: 'xterm' })).toBe(true);
  expect(showsUnicode({ LANG: 'en_US.UTF-8', LC_ALL: 'C' })).toBe(false);
  expect(showsUnicode({ LANG: 'en_US.UTF-8', TERM: 'linux' })).toBe(false);
  expect(showsUnicode({})).toBe(false);
});

test('terminals that cut lines off are known by what they set', () => {
  expect(wrapsAnew({ TERM: 'xterm-256color' })).toBe(true);
  expect(wrapsAnew({ TERM: 'xterm', XTERM_VERSION: 'XTerm(379)' })).toBe(false);
  expect(wrapsAnew({ TERM: 'screen', STY: '123.pts-0' })).toBe(false);
  expect(wrapsAnew({ TERM: 'linux' })).toBe(false);
});
