import type { ProgressListener } from '../../system/progress.ts';
import { followSteps, type ShownStep } from './steps.ts';
import { formatCount, formatDuration, printable } from './text.ts';

/** A running step is reported again after so many milliseconds … */
const longest = 10_000;
/** … or, if it has got on by so much of the whole, already after so many. */
const shortest = 1_000;
const share = 0.1;

/** When a step was last reported, and how far it had got. */
interface Report {
  readonly time: number;
  readonly done: number;
}

function amountLine(step: ShownStep, now: number): string {
  const { done, total, unit, current } = step.amount ?? { done: 0, unit: '' };
  const words: string[] = [];
  if (total === undefined || total <= 0) words.push(`${formatCount(done)} ${unit}`);
  else {
    const percent = Math.floor(Math.min(1, done / total) * 100);
    words.push(`${percent} %`, `${formatCount(done)} of ${formatCount(total)} ${unit}`);
    const left = step.estimate.remaining(total, now);
    if (left !== undefined && left >= 1_000)
      words.push(`about ${formatDuration(left, false)} left`);
  }
  if (current !== undefined && current !== '') words.push(current);
  return words.join(', ');
}

/** Tells progress in plain lines, for logs and pipes: starts, ends, messages, and now and then an amount. */
export function plainProgress(stream: NodeJS.WritableStream): ProgressListener {
  const steps = followSteps();
  const reports = new Map<number, Report>();
  const write = (depth: number, text: string): void => {
    stream.write(`${'  '.repeat(depth)}${text}\n`);
  };
  return (event) => {
    const step = steps.take(event);
    if (event.type === 'message') {
      const label = event.level === 'warning' ? 'warning: ' : '';
      write(step === undefined ? 0 : step.depth + 1, label + printable(event.text));
      return;
    }
    if (step === undefined) return;
    if (event.type === 'step-start') {
      reports.set(step.id, { time: event.time, done: 0 });
      write(step.depth, `${step.title} ...`);
    } else if (event.type === 'step-progress') {
      const last = reports.get(step.id) ?? { time: step.started, done: 0 };
      const waited = event.time - last.time;
      const advanced = event.total === undefined ? 0 : (event.done - last.done) / event.total;
      // The end of the step says that all is done.
      if (event.done === event.total) return;
      if (waited < shortest || (waited < longest && advanced < share)) return;
      reports.set(step.id, { time: event.time, done: event.done });
      write(step.depth, `${step.title}: ${amountLine(step, event.time)}`);
    } else {
      reports.delete(step.id);
      const outcome = event.outcome === 'failed' ? 'FAILED' : event.outcome;
      const note = step.ending?.note === undefined ? '' : `, ${step.ending.note}`;
      write(step.depth, `${step.title}: ${outcome}${note} (${formatDuration(event.elapsed)})`);
    }
  };
}

/** Tells warnings only. */
export function quietProgress(stream: NodeJS.WritableStream): ProgressListener {
  return (event) => {
    if (event.type === 'message' && event.level === 'warning') {
      stream.write(`warning: ${printable(event.text)}\n`);
    }
  };
}
