import type { Random } from './random.ts';

/** A reader of foreign bytes, as the fuzzer calls it. */
export interface Target {
  readonly name: string;
  /** Sound inputs to begin with. */
  seeds(): Promise<readonly Uint8Array[]> | readonly Uint8Array[];
  /** Words of the format, which chance alone would hardly find. */
  readonly words: readonly string[];
  /** Changes an input by what is known of its form; undefined where that does not go. */
  readonly mutate?: (input: Uint8Array, random: Random) => Uint8Array | undefined;
  /** Reads an input, and all that can be asked of the result. */
  run(input: Uint8Array): Promise<void>;
  /** Whether this is how reading is meant to fail: by an error of the reader's own. */
  isOwnError(error: unknown): boolean;
}
