import { markdownTable } from './markdown.ts';
import { median } from './measure.ts';
import type { Span } from './spans.ts';

/** What a passage starts from: a prepared tree, or what the same way made of nearly the same config. */
export const situations = ['cold', 'changed'] as const;
export type Situation = (typeof situations)[number];

/** One way from the prepared tree to the archive, and what it took. */
export interface Passage {
  readonly contender: string;
  readonly situation: Situation;
  readonly round: number;
  /** Milliseconds, all of it. */
  readonly elapsed: number;
  /** Size of the archive. */
  readonly archiveBytes: number;
  readonly spans: readonly Span[];
}

const seconds = (milliseconds: number): string => (milliseconds / 1000).toFixed(1);

/** The names, each once, in the order in which they come first. */
const distinct = (names: readonly string[]): readonly string[] => [...new Set(names)];

/** Of the passages of a contender in one situation, round by round. */
function of(
  passages: readonly Passage[],
  contender: string,
  situation: Situation,
): readonly Passage[] {
  return passages.filter((one) => one.contender === contender && one.situation === situation);
}

/** The middle of a figure, and of its ratios to the rival's in the same round. */
function compared(
  own: readonly Passage[],
  rival: readonly Passage[],
  figure: (passage: Passage) => number,
  show: (value: number) => string,
): readonly string[] {
  if (own.length === 0) return ['–', '–'];
  const ratios = own.flatMap((passage) => {
    const beside = rival.find(({ round }) => round === passage.round);
    return beside === undefined ? [] : [figure(passage) / figure(beside)];
  });
  return [show(median(own.map(figure))), ratios.length === 0 ? '–' : median(ratios).toFixed(2)];
}

/** A row for each contender: times and size of the archive, and their ratios to the rival's. */
export function renderTotals(passages: readonly Passage[], rival: string): string {
  const rows = distinct(passages.map(({ contender }) => contender)).map((contender) => [
    contender,
    ...situations.flatMap((situation) =>
      compared(
        of(passages, contender, situation),
        of(passages, rival, situation),
        ({ elapsed }) => elapsed,
        seconds,
      ),
    ),
    ...compared(
      of(passages, contender, 'cold'),
      of(passages, rival, 'cold'),
      ({ archiveBytes }) => archiveBytes,
      (bytes) => (bytes / 1e6).toFixed(2),
    ),
  ]);
  return markdownTable(
    ['', 'cold, s', 'ratio', 'after the change, s', 'ratio', 'archive, MB', 'ratio'],
    rows,
  );
}

/** Where the time of a contender went: a row for each step, and one for all. */
export function renderSpans(passages: readonly Passage[], contender: string): string {
  const bySituation = situations.map((situation) => of(passages, contender, situation));
  const names = distinct(bySituation.flat().flatMap(({ spans }) => spans.map(({ name }) => name)));
  const cell = (values: readonly number[]): string =>
    values.length === 0 ? '–' : seconds(median(values));
  const rows = names.map((name) => [
    name,
    ...bySituation.map((own) =>
      cell(
        own.flatMap(({ spans }) =>
          spans.filter((span) => span.name === name).map(({ elapsed }) => elapsed),
        ),
      ),
    ),
  ]);
  const all = ['all', ...bySituation.map((own) => cell(own.map(({ elapsed }) => elapsed)))];
  return markdownTable([contender, 'cold, s', 'after the change, s'], [...rows, all]);
}
