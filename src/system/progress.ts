/**
 * One stream of typed events tells what long work is doing. The terminal, the
 * plain lines, `--json` and whoever else listens all read the same stream.
 */
export type ProgressEvent =
  | {
      readonly type: 'step-start';
      readonly id: number;
      /** The step that this one is part of; none for the outermost. */
      readonly parent?: number;
      readonly title: string;
      /** Milliseconds since the epoch. */
      readonly time: number;
    }
  | {
      readonly type: 'step-progress';
      readonly id: number;
      readonly done: number;
      /** How many there will be in all, if that is known. */
      readonly total?: number;
      /** The total is an estimate: to be shown with a "≈". */
      readonly estimated?: boolean;
      /** What is being counted, such as `objects` or `modules`. */
      readonly unit: string;
      /** What is being worked on right now. */
      readonly current?: string;
      readonly time: number;
    }
  | {
      readonly type: 'step-end';
      readonly id: number;
      readonly outcome: 'done' | 'unchanged' | 'failed';
      /** What came out of it, in a few words. */
      readonly note?: string;
      /** Milliseconds. */
      readonly elapsed: number;
      readonly time: number;
    }
  | {
      readonly type: 'message';
      readonly level: 'info' | 'warning';
      readonly step?: number;
      readonly text: string;
      readonly time: number;
    };

/** Takes the events as they come. */
export type ProgressListener = (event: ProgressEvent) => void;

/** How far a step has got. */
export interface Amount {
  readonly done: number;
  readonly total?: number;
  /** The total is an estimate. */
  readonly estimated?: boolean;
  readonly unit: string;
  readonly current?: string;
}

/** A piece of work that can be watched; steps nest. */
export interface Step {
  /**
   * Runs a part of this step, with a title of its own. It ends as `done`, or as
   * `failed` when the work throws.
   */
  step<T>(title: string, work: (step: Step) => Promise<T>): Promise<T>;
  /** Says how far this step has got. */
  progress(amount: Amount): void;
  /** Says a few words that stand beside the step when it has ended. */
  note(text: string): void;
  /** Marks the step as one that had nothing to do. */
  unchanged(note?: string): void;
  info(text: string): void;
  warn(text: string): void;
}

/**
 * The root of a tree of steps.
 *
 * @param listener - gets every event, in order
 * @example
 * const root = watch((event) => console.log(JSON.stringify(event)));
 * await root.step('Compile', async (step) => { step.progress({ done: 1, total: 2, unit: 'objects' }); });
 */
export function watch(listener: ProgressListener): Step {
  let lastId = 0;

  const makeStep = (
    id: number | undefined,
    ending: { note?: string; unchanged: boolean },
  ): Step => ({
    async step(title, work) {
      lastId += 1;
      const childId = lastId;
      const childEnding: { note?: string; unchanged: boolean } = { unchanged: false };
      const started = Date.now();
      listener({
        type: 'step-start',
        id: childId,
        ...(id === undefined ? {} : { parent: id }),
        title,
        time: started,
      });
      const end = (outcome: 'done' | 'unchanged' | 'failed'): void => {
        const time = Date.now();
        listener({
          type: 'step-end',
          id: childId,
          outcome,
          ...(childEnding.note === undefined ? {} : { note: childEnding.note }),
          elapsed: time - started,
          time,
        });
      };
      try {
        const result = await work(makeStep(childId, childEnding));
        end(childEnding.unchanged ? 'unchanged' : 'done');
        return result;
      } catch (error) {
        end('failed');
        throw error;
      }
    },
    progress(amount) {
      if (id !== undefined) listener({ type: 'step-progress', id, ...amount, time: Date.now() });
    },
    note(text) {
      ending.note = text;
    },
    unchanged(text) {
      ending.unchanged = true;
      if (text !== undefined) ending.note = text;
    },
    info(text) {
      listener({
        type: 'message',
        level: 'info',
        ...(id === undefined ? {} : { step: id }),
        text,
        time: Date.now(),
      });
    },
    warn(text) {
      listener({
        type: 'message',
        level: 'warning',
        ...(id === undefined ? {} : { step: id }),
        text,
        time: Date.now(),
      });
    },
  });

  return makeStep(undefined, { unchanged: false });
}

/** A step that nobody watches, for tests and for callers with no one to tell. */
export const unwatched: Step = watch(() => undefined);
