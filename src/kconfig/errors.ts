import type { Location } from './model.ts';

/** The Kconfig files cannot be read: the tree's own conf would stop here, too. */
export class KconfigSyntaxError extends Error {
  readonly file: string;
  readonly line: number;
  /** The `source` statements that led to the file, innermost first. */
  readonly includedFrom: readonly Location[];
  /** The message without the location. */
  readonly reason: string;
  /** What the tree's own conf would print to stderr, where that is more than one line. */
  readonly diagnostics: string;

  constructor(
    reason: string,
    location: Location,
    includedFrom: readonly Location[] = [],
    diagnostics = `${location.file}:${location.line}: ${reason}\n`,
  ) {
    super(`${location.file}:${location.line}: ${reason}`);
    this.name = 'KconfigSyntaxError';
    this.reason = reason;
    this.file = location.file;
    this.line = location.line;
    this.includedFrom = includedFrom;
    this.diagnostics = diagnostics;
  }
}
