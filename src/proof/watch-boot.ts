import type { Observation } from '../lab/observation.ts';
import { hopeless } from './signs.ts';
import { advance, type StageId, type StageTimes } from './stages.ts';

/** How the wait for a stage ended. */
export type WaitOutcome = 'over' | 'hopeless' | 'late';

/** Follows a boot by what is seen of it. */
export interface BootWatch {
  readonly observations: readonly Observation[];
  readonly times: StageTimes;
  /** Takes what the lab sees. */
  take(observation: Observation): void;
  /**
   * Waits until a stage is over, or cannot come any more, or its time has run out.
   *
   * @param patience - milliseconds
   */
  waitFor(stage: StageId, patience: number, signal?: AbortSignal): Promise<WaitOutcome>;
}

/** Starts to follow a boot. */
export function watchBoot(): BootWatch {
  const observations: Observation[] = [];
  let times: StageTimes = {};
  /** When there will be no hope any more, unless the stage turns out to be over by then. */
  let giveUpAt: number | undefined;
  let wake = (): void => undefined;

  return {
    observations,
    get times() {
      return times;
    },
    take(observation) {
      observations.push(observation);
      const before = times;
      times = advance(times, observation);
      // A server that asks in vain and a client that then comes through: what moved on has hope.
      if (times !== before) giveUpAt = undefined;
      const look = hopeless(observation, times);
      if (look !== undefined) {
        giveUpAt = Math.min(giveUpAt ?? Number.POSITIVE_INFINITY, performance.now() + look);
      }
      wake();
    },
    async waitFor(stage, patience, signal) {
      const late = performance.now() + patience;
      for (;;) {
        signal?.throwIfAborted();
        if (times[stage] !== undefined) return 'over';
        const now = performance.now();
        if (giveUpAt !== undefined && now >= giveUpAt) return 'hopeless';
        if (now >= late) return 'late';
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, Math.min(giveUpAt ?? late, late) - now);
          signal?.addEventListener('abort', () => resolve(), { once: true });
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
    },
  };
}
