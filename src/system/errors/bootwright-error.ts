import { type ErrorDefinition, exitStatus } from './definition.ts';
import { errorTable, type KnownErrorCode } from './table.ts';

/** The particulars of one occasion, beside the general row of the table. */
export interface Occasion {
  /** What to do, where this occasion knows better than the table. */
  readonly hint?: string;
  /** A command that a person can paste to see the failure again. */
  readonly command?: string;
  /** The log that has the whole story. */
  readonly log?: string;
  /** A few lines of the program's or file's own words. */
  readonly excerpt?: readonly string[];
  /** What brought it about. */
  readonly cause?: unknown;
}

/** The form in which an error leaves the product by `--json`. */
export interface ErrorReport {
  readonly code: KnownErrorCode;
  readonly what: string;
  readonly detail: string;
  readonly hint: string;
  readonly command?: string;
  readonly log?: string;
  readonly excerpt?: readonly string[];
}

/**
 * An error that a person is to read: a stable code of the one table, the
 * particulars of the occasion, and what to do next.
 *
 * @example
 * throw new BootwrightError('BW-FILE-MISSING', `There is no file "${path}".`);
 */
export class BootwrightError extends Error {
  override readonly name = 'BootwrightError';
  readonly code: KnownErrorCode;
  readonly occasion: Occasion;

  /**
   * @param code - row of the table
   * @param detail - one or two sentences with the particulars: which file, which value, which line
   * @param occasion - hint, command, log and excerpt of this occasion
   */
  constructor(code: KnownErrorCode, detail: string, occasion: Occasion = {}) {
    super(detail, occasion.cause === undefined ? undefined : { cause: occasion.cause });
    this.code = code;
    this.occasion = occasion;
  }

  /** The table's row. */
  get definition(): ErrorDefinition {
    return errorTable[this.code];
  }

  /** What to do next. */
  get hint(): string {
    return this.occasion.hint ?? this.definition.hint;
  }

  /** The status with which the process ends. */
  get exitStatus(): number {
    return exitStatus[this.definition.exit];
  }

  /** As plain data, for `--json`. */
  toReport(): ErrorReport {
    const { command, log, excerpt } = this.occasion;
    return {
      code: this.code,
      what: this.definition.what,
      detail: this.message,
      hint: this.hint,
      ...(command === undefined ? {} : { command }),
      ...(log === undefined ? {} : { log }),
      ...(excerpt === undefined ? {} : { excerpt }),
    };
  }
}
