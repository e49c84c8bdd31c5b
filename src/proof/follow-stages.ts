import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Lab } from '../lab/lab.ts';
import type { LabProgram } from '../lab/observation.ts';
import { BootwrightError } from '../system/errors/index.ts';
import type { Step } from '../system/progress.ts';
import { diagnose } from './diagnose.ts';
import type { BootRecord, Failure } from './failure.ts';
import { type StageId, stages } from './stages.ts';
import type { Disturbance } from './trouble.ts';
import type { BootWatch } from './watch-boot.ts';

/** How long the machine may take to go away once it is off, in milliseconds. */
const powerDownTimeout = 5_000;

/** How often it is looked whether somebody serves NFS, while the kernel wants its root. */
const socketInterval = 1_500;

/**
 * Stages in which what still comes down the cable counts. The server has sent the image when the
 * last megabytes of it are on their way: what a slow card then loses of them is sent again later and later.
 */
const downloads: readonly StageId[] = ['image', 'kernel'];

/** How a boot is followed. */
export interface FollowOptions {
  /** What the diagnosis needs to know of the card's driver. */
  readonly driver: BootRecord['driver'];
  /** The folder of the logs, for the error. */
  readonly logs: string;
  /** Multiplies the time that each stage may take. */
  readonly patience: number;
  readonly signal?: AbortSignal | undefined;
  /** How much longer than usual some stages may take, in milliseconds. */
  readonly longer?: Readonly<Partial<Record<StageId, number>>>;
  /** Stages that this boot does not have. */
  readonly without?: readonly StageId[];
  /** What happens to the boot on its way. */
  readonly disturbance?: Disturbance | undefined;
  /** Kills a program of the lab when a stage is over, to rehearse its death. */
  readonly kill?: { readonly program: LabProgram; readonly after: StageId } | undefined;
}

/**
 * Waits for one stage after the other, each as a step.
 *
 * @returns why the boot stopped short, or undefined when the machine is off after its report
 */
export async function followStages(
  lab: Lab,
  watch: BootWatch,
  options: FollowOptions,
  step: Step,
): Promise<Failure | undefined> {
  const { disturbance } = options;
  const looking = new AbortController();
  const failures: Failure[] = [];
  try {
    for (const { id, title, patience } of stages) {
      if (options.without?.includes(id)) continue;
      if (id === 'nfs-root') void lookAtSockets(lab, looking.signal);
      await step.step(title, async (stageStep) => {
        const extra = disturbance?.slower.stages.includes(id) ? disturbance.slower.by : 0;
        const longer = options.longer?.[id] ?? 0;
        const allowed = (patience + extra + longer) * options.patience;
        const outcome = await watch.waitFor(id, allowed, {
          signal: options.signal,
          starvation: () => lab.starvation(),
          ...(downloads.includes(id) ? { delivered: () => lab.delivered() } : {}),
        });
        const at = watch.times[id];
        if (outcome === 'over' && at !== undefined) {
          stageStep.note(`at ${(at / 1000).toFixed(1)} s`);
          return;
        }
        const { times, observations } = watch;
        const failure = diagnose({
          stage: id,
          late: outcome === 'late' ? allowed : undefined,
          times,
          observations,
          driver: options.driver,
        });
        failures.push(failure);
        throw failureError(failure, options.logs);
      });
      if (disturbance?.after === id) await disturbance.act(lab);
      if (options.kill?.after === id) lab.kill(options.kill.program);
    }
    await waitForMachine(watch);
  } catch (error) {
    // The step has shown it; the caller gets it as a value.
    if (failures.length === 0) throw error;
  } finally {
    looking.abort();
  }
  return failures[0];
}

/** Looks at the sockets from time to time, while the kernel wants its root. */
async function lookAtSockets(lab: Lab, signal: AbortSignal): Promise<void> {
  try {
    for (;;) {
      await sleep(socketInterval, undefined, { signal });
      await lab.lookAtSockets();
    }
  } catch {
    // Aborted: the boot is over.
  }
}

/** Lets the machine go away by itself, now that its power is off. */
async function waitForMachine(watch: BootWatch): Promise<void> {
  const deadline = performance.now() + powerDownTimeout;
  const gone = (): boolean =>
    watch.observations.some((seen) => seen.type === 'ended' && seen.program === 'qemu');
  while (!gone() && performance.now() < deadline) await sleep(20);
}

/** A failure as an error to be thrown or shown. */
export function failureError(failure: Failure, logs: string): BootwrightError {
  const title = stages.find(({ id }) => id === failure.stage)?.title ?? failure.stage;
  return new BootwrightError(
    failure.code,
    `Stage "${failure.stage}" (${title}): ${failure.what} ${failure.cause}`,
    { hint: failure.hint, excerpt: failure.evidence, log: join(logs, 'console.log') },
  );
}
