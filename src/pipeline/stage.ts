import { rm } from 'node:fs/promises';
import type { z } from 'zod';
import type { Step } from '../system/progress.ts';
import {
  breakSeal,
  brokenOutput,
  changedDeterminants,
  type Determinants,
  outputDigest,
  readSeal,
  type Seal,
  stageKey,
  writeSeal,
} from './seal.ts';

/** What every stage gets beside its inputs. */
export interface StageContext {
  readonly step: Step;
  readonly signal?: AbortSignal;
  /** The stage's own log file. */
  readonly log: string;
}

/** One stage of the pipeline: a function from typed inputs to typed outputs in a folder. */
export interface Stage<Result> {
  readonly name: string;
  /** What a person reads, such as `Compile the kernel`. */
  readonly title: string;
  /** Digests of inputs, settings and tool identities. */
  readonly determinants: Determinants;
  /** The form in which the result is kept in the seal. */
  readonly schema: z.ZodType<Result>;
  /** Folders that are deleted before the stage runs; empty for one that can go on from what is there. */
  readonly clean: readonly string[];
  /** The files that the stage stands by: their digests are in the seal. */
  outputs(result: Result): readonly string[] | Promise<readonly string[]>;
  run(context: StageContext): Promise<Result>;
}

/** What `--dry-run` says of a stage, and why a run does it or not. */
export interface Plan {
  readonly stage: string;
  readonly title: string;
  readonly action: 'run' | 'keep';
  readonly why: string;
}

/** What has come out of a stage, and the digest that the next stage's key is made of. */
export interface StageOutcome<Result> {
  readonly result: Result;
  readonly digest: string;
}

/** What is left of an earlier run: the sealed result, if it still holds, or why it does not. */
type Standing<Result> =
  | { readonly holds: true; readonly seal: Seal; readonly result: Result }
  | { readonly holds: false; readonly why: string };

async function standingOf<Result>(stage: Stage<Result>, seals: string): Promise<Standing<Result>> {
  const seal = await readSeal(seals, stage.name);
  if (seal === undefined) return { holds: false, why: 'not finished before' };
  if (seal.key !== stageKey(stage.determinants)) {
    const changed = changedDeterminants(seal, stage.determinants);
    return { holds: false, why: `changed: ${changed.join(', ')}` };
  }
  const result = stage.schema.safeParse(seal.result);
  if (!result.success) return { holds: false, why: 'made by another version of Bootwright' };
  const broken = await brokenOutput(seal);
  if (broken !== undefined) return { holds: false, why: `gone or changed since: ${broken}` };
  return { holds: true, seal, result: result.data };
}

/** Says what a run would do with a stage, and gives its sealed outcome if that still holds. */
export async function planStage<Result>(
  stage: Stage<Result>,
  seals: string,
): Promise<{ readonly plan: Plan; readonly outcome?: StageOutcome<Result> }> {
  const standing = await standingOf(stage, seals);
  const plan = { stage: stage.name, title: stage.title };
  if (!standing.holds) return { plan: { ...plan, action: 'run', why: standing.why } };
  return {
    plan: { ...plan, action: 'keep', why: 'nothing has changed' },
    outcome: { result: standing.result, digest: outputDigest(standing.seal) },
  };
}

/**
 * Runs a stage, or takes its sealed result if its key still holds. The seal is
 * broken before anything is touched and written last, so that a stage that was
 * killed half-way is never taken for a finished one.
 */
export async function runStage<Result>(
  stage: Stage<Result>,
  seals: string,
  parent: Step,
  context: Omit<StageContext, 'step'>,
): Promise<StageOutcome<Result>> {
  return parent.step(stage.title, async (step) => {
    const standing = await standingOf(stage, seals);
    if (standing.holds) {
      step.unchanged();
      return { result: standing.result, digest: outputDigest(standing.seal) };
    }
    await breakSeal(seals, stage.name);
    for (const folder of stage.clean) await rm(folder, { recursive: true, force: true });
    // A stage's log is that of its last run.
    await rm(context.log, { force: true });
    const result = await stage.run({ ...context, step });
    context.signal?.throwIfAborted();
    const seal = await writeSeal(
      seals,
      stage.name,
      stage.determinants,
      await stage.outputs(result),
      result,
    );
    return { result, digest: outputDigest(seal) };
  });
}
