/**
 * What is wrong with a key or signature:
 * - `malformed`: it is not in minisign's format;
 * - `unsupported`: it is, but with an algorithm or a cost that is not taken;
 * - `wrong-passphrase`: a secret key that the passphrase does not open;
 * - `unfit`: a comment or passphrase that the format has no room for.
 */
export type MinisignProblem = 'malformed' | 'unsupported' | 'wrong-passphrase' | 'unfit';

/** The one error that reading and writing minisign's files throws. */
export class MinisignError extends Error {
  override readonly name = 'MinisignError';
  readonly problem: MinisignProblem;

  constructor(problem: MinisignProblem, message: string) {
    super(message);
    this.problem = problem;
  }
}
