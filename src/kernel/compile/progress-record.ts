import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { isSystemError } from '../../system/errors/index.ts';

const progressRecordSchema = z.object({
  /** Digest of the config's values that were compiled. */
  config: z.string(),
  /** Objects compiled so far, over all runs of this config that were not brought to an end. */
  compiled: z.int().nonnegative(),
  /**
   * Whether all that is to be compiled can be told by this: not once the folder has held all
   * objects, or some of another config, of which nobody knows how many make finds still good.
   */
  countable: z.boolean(),
});
/** How far the last make in a folder of objects came: for the estimate of the next. */
export type ProgressRecord = z.infer<typeof progressRecordSchema>;

/** Reads a record. It only serves an estimate: one that cannot be read is as good as none. */
export async function readProgressRecord(path: string): Promise<ProgressRecord | undefined> {
  try {
    return progressRecordSchema.safeParse(JSON.parse(await readFile(path, 'utf8'))).data;
  } catch (error) {
    if (isSystemError(error, 'ENOENT') || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/**
 * What the next run of a config starts from: how many of its objects are there, and whether the
 * rest can be counted.
 *
 * @param earlier - what the last run has left; undefined in a new folder
 * @param config - digest of the config's values that are to be compiled
 */
export function startingPoint(
  earlier: ProgressRecord | undefined,
  config: string,
): Pick<ProgressRecord, 'compiled' | 'countable'> {
  if (earlier === undefined) return { compiled: 0, countable: true };
  const countable = earlier.countable && earlier.config === config;
  return { compiled: countable ? earlier.compiled : 0, countable };
}
