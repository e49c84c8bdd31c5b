import type { Amount, ProgressEvent } from '../../system/progress.ts';
import { type Estimate, estimateFrom } from './estimate.ts';
import { printable } from './text.ts';

/** How a step ended. */
export interface Ending {
  readonly outcome: 'done' | 'unchanged' | 'failed';
  readonly note?: string;
  /** Milliseconds. */
  readonly elapsed: number;
}

/** A step as the stream of events has told it so far. */
export interface ShownStep {
  readonly id: number;
  readonly title: string;
  readonly depth: number;
  readonly started: number;
  readonly estimate: Estimate;
  readonly parent: ShownStep | undefined;
  readonly parts: ShownStep[];
  amount?: Amount;
  ending?: Ending;
}

/** All steps that are running, or part of one that is. */
export interface Steps {
  /** Steps that are not part of another. */
  readonly outermost: readonly ShownStep[];
  /** Takes an event in, and gives the step that it is about. */
  take(event: ProgressEvent): ShownStep | undefined;
}

/** Follows a stream of events. An outermost step is forgotten when it ends. */
export function followSteps(): Steps {
  const byId = new Map<number, ShownStep>();
  const outermost: ShownStep[] = [];
  const forget = (step: ShownStep): void => {
    byId.delete(step.id);
    for (const part of step.parts) forget(part);
  };
  return {
    outermost,
    take(event) {
      switch (event.type) {
        case 'step-start': {
          const parent = event.parent === undefined ? undefined : byId.get(event.parent);
          const step: ShownStep = {
            id: event.id,
            title: printable(event.title),
            depth: parent === undefined ? 0 : parent.depth + 1,
            started: event.time,
            estimate: estimateFrom(event.time),
            parent,
            parts: [],
          };
          byId.set(step.id, step);
          (parent?.parts ?? outermost).push(step);
          return step;
        }
        case 'step-progress': {
          const step = byId.get(event.id);
          if (step === undefined) return undefined;
          const { done, total, unit, current } = event;
          step.amount = {
            done,
            unit,
            ...(total === undefined ? {} : { total }),
            ...(current === undefined ? {} : { current: printable(current) }),
          };
          step.estimate.observe(done, event.time);
          return step;
        }
        case 'step-end': {
          const step = byId.get(event.id);
          if (step === undefined) return undefined;
          step.ending = {
            outcome: event.outcome,
            elapsed: event.elapsed,
            ...(event.note === undefined ? {} : { note: printable(event.note) }),
          };
          const index = outermost.indexOf(step);
          if (index !== -1) {
            outermost.splice(index, 1);
            forget(step);
          }
          return step;
        }
        case 'message':
          return event.step === undefined ? undefined : byId.get(event.step);
      }
    },
  };
}
