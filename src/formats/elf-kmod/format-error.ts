/** What is wrong with a file that should be a kernel module. */
export type ModuleFormatProblem =
  /** No ELF file at all, or not one of the 64-bit little-endian relocatable kind. */
  | 'not-a-module'
  /** A header, table or string points outside of the file. */
  | 'out-of-bounds'
  /** A module signature that is cut off, or is not what sign-file writes. */
  | 'bad-signature';

/** Thrown by the readers of this folder; nothing else is, whatever the bytes are. */
export class ModuleFormatError extends Error {
  override readonly name = 'ModuleFormatError';
  readonly problem: ModuleFormatProblem;

  /**
   * @param problem - what is wrong
   * @param detail - where and how, as the end of a sentence
   */
  constructor(problem: ModuleFormatProblem, detail: string) {
    super(detail);
    this.problem = problem;
  }
}
