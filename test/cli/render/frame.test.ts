import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  asciiSigns,
  endedLines,
  frameOf,
  unicodeSigns,
  type View,
} from '../../../src/cli/render/frame.ts';
import { followSteps, type Steps } from '../../../src/cli/render/steps.ts';
import type { ProgressEvent } from '../../../src/system/progress.ts';

const view: View = { columns: 80, rows: 24, signs: unicodeSigns, paint: (_, text) => text };

function follow(events: readonly ProgressEvent[]): Steps {
  const steps = followSteps();
  for (const event of events) steps.take(event);
  return steps;
}

const compiling: readonly ProgressEvent[] = [
  { type: 'step-start', id: 1, title: 'Compile the kernel', time: 0 },
  { type: 'step-start', id: 2, parent: 1, title: 'Prepare', time: 0 },
  { type: 'step-end', id: 2, outcome: 'done', note: 'ccache 4.8', elapsed: 2_310, time: 2_310 },
  { type: 'step-start', id: 3, parent: 1, title: 'Reuse', time: 2_310 },
  { type: 'step-end', id: 3, outcome: 'unchanged', elapsed: 5, time: 2_315 },
  { type: 'step-start', id: 4, parent: 1, title: 'Objects', time: 10_000 },
  {
    type: 'step-progress',
    id: 4,
    done: 1_250,
    total: 5_000,
    unit: 'objects',
    current: 'drivers/net/ethernet/intel/e1000e/netdev.o',
    time: 30_000,
  },
];

const draw = (events: readonly ProgressEvent[], now: number, changed: Partial<View> = {}): string =>
  frameOf(follow(events).outermost, now, { ...view, ...changed }).join('\n');

describe('frameOf', () => {
  test('shows what runs, with its parts, counts and time left', () => {
    expect(draw(compiling, 30_000)).toBe(`\
⠋ Compile the kernel  30 s
  ✓ Prepare  ccache 4.8  2.3 s
  – Reuse  unchanged
  ⠋ Objects  25 %  1,250/5,000 objects  20 s, 1 min 00 s left
    drivers/net/ethernet/intel/e1000e/netdev.o`);
  });

  test('has a bar where there is room, and fewer words where there is none', () => {
    expect(draw(compiling, 30_100, { columns: 100 })).toContain(
      '  ⠙ Objects  █████░░░░░░░░░░░░░░░  25 %  1,250/5,000 objects  20 s, 1 min 00 s left\n',
    );
    expect(draw(compiling, 30_000, { columns: 50 })).toBe(`\
⠋ Compile the kernel  30 s
  ✓ Prepare  ccache 4.8  2.3 s
  – Reuse  unchanged
  ⠋ Objects  25 %  20 s, 1 min 00 s left
    drivers/net/ethernet/intel/e1000e/netdev.o`);
    expect(draw(compiling, 30_000, { columns: 24 })).toBe(`\
⠋ Compile the ke…  30 s
  ✓ Prepare  cc…  2.3 s
  – Reuse  unchanged
  ⠋ Objects  25 %
    …el/e1000e/netdev.o`);
  });

  test('has other signs for terminals without UTF-8', () => {
    expect(draw(compiling, 30_000, { columns: 100, signs: asciiSigns })).toBe(`\
| Compile the kernel  30 s
  + Prepare  ccache 4.8  2.3 s
  - Reuse  unchanged
  | Objects  #####...............  25 %  1,250/5,000 objects  20 s, 1 min 00 s left
    drivers/net/ethernet/intel/e1000e/netdev.o`);
  });

  test('counts without a bar where the whole is not known', () => {
    const events: ProgressEvent[] = [
      { type: 'step-start', id: 1, title: '%prep', time: 0 },
      { type: 'step-progress', id: 1, done: 1_700, unit: 'lines', time: 5_000 },
    ];
    expect(draw(events, 61_000)).toBe('⠋ %prep  1,700 lines  1 min 01 s');
  });

  test('leaves out what has ended, oldest first, when the screen is small', () => {
    expect(draw(compiling, 30_000, { rows: 5 })).not.toContain('Prepare');
    expect(draw(compiling, 30_000, { rows: 5 })).toContain('Reuse');
    expect(draw(compiling, 30_000, { rows: 3 }).split('\n')).toHaveLength(2);
  });

  test('never has a line that is too wide, nor too many lines', () => {
    const start = fc.record({
      type: fc.constant('step-start' as const),
      id: fc.nat(8),
      parent: fc.option(fc.nat(8), { nil: 0 }),
      title: fc.string({ maxLength: 60 }),
      time: fc.nat(9_000),
    });
    const progress = fc.record({
      type: fc.constant('step-progress' as const),
      id: fc.nat(8),
      done: fc.nat(),
      total: fc.nat(),
      unit: fc.constantFrom('files', 'objects'),
      current: fc.string({ maxLength: 120 }),
      time: fc.nat(9_000),
    });
    const end = fc.record({
      type: fc.constant('step-end' as const),
      id: fc.nat(8),
      outcome: fc.constantFrom('done' as const, 'failed' as const, 'unchanged' as const),
      note: fc.string({ maxLength: 120 }),
      elapsed: fc.nat(),
      time: fc.nat(9_000),
    });
    const size = {
      columns: fc.integer({ min: 40, max: 120 }),
      rows: fc.integer({ min: 2, max: 30 }),
    };
    fc.assert(
      fc.property(
        fc.array(fc.oneof(start, progress, end)),
        fc.record(size),
        (events, { columns, rows }) => {
          // A step's parent has come before it, as the real stream has it.
          const sound = events.filter(
            (event) => event.type !== 'step-start' || event.parent < event.id || event.parent === 0,
          );
          const lines = frameOf(follow(sound).outermost, 10_000, { ...view, columns, rows });
          expect(lines.length).toBeLessThan(rows);
          for (const line of lines) expect(line.length).toBeLessThan(columns);
        },
      ),
    );
  });
});

test('endedLines names the parts in which a step failed', () => {
  const steps = followSteps();
  const take = (event: ProgressEvent) => steps.take(event);
  take({ type: 'step-start', id: 1, title: 'Prove', time: 0 });
  take({ type: 'step-start', id: 2, parent: 1, title: 'Lab', time: 0 });
  take({ type: 'step-end', id: 2, outcome: 'done', elapsed: 100, time: 100 });
  take({ type: 'step-start', id: 3, parent: 1, title: 'Boot', time: 100 });
  take({ type: 'step-start', id: 4, parent: 3, title: 'NFS root', time: 100 });
  take({
    type: 'step-end',
    id: 4,
    outcome: 'failed',
    note: 'no answer',
    elapsed: 60_000,
    time: 60_100,
  });
  take({ type: 'step-end', id: 3, outcome: 'failed', elapsed: 60_000, time: 60_100 });
  const root = take({ type: 'step-end', id: 1, outcome: 'failed', elapsed: 60_100, time: 60_100 });
  if (root === undefined) throw new Error('the step is not known');
  expect(endedLines(root, view).join('\n')).toBe(`\
✗ Prove  1 min 00 s
  ✗ Boot  1 min 00 s
    ✗ NFS root  no answer  1 min 00 s`);
  expect(steps.outermost).toEqual([]);
});
