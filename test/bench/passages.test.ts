import { expect, test } from 'vitest';
import { type Passage, renderSpans, renderTotals } from '../../bench/passages.ts';

const passage = (
  contender: string,
  situation: Passage['situation'],
  elapsed: number,
  extra: Partial<Passage> = {},
): Passage => ({
  contender,
  situation,
  round: 0,
  elapsed,
  archiveBytes: 10e6,
  spans: [],
  ...extra,
});

test('each contender is held against the rival, by situation and by size', () => {
  const rendered = renderTotals(
    [
      passage('by hand', 'cold', 100_000),
      passage('by hand', 'changed', 20_000),
      passage('ours', 'cold', 50_000, { archiveBytes: 7.5e6 }),
      passage('ours', 'changed', 2_000, { archiveBytes: 8e6 }),
    ],
    'by hand',
  );
  expect(rendered.split('\n').slice(2)).toEqual([
    '| by hand | 100.0 | 1.00 | 20.0 | 1.00 | 10.00 | 1.00 |',
    '| ours | 50.0 | 0.50 | 2.0 | 0.10 | 7.50 | 0.75 |',
  ]);
});

test('ratios are of the same round, and what was not measured is a dash', () => {
  const rendered = renderTotals(
    [
      passage('by hand', 'cold', 10_000, { round: 0 }),
      passage('ours', 'cold', 1_000, { round: 0 }),
      passage('by hand', 'cold', 20_000, { round: 1 }),
      passage('ours', 'cold', 4_000, { round: 1 }),
    ],
    'by hand',
  );
  expect(rendered).toContain('| ours | 2.5 | 0.15 | – | – | 10.00 | 1.00 |');
});

test('steps stand in the order of the cold passage, with those that only the change has behind', () => {
  const rendered = renderSpans(
    [
      passage('ours', 'cold', 3_000, {
        spans: [
          { name: 'configure', elapsed: 1_000 },
          { name: 'compile', elapsed: 1_900 },
        ],
      }),
      passage('ours', 'changed', 700, {
        spans: [
          { name: 'compile', elapsed: 500 },
          { name: 'again', elapsed: 100 },
        ],
      }),
      passage('other', 'cold', 9_000, { spans: [{ name: 'foreign', elapsed: 1 }] }),
    ],
    'ours',
  );
  expect(rendered.split('\n')).toEqual([
    '| ours | cold, s | after the change, s |',
    '|---|---|---|',
    '| configure | 1.0 | – |',
    '| compile | 1.9 | 0.5 |',
    '| again | – | 0.1 |',
    '| all | 3.0 | 0.7 |',
  ]);
});
