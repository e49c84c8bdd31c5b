import { describe, expect, test } from 'vitest';
import { renderError } from '../../../src/cli/render/error.ts';
import { BootwrightError } from '../../../src/system/errors/index.ts';

const plain = { colour: false, width: 80, unicode: true };

describe('renderError', () => {
  test('tells all that is known', () => {
    const error = new BootwrightError('BW-TOOL-FAILED', '"make" ended with exit status 2.', {
      command: "(cd '/a b' && make -j2 bzImage)",
      log: '/w/logs/compile.log',
      excerpt: ['\x1b[1mdrivers/net/x.c:7:1: error: no\x1b[0m', '', 'make: *** [x.o] Error 1'],
    });
    expect(renderError(error, plain)).toBe(`\
BW-TOOL-FAILED  A program that this step runs has failed.
  "make" ended with exit status 2.

  | drivers/net/x.c:7:1: error: no
  |
  | make: *** [x.o] Error 1

  command: (cd '/a b' && make -j2 bzImage)
  log:     /w/logs/compile.log
  → Read the log, or paste the command shown above into a shell to see it fail
    by hand.
`);
  });

  test('is short where there is little to tell', () => {
    const error = new BootwrightError('BW-FILE-MISSING', 'The config "x" does not exist.', {
      hint: 'Name another one with --config.',
    });
    expect(renderError(error, plain)).toBe(`\
BW-FILE-MISSING  A file or folder that was named does not exist.
  The config "x" does not exist.
  → Name another one with --config.
`);
  });

  test('keeps to the width, where nothing is to be pasted', () => {
    const command = `make ${'x'.repeat(100)}`;
    const detail = 'One word after the other, '.repeat(10).trim();
    const text = renderError(new BootwrightError('BW-TOOL-FAILED', detail, { command }), {
      colour: false,
      width: 50,
      unicode: true,
    });
    expect(text).toContain(`\n  command: ${command}\n`);
    for (const line of text.split('\n').filter((each) => !each.includes('command:'))) {
      expect(line.length).toBeLessThanOrEqual(50);
    }
    expect(text).toMatch(/^BW-TOOL-FAILED\n {2}A program that this step runs has failed\.\n/);
  });

  test('has colours only when they are wanted', () => {
    const error = new BootwrightError('BW-INTERRUPTED', 'Stopped.');
    expect(renderError(error, plain)).not.toContain('\x1b');
    expect(renderError(error, { ...plain, colour: true })).toContain('\x1b[31m');
  });

  test('has nothing but ASCII of its own where the locale is not UTF-8', () => {
    const error = new BootwrightError('BW-FILE-MISSING', 'The config "x" does not exist.', {
      hint: 'Name another one with --config, '.repeat(4).trim(),
    });
    const text = renderError(error, { ...plain, unicode: false });
    expect(text).toMatch(/\n {2}-> Name .*\n {5}\S/);
    expect(text).not.toMatch(/[^\x00-\x7f]/);
  });
});
