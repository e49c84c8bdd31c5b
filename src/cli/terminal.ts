import type { Step } from '../system/progress.ts';

/** What a command is given to talk with: the person's wishes, and the ways to tell things. */
export interface Terminal {
  /** The root of the progress of this command. */
  readonly step: Step;
  /** Aborted by Ctrl-C and SIGTERM. */
  readonly signal: AbortSignal;
  readonly json: boolean;
  readonly colour: boolean;
  /** Columns to write within. */
  readonly width: number;
  /**
   * Prints the command's result on standard output: the text for a person, or
   * the value as one JSON line with `--json`.
   */
  result(value: unknown, text: string): void;
}
