import type { Observation } from '../lab/observation.ts';
import { hopeless } from './signs.ts';
import { advance, type StageId, type StageTimes } from './stages.ts';

/** How the wait for a stage ended. */
export type WaitOutcome = 'over' | 'hopeless' | 'late';

/** So little waiting for the host, in milliseconds, that a stage gets no more time for it. */
const starvationIgnored = 500;

/**
 * What comes is still on its way if that many bytes came within that share of the stage's time. Less
 * is a block that is sent again and again.
 */
const stillComing = { bytes: 500_000, share: 0.5 } as const;

/** How many times its time a stage gets at most. */
const mostPatience = 10;

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
   * @param starvation - how long the machine has waited for the host so far, in milliseconds: what
   *   comes to that during the stage is not taken off its time
   * @param delivered - how many bytes the machine has been sent so far: what still comes, however
   *   slowly, is waited for
   */
  waitFor(
    stage: StageId,
    patience: number,
    options?: {
      readonly signal?: AbortSignal | undefined;
      readonly starvation?: () => Promise<number>;
      readonly delivered?: () => Promise<number>;
    },
  ): Promise<WaitOutcome>;
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
    async waitFor(stage, patience, options = {}) {
      const { signal, starvation = async () => 0, delivered = async () => 0 } = options;
      const started = performance.now();
      let late = started + patience;
      let [starved, moved] = await Promise.all([starvation(), delivered()]);
      for (;;) {
        signal?.throwIfAborted();
        if (times[stage] !== undefined) return 'over';
        const now = performance.now();
        if (giveUpAt !== undefined && now >= giveUpAt) return 'hopeless';
        if (now >= late) {
          const [starvedBefore, movedBefore] = [starved, moved];
          [starved, moved] = await Promise.all([starvation(), delivered()]);
          // Whoever was kept from a processor may have found the alarm before what it waited for.
          if (times[stage] !== undefined) return 'over';
          const kept = starved - starvedBefore;
          const more =
            kept >= starvationIgnored
              ? kept
              : moved - movedBefore >= stillComing.bytes
                ? stillComing.share * patience
                : 0;
          if (more === 0 || now >= started + mostPatience * patience) return 'late';
          late = now + more;
        }
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
