import { stripVTControlCharacters, styleText } from 'node:util';
import { createLogUpdate } from 'log-update';
import type { ProgressEvent, ProgressListener } from '../../system/progress.ts';
import {
  asciiSigns,
  endedLines,
  frameOf,
  type Paint,
  spinnerInterval,
  unicodeSigns,
  type View,
} from './frame.ts';
import { showsUnicode, wrapsAnew } from './liveness.ts';
import { followSteps } from './steps.ts';
import { printable, wrapWords } from './text.ts';

/** What a terminal stream tells of itself. */
export type TerminalStream = NodeJS.WritableStream & {
  readonly columns?: number;
  readonly rows?: number;
  readonly isTTY?: boolean;
};

/** A live display, and what ends it. */
export interface LiveProgress {
  readonly listener: ProgressListener;
  /** Takes the live part off the screen and gives the cursor back; can be called again. */
  readonly stop: () => void;
}

/** The stream with a size that can be worked with: a serial console may say that it has 0 columns. */
function withSize(stream: TerminalStream): TerminalStream & { columns: number; rows: number } {
  return new Proxy(stream as TerminalStream & { columns: number; rows: number }, {
    get(target, key) {
      if (key === 'columns') return target.columns || 80;
      if (key === 'rows') return target.rows || 24;
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

/**
 * The rows that lines take now that the window is so wide, if they were drawn when it was wider and
 * the terminal has wrapped them.
 */
function rowsOf(lines: readonly string[], columns: number): number {
  return lines.reduce((rows, line) => {
    const length = stripVTControlCharacters(line).length;
    return rows + Math.max(1, Math.ceil(length / columns));
  }, 0);
}

/**
 * Shows progress on a terminal: steps that have ended as lines that stay, those
 * that are running below them, with spinner, bar, counts and time left. Colours
 * are left out where the stream or NO_COLOR says so.
 */
export function terminalProgress(
  stream: TerminalStream,
  { env = process.env }: { readonly env?: NodeJS.ProcessEnv } = {},
): LiveProgress {
  const sized = withSize(stream);
  const update = createLogUpdate(sized);
  const steps = followSteps();
  const signs = showsUnicode(env) ? unicodeSigns : asciiSigns;
  const paint: Paint = (style, text) => (text === '' ? '' : styleText(style, text, { stream }));
  // Asked anew each time: the window may have been resized.
  const view = (): View => ({ columns: sized.columns, rows: sized.rows, signs, paint });
  let ticking: NodeJS.Timeout | undefined;
  let drawn: readonly string[] = [];

  /**
   * The old frame may take more rows than it did: to be taken away as a whole, or pieces of it
   * would stay among the lines that stay.
   */
  const onResize = (): void => {
    if (ticking === undefined || drawn.length === 0) return;
    const rows = wrapsAnew(env) ? rowsOf(drawn, sized.columns) : drawn.length;
    stream.write(`\x1b[${rows}A\r\x1b[J`);
    update.done();
    draw();
  };
  const stop = (): void => {
    if (ticking === undefined) return;
    clearInterval(ticking);
    ticking = undefined;
    stream.off('resize', onResize);
    drawn = [];
    update.clear();
    update.done();
  };
  const draw = (): void => {
    if (steps.outermost.length === 0) {
      stop();
      return;
    }
    drawn = frameOf(steps.outermost, Date.now(), view());
    update(drawn.join('\n'));
  };
  /** Writes lines that stay, above the live part. */
  const keep = (lines: readonly string[]): void => {
    if (lines.length === 0) return;
    update.persist(lines.join('\n'));
    drawn = [];
    if (ticking !== undefined) draw();
  };
  const messageLines = (event: ProgressEvent & { type: 'message' }): readonly string[] => {
    const warning = event.level === 'warning';
    const sign = warning ? signs.warning : ' ';
    const lines = wrapWords(printable(event.text), view().columns - 3);
    return lines.map((line, index) =>
      paint(warning ? 'yellow' : 'dim', `${index === 0 ? sign : ' '} ${line}`),
    );
  };

  return {
    stop,
    listener: (event) => {
      const step = steps.take(event);
      if (event.type === 'message') keep(messageLines(event));
      if (event.type === 'step-start' && ticking === undefined) {
        ticking = setInterval(draw, spinnerInterval);
        // The display must not keep the process alive.
        ticking.unref();
        stream.on('resize', onResize);
        draw();
      }
      if (event.type === 'step-end' && step?.depth === 0) {
        keep(endedLines(step, view()));
        if (steps.outermost.length === 0) stop();
      }
    },
  };
}
