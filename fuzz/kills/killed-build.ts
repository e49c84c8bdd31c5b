import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { familyOf } from './processes.ts';

const lineSchema = z.object({
  type: z.string(),
  id: z.number().optional(),
  parent: z.number().optional(),
  title: z.string().optional(),
  outcome: z.string().optional(),
  error: z.object({ code: z.string(), detail: z.string() }).optional(),
});

/** When a build is to be killed, and how. */
export interface Kill {
  /** Title of the stage to wait for; without it the time counts from the start. */
  readonly stage?: string;
  /** In milliseconds. */
  readonly delay: number;
  /** `node` leaves what it has started to itself; `all` takes that along. */
  readonly who: 'node' | 'all';
}

/** How a run has ended. */
export interface RunOutcome {
  readonly killed: boolean;
  /** The stage that was going on, or the last one. */
  readonly stage: string;
  /** The code of the error that it ended with. */
  readonly error: string | undefined;
  /** How long each stage has taken that was done, in milliseconds. */
  readonly durations: ReadonlyMap<string, number>;
}

function killNow(pid: number, who: Kill['who']): void {
  for (const id of who === 'all' ? familyOf(pid) : [pid]) {
    try {
      process.kill(id, 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
  }
}

/** Runs `bootwright build … --json`, and kills it. */
export async function runBuild(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  kill?: Kill,
): Promise<RunOutcome> {
  const child = spawn(resolve('bootwright'), ['build', ...args, '--json'], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, ...env },
  });
  const ended = once(child, 'exit') as Promise<[number | null, string | null]>;
  const durations = new Map<string, number>();
  const stages = new Map<number, { readonly title: string; readonly start: number }>();
  let timer: NodeJS.Timeout | undefined;
  let stage = '(start)';
  let error: string | undefined;
  const arm = (delay: number): void => {
    timer ??= setTimeout(() => killNow(child.pid ?? 0, kill?.who ?? 'node'), delay);
  };
  if (kill !== undefined && kill.stage === undefined) arm(kill.delay);
  void ended.then(() => child.stdout.destroy());
  try {
    for await (const text of createInterface({ input: child.stdout })) {
      const { success, data } = lineSchema.safeParse(JSON.parse(text));
      if (!success) continue;
      if (data.type === 'step-start' && data.parent === undefined && data.id !== undefined) {
        stage = data.title ?? '';
        stages.set(data.id, { title: stage, start: performance.now() });
        if (kill?.stage === stage) arm(kill.delay);
      }
      const known = stages.get(data.id ?? -1);
      if (data.type === 'step-end' && known !== undefined && data.outcome === 'done') {
        durations.set(known.title, performance.now() - known.start);
      }
      if (data.error !== undefined) error = `${data.error.code}: ${data.error.detail}`;
    }
  } catch (reason) {
    // A line that was cut off by the kill, or the pipe that it has closed.
    if (kill === undefined) throw reason;
  }
  const [, signal] = await ended;
  clearTimeout(timer);
  return { killed: signal === 'SIGKILL', stage, error, durations };
}
