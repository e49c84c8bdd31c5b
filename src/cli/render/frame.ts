import type { styleText } from 'node:util';
import type { ShownStep } from './steps.ts';
import { cutEnd, cutStart, formatCount, formatDuration } from './text.ts';

/** Puts a style on a text, or leaves it plain. */
export type Paint = (style: Parameters<typeof styleText>[0], text: string) => string;

/** The signs that steps are marked with. */
export interface Signs {
  readonly done: string;
  readonly unchanged: string;
  readonly failed: string;
  readonly warning: string;
  readonly spinner: readonly string[];
  readonly full: string;
  readonly empty: string;
}

/** For terminals that show UTF-8. */
export const unicodeSigns: Signs = {
  done: '✓',
  unchanged: '–',
  failed: '✗',
  warning: '!',
  spinner: ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'],
  full: '█',
  empty: '░',
};

/** For the rest, such as serial consoles. */
export const asciiSigns: Signs = {
  done: '+',
  unchanged: '-',
  failed: 'x',
  warning: '!',
  spinner: ['|', '/', '-', '\\'],
  full: '#',
  empty: '.',
};

/** How things are to be shown. */
export interface View {
  readonly columns: number;
  readonly rows: number;
  readonly signs: Signs;
  readonly paint: Paint;
}

/** Milliseconds for which one picture of the spinner stands. */
export const spinnerInterval = 100;

const barColumns = 20;

function indentOf(step: ShownStep): string {
  return '  '.repeat(step.depth);
}

/** A step that has ended, in one line; one that failed also names the parts in which it did. */
export function endedLines(step: ShownStep, view: View): readonly string[] {
  const { ending } = step;
  if (ending === undefined) return [];
  const { outcome, note, elapsed } = ending;
  const { paint, signs } = view;
  const style = outcome === 'done' ? 'green' : outcome === 'failed' ? 'red' : 'gray';
  const time = outcome === 'unchanged' ? 'unchanged' : formatDuration(elapsed);
  const head = `${indentOf(step)}${signs[outcome]} `;
  const room = view.columns - 1 - head.length - time.length - 2;
  const title = cutEnd(step.title, room);
  const told = note === undefined ? '' : cutEnd(`  ${note}`, room - title.length);
  const line = `${indentOf(step)}${paint(style, signs[outcome])} ${title}${paint('dim', `${told.trimEnd() === '' ? '' : told}  ${time}`)}`;
  const failedParts =
    outcome === 'failed' ? step.parts.filter((part) => part.ending?.outcome === 'failed') : [];
  return [line, ...failedParts.flatMap((part) => endedLines(part, view))];
}

/** What a running step has counted, in forms from the longest to the shortest. */
function amountForms(step: ShownStep, now: number, { signs }: View): readonly string[] {
  const elapsed = formatDuration(now - step.started, false);
  const { amount } = step;
  if (amount === undefined) return [elapsed];
  const { done, total, unit } = amount;
  if (total === undefined || total <= 0)
    return [`${formatCount(done)} ${unit}  ${elapsed}`, elapsed];
  const fraction = Math.min(1, done / total);
  const full = Math.floor(fraction * barColumns);
  const bar = signs.full.repeat(full) + signs.empty.repeat(barColumns - full);
  const percent = `${Math.floor(fraction * 100)} %`;
  const count = `${formatCount(done)}/${formatCount(total)} ${unit}`;
  const left = step.estimate.remaining(total, now);
  const time = left === undefined ? elapsed : `${elapsed}, ${formatDuration(left, false)} left`;
  return [
    `${bar} ${percent.padStart(5)}  ${count}  ${time}`,
    `${percent}  ${count}  ${time}`,
    `${percent}  ${time}`,
    percent,
  ];
}

function runningLines(step: ShownStep, now: number, view: View): readonly string[] {
  const { signs, paint } = view;
  const width = view.columns - 1;
  const picture = signs.spinner[Math.floor(now / spinnerInterval) % signs.spinner.length] ?? '';
  const head = `${indentOf(step)}${picture} `;
  const forms = amountForms(step, now, view);
  const fits = forms.find((form) => head.length + step.title.length + 2 + form.length <= width);
  const form = fits ?? forms.at(-1) ?? '';
  const title = cutEnd(step.title, width - head.length - 2 - form.length);
  const lines = [`${indentOf(step)}${paint('cyan', picture)} ${title}  ${paint('dim', form)}`];
  const { current } = step.amount ?? {};
  if (current !== undefined && current !== '') {
    const indent = `${indentOf(step)}  `;
    lines.push(indent + paint('dim', cutStart(current, width - indent.length)));
  }
  return lines;
}

/** A line of the frame, and whether it can be done without when the screen is too small. */
interface FrameLine {
  readonly text: string;
  readonly ended: boolean;
}

function stepLines(step: ShownStep, now: number, view: View): readonly FrameLine[] {
  if (step.ending !== undefined) {
    return endedLines(step, view).map((text) => ({ text, ended: true }));
  }
  return [
    ...runningLines(step, now, view).map((text) => ({ text, ended: false })),
    ...step.parts.flatMap((part) => stepLines(part, now, view)),
  ];
}

/**
 * The part of the screen that changes: the running steps with their parts. What
 * does not fit is left out, parts that have ended first, oldest first.
 *
 * @param now - milliseconds since the epoch
 */
export function frameOf(steps: readonly ShownStep[], now: number, view: View): readonly string[] {
  const lines = steps.flatMap((step) => stepLines(step, now, view));
  let surplus = lines.length - Math.max(1, view.rows - 1);
  const kept = lines.filter(({ ended }) => {
    if (!ended || surplus <= 0) return true;
    surplus -= 1;
    return false;
  });
  return kept.slice(0, Math.max(1, view.rows - 1)).map(({ text }) => text);
}
