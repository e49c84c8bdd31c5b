/**
 * What is wrong with bytes that should be an RPM package:
 * - `not-rpm`: they do not start as one;
 * - `truncated`: they end before what they announce;
 * - `malformed`: a length, offset or type in them cannot be.
 */
export type RpmProblem = 'not-rpm' | 'truncated' | 'malformed';

/** The one error that reading a package throws. */
export class RpmFormatError extends Error {
  override readonly name = 'RpmFormatError';
  readonly problem: RpmProblem;
  /** Where in the package, in bytes from its start. */
  readonly offset: number;

  constructor(problem: RpmProblem, message: string, offset: number) {
    super(message);
    this.problem = problem;
    this.offset = offset;
  }
}
