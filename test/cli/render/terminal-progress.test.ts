import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { terminalProgress } from '../../../src/cli/render/terminal-progress.ts';
import { watch } from '../../../src/system/progress.ts';
import { Screen } from './screen.ts';

const env = { LANG: 'C.UTF-8' };

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
});
afterEach(() => {
  vi.useRealTimers();
});

const pass = (milliseconds: number) => vi.advanceTimersByTimeAsync(milliseconds);

describe('terminalProgress', () => {
  test('shows a build from its start to its end', async () => {
    const screen = new Screen();
    const { listener, stop } = terminalProgress(screen, { env });
    const root = watch(listener);

    await root.step('Unpack the source package', async (step) => {
      await pass(900);
      step.note('152 MB');
    });
    expect(screen.text).toBe('✓ Unpack the source package  152 MB  0.9 s\n');

    const compiling = root.step('Compile', async (step) => {
      await step.step('Objects', async (objects) => {
        objects.progress({ done: 1, total: 4, unit: 'objects', current: 'a.o' });
        await pass(4_000);
        expect(screen.text).toBe(`\
✓ Unpack the source package  152 MB  0.9 s
⠏ Compile  4 s
  ⠏ Objects  █████░░░░░░░░░░░░░░░  25 %  1/4 objects  4 s, 12 s left
    a.o
`);
        objects.warn('ccache is not installed');
        expect(screen.text).toBe(`\
✓ Unpack the source package  152 MB  0.9 s
! ccache is not installed
⠏ Compile  4 s
  ⠏ Objects  █████░░░░░░░░░░░░░░░  25 %  1/4 objects  4 s, 12 s left
    a.o
`);
        objects.progress({ done: 4, total: 4, unit: 'objects' });
      });
      await step.step('Modules', async (modules) => {
        modules.unchanged();
        await pass(100);
      });
      await pass(200);
      expect(screen.text).toBe(`\
✓ Unpack the source package  152 MB  0.9 s
! ccache is not installed
⠹ Compile  4 s
  ✓ Objects  4.0 s
  – Modules  unchanged
`);
    });
    await compiling;
    await root.step('Pack', async (step) => step.unchanged());
    const end = `\
✓ Unpack the source package  152 MB  0.9 s
! ccache is not installed
✓ Compile  4.3 s
– Pack  unchanged
`;
    expect(screen.text).toBe(end);
    stop();
    stop();
    await pass(1_000);
    expect(screen.text).toBe(end);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('a failure stays on the screen, with the part that failed', async () => {
    const screen = new Screen();
    const root = watch(terminalProgress(screen, { env }).listener);
    const work = root.step('Compile', (step) =>
      step.step('Objects', async () => {
        await pass(500);
        throw new Error('no');
      }),
    );
    await expect(work).rejects.toThrow('no');
    expect(screen.text).toBe('✗ Compile  0.5 s\n  ✗ Objects  0.5 s\n');
  });

  test('stopping in the middle leaves a clean screen', async () => {
    const screen = new Screen();
    const { listener, stop } = terminalProgress(screen, { env });
    watch(listener).step('Compile', () => new Promise(() => undefined));
    await pass(300);
    expect(screen.text).toContain('Compile');
    stop();
    expect(screen.text.trim()).toBe('');
    expect(vi.getTimerCount()).toBe(0);
  });

  test('messages outside of steps are shown, broken to the width', () => {
    const screen = new Screen(30);
    const root = watch(terminalProgress(screen, { env }).listener);
    root.warn('one two three four five six seven eight');
    root.info('plain\x1b[2J words');
    expect(screen.text).toBe(`\
! one two three four five six
  seven eight
  plain words
`);
  });

  test('goes by the width that the window has now', async () => {
    const screen = new Screen(100);
    const { listener, stop } = terminalProgress(screen, { env });
    watch(listener).step('Compile', (step) => {
      step.progress({ done: 1, total: 2, unit: 'objects' });
      return new Promise(() => undefined);
    });
    await pass(100);
    expect(screen.text).toContain('██████████░░░░░░░░░░');
    screen.columns = 40;
    await pass(100);
    expect(screen.text).not.toContain('█');
    for (const line of screen.text.split('\n')) expect(line.length).toBeLessThan(40);
    stop();
  });

  test.each([[60], [30], [12]])(
    'leaves nothing behind when the window shrinks to %i columns',
    async (columns) => {
      const screen = new Screen(90);
      const { listener, stop } = terminalProgress(screen, { env });
      const root = watch(listener);
      root.info('before');
      const work = root.step('Compile the kernel', async (step) => {
        await step.step('Objects of the whole tree', async (objects) => {
          const current = 'drivers/net/ethernet/intel/e1000e/netdev.o';
          objects.progress({ done: 25, total: 100, unit: 'objects', current });
          await pass(5_000);
          screen.resize(columns);
          await pass(100);
          for (const line of screen.text.split('\n')) expect(line.length).toBeLessThan(columns);
          expect(screen.text.match(/Com/g)).toHaveLength(1);
          screen.resize(90);
          await pass(100);
        });
      });
      await work;
      stop();
      expect(screen.text).toBe('  before\n✓ Compile the kernel  5.2 s\n');
      expect(screen.listenerCount('resize')).toBe(0);
    },
  );

  test('what stays is not touched where the terminal cuts lines off', async () => {
    const screen = new Screen(90);
    const { listener, stop } = terminalProgress(screen, { env: { ...env, STY: '1.pts' } });
    const root = watch(listener);
    root.info('before');
    root.step('Compile the kernel', () => new Promise(() => undefined));
    await pass(100);
    screen.columns = 12;
    screen.emit('resize');
    expect(screen.text).toMatch(/^ {2}before\n. Com….*\n$/);
    stop();
  });

  test('takes a serial console that says it has no size for one of 80 columns', async () => {
    const screen = new Screen(0, 0);
    const { listener, stop } = terminalProgress(screen, { env });
    watch(listener).step('Compile', () => new Promise(() => undefined));
    await pass(1_000);
    expect(screen.text).toBe('⠋ Compile  1 s\n');
    stop();
  });

  test('uses ASCII where the locale is not UTF-8, and on the Linux console', async () => {
    for (const plain of [{}, { LANG: 'C' }, { LANG: 'en_US.UTF-8', TERM: 'linux' }]) {
      const screen = new Screen();
      const root = watch(terminalProgress(screen, { env: plain }).listener);
      await root.step('Pack', async () => undefined);
      expect(screen.text).toBe('+ Pack  0.0 s\n');
    }
  });
});
