import type { Observation } from '../lab/observation.ts';
import type { StageId, StageTimes } from './stages.ts';

/** Why a proof failed: which stage, what was seen, and what is most likely behind it. */
export interface Failure {
  /** `BW-PROOF-LAB` if the apparatus failed, which says nothing about the kernel. */
  readonly code: 'BW-PROOF-FAILED' | 'BW-PROOF-LAB';
  readonly stage: StageId;
  readonly what: string;
  readonly cause: string;
  readonly hint: string;
  /** The lines of console or logs that show it. */
  readonly evidence: readonly string[];
}

/** All that is known about a boot that did not come to its end. */
export interface BootRecord {
  /** The stage that was not reached. */
  readonly stage: StageId;
  /**
   * How long it was waited for, in milliseconds, if its time ran out; otherwise something else
   * showed that it would not come.
   */
  readonly late?: number | undefined;
  readonly times: StageTimes;
  readonly observations: readonly Observation[];
  /** The drivers that may take the card, and whether one of them is in `modules.builtin`. */
  readonly driver: { readonly names: readonly string[]; readonly builtIn: boolean };
}

/** Lines of the console that match, in order. */
export function consoleLines(record: BootRecord, pattern: RegExp): readonly string[] {
  return record.observations.flatMap((observation) =>
    observation.type === 'console' && pattern.test(observation.text) ? [observation.text] : [],
  );
}
