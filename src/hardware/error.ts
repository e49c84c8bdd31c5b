/** What is wrong with text that should tell a machine's hardware. */
export type HardwareProblem =
  /** Nothing, or nothing but spaces. */
  | 'empty'
  /** Longer than any such output. */
  | 'too-large'
  /** No text: a packed file, an image. */
  | 'binary'
  /** A web page around it. */
  | 'html'
  /** More devices than any machine has. */
  | 'too-many-devices'
  /** Text, but none of the forms that are read. */
  | 'unknown-format'
  /** It names the machine, but no devices: dmidecode. */
  | 'no-devices'
  /** Devices by their names alone. */
  | 'no-ids';

/** Thrown by the readers of this folder; nothing else is, whatever the text is. */
export class HardwareTextError extends Error {
  override readonly name = 'HardwareTextError';
  readonly problem: HardwareProblem;

  /**
   * @param problem - what is wrong
   * @param detail - how, as a sentence without its subject: `is empty`
   */
  constructor(problem: HardwareProblem, detail: string) {
    super(detail);
    this.problem = problem;
  }
}
