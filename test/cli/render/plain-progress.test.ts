import { expect, test } from 'vitest';
import { jsonProgress } from '../../../src/cli/render/json-progress.ts';
import { plainProgress, quietProgress } from '../../../src/cli/render/plain-progress.ts';
import type { ProgressEvent } from '../../../src/system/progress.ts';
import { Screen } from './screen.ts';

const events: readonly ProgressEvent[] = [
  { type: 'message', level: 'info', text: 'before', time: 0 },
  { type: 'step-start', id: 1, title: 'Compile', time: 0 },
  { type: 'step-start', id: 2, parent: 1, title: 'Image', time: 0 },
  { type: 'step-progress', id: 2, done: 1, total: 100, unit: 'objects', time: 100 },
  {
    type: 'step-progress',
    id: 2,
    done: 30,
    total: 100,
    unit: 'objects',
    current: 'a.o',
    time: 900,
  },
  {
    type: 'step-progress',
    id: 2,
    done: 31,
    total: 100,
    unit: 'objects',
    current: 'b.o',
    time: 1_500,
  },
  { type: 'step-progress', id: 2, done: 39, total: 100, unit: 'objects', time: 3_000 },
  { type: 'step-progress', id: 2, done: 40, total: 100, unit: 'objects', time: 11_500 },
  { type: 'message', level: 'warning', step: 2, text: 'no pahole\x1b[2J', time: 12_000 },
  { type: 'step-progress', id: 2, done: 100, total: 100, unit: 'objects', time: 13_000 },
  { type: 'step-end', id: 2, outcome: 'done', note: '100 objects', elapsed: 13_000, time: 13_000 },
  { type: 'step-start', id: 3, parent: 1, title: 'Modules', time: 13_000 },
  { type: 'step-progress', id: 3, done: 1_700, unit: 'lines', time: 24_000 },
  { type: 'step-end', id: 3, outcome: 'failed', elapsed: 90_000, time: 103_000 },
  { type: 'step-end', id: 1, outcome: 'failed', elapsed: 103_000, time: 103_000 },
  { type: 'step-start', id: 4, title: 'Pack', time: 103_000 },
  { type: 'step-end', id: 4, outcome: 'unchanged', elapsed: 2, time: 103_002 },
];

function told(make: (stream: Screen) => (event: ProgressEvent) => void): string {
  const screen = new Screen();
  const listener = make(screen);
  for (const event of events) listener(event);
  return screen.raw;
}

test('plain lines: starts, ends, messages, and an amount now and then', () => {
  expect(told(plainProgress)).toBe(`\
before
Compile ...
  Image ...
  Image: 31 %, 31 of 100 objects, b.o
  Image: 40 %, 40 of 100 objects, about 18 s left
    warning: no pahole
  Image: done, 100 objects (13.0 s)
  Modules ...
  Modules: 1,700 lines
  Modules: FAILED (1 min 30 s)
Compile: FAILED (1 min 43 s)
Pack ...
Pack: unchanged (0.0 s)
`);
});

test('quiet: warnings only', () => {
  expect(told(quietProgress)).toBe('warning: no pahole\n');
});

test('JSON: every event as it is, one a line', () => {
  const lines = told((stream) => jsonProgress(stream, false))
    .trimEnd()
    .split('\n');
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(events);
});

test('JSON and quiet: warnings only', () => {
  const lines = told((stream) => jsonProgress(stream, true))
    .trimEnd()
    .split('\n');
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
    expect.objectContaining({ type: 'message', level: 'warning' }),
  ]);
});

test('an event of a step that is not known is no trouble', () => {
  const screen = new Screen();
  const listener = plainProgress(screen);
  listener({ type: 'step-progress', id: 9, done: 1, unit: 'x', time: 0 });
  listener({ type: 'step-end', id: 9, outcome: 'done', elapsed: 0, time: 0 });
  expect(screen.raw).toBe('');
});
