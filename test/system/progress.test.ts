import { expect, test } from 'vitest';
import { type ProgressEvent, watch } from '../../src/system/progress.ts';

function tell(event: ProgressEvent): string {
  switch (event.type) {
    case 'step-start':
      return `start ${event.id} in ${event.parent ?? '-'}: ${event.title}`;
    case 'step-progress':
      return `${event.id}: ${event.done}/${event.total} ${event.unit}`;
    case 'step-end':
      return `end ${event.id}: ${event.outcome} ${event.note ?? ''}`.trim();
    case 'message':
      return `${event.level} of ${event.step}: ${event.text}`;
  }
}

test('steps nest, end with their notes, and a failure shows all the way up', async () => {
  const events: ProgressEvent[] = [];
  const root = watch((event) => events.push(event));
  await expect(
    root.step('Build', async (build) => {
      await build.step('Unpack', async (step) => {
        step.progress({ done: 3, total: 9, unit: 'files' });
        step.note('9 files');
      });
      await build.step('Configure', async (step) => step.unchanged());
      await build.step('Compile', async (step) => {
        step.warn('slow disk');
        throw new Error('no');
      });
    }),
  ).rejects.toThrow('no');
  const told = events.map(tell);
  expect(told).toEqual([
    'start 1 in -: Build',
    'start 2 in 1: Unpack',
    '2: 3/9 files',
    'end 2: done 9 files',
    'start 3 in 1: Configure',
    'end 3: unchanged',
    'start 4 in 1: Compile',
    'warning of 4: slow disk',
    'end 4: failed',
    'end 1: failed',
  ]);
});
