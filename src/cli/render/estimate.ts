/** Milliseconds after which what was seen counts only a third: long enough for calm, short enough to follow. */
const memory = 120_000;

/** How long to watch before saying anything, in milliseconds. */
const patience = 3_000;

/** Of long work nothing is said before this share of it is done: its start tells little of the rest. */
const minimumShare = 0.02;

/** How fast something goes, from what was seen of it. */
export interface Estimate {
  /** Says how far it has got at a time (milliseconds). */
  observe(done: number, time: number): void;
  /** Milliseconds that it will still take, or undefined while that cannot be told. */
  remaining(total: number, time: number): number | undefined;
}

/**
 * Estimates by a rate in which older observations count less and less: at first
 * it is the plain average since the start, later that of the last minutes.
 *
 * @param start - when the work began, in milliseconds
 */
export function estimateFrom(start: number): Estimate {
  let last = { done: 0, time: start };
  let first: number | undefined;
  let amount = 0;
  let span = 0;
  return {
    observe(done, time) {
      first ??= time;
      const elapsed = Math.max(0, time - last.time);
      const fading = Math.exp(-elapsed / memory);
      amount = amount * fading + Math.max(0, done - last.done);
      span = span * fading + elapsed;
      last = { done, time };
    },
    remaining(total, time) {
      if (first === undefined || time - start < patience || amount <= 0) return undefined;
      if (last.done < total * minimumShare) return undefined;
      const idle = Math.max(0, time - last.time);
      // Between one piece and the next it counts down; what is overdue slows the rate, so that what
      // stands still does not look as if it went on.
      const between = Math.min(idle, span / amount);
      const rate = amount / (span + idle - between);
      return Math.max(0, (total - last.done) / rate - between);
    },
  };
}
