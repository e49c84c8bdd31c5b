import { readFileSync } from 'node:fs';
import type { Observation } from '../../src/lab/observation.ts';
import type { BootRecord } from '../../src/proof/failure.ts';
import { hopeless } from '../../src/proof/signs.ts';
import { advance, type StageTimes, stageUnderWay } from '../../src/proof/stages.ts';

/** What was seen of a real boot in the lab, shortened; see recordings/. */
export function recording(name: string): readonly Observation[] {
  const text = readFileSync(new URL(`recordings/${name}.jsonl`, import.meta.url), 'utf8');
  return text
    .trim()
    .split('\n')
    .map((line): Observation => JSON.parse(line));
}

/** Follows observations to their end. */
export function follow(observations: readonly Observation[]): {
  readonly times: StageTimes;
  /** How many were seen when it was given up, if it was. */
  readonly hopelessAt: number | undefined;
} {
  let times: StageTimes = {};
  let hopelessAt: number | undefined;
  for (const [index, observation] of observations.entries()) {
    times = advance(times, observation);
    if (hopeless(observation, times) !== undefined) hopelessAt ??= index + 1;
  }
  return { times, hopelessAt };
}

/** A recording as the diagnosis gets it. */
export function recordOf(
  observations: readonly Observation[],
  driver: BootRecord['driver'] = { names: ['virtio_net'], builtIn: true },
): BootRecord {
  const { times } = follow(observations);
  return { stage: stageUnderWay(times) ?? 'off', times, observations, driver };
}

/** Observations of console lines, one every millisecond. */
export function consoleOf(text: string, from = 1): readonly Observation[] {
  return text
    .split('\n')
    .map((line, index): Observation => ({ type: 'console', text: line, at: from + index }));
}
