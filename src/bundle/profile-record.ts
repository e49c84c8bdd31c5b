import { join } from 'node:path';
import { z } from 'zod';
import { namesIn, readTextUpTo } from '../system/files.ts';
import type { UnreadableProof } from './proof-record.ts';

/** A profile has a few kB. */
const profileLimit = 1024 * 1024;

/** By how much, in milliseconds, two boots of the same kernel may differ for no reason. */
export const noise = 300;

/** What a bundle needs to know of a profile (`prove --profile`). */
const profileRecordSchema = z.object({
  /** The bundle's id. */
  bundle: z.string(),
  /** What it ran on, in a few words. */
  title: z.string(),
  /** When it ended, ISO 8601. */
  time: z.iso.datetime(),
  /** Milliseconds from power-on to init. */
  initAt: z.number(),
  idle: z.array(z.object({ driver: z.string().regex(/^\w+$/), microseconds: z.number() })),
  without: z
    .object({ parameter: z.string().regex(/^\w+=[\w.,]+$/), initAt: z.number() })
    .nullable(),
});

/** A start that is shorter without drivers which only wait, as a profile has measured it. */
export interface ShorterStart {
  readonly title: string;
  readonly drivers: readonly string[];
  /** What the kernel is to be told. */
  readonly parameter: string;
  /** Milliseconds that it takes off: no more than the drivers waited. */
  readonly gain: number;
}

/**
 * Reads the profiles that lie in a bundle's folder.
 *
 * @param id - the bundle's: a profile of another says nothing
 * @returns what the latest of them has found to be shorter, if any has; and those that cannot be read
 */
export async function readShorterStart(
  folder: string,
  id: string,
): Promise<{
  readonly shorter?: ShorterStart;
  readonly unreadable: readonly UnreadableProof[];
}> {
  const profiles: z.infer<typeof profileRecordSchema>[] = [];
  const unreadable: UnreadableProof[] = [];
  for (const name of await namesIn(join(folder, 'proofs/profile'))) {
    if (!name.endsWith('.json')) continue;
    const file = join('proofs/profile', name);
    try {
      const text = await readTextUpTo(join(folder, file), profileLimit);
      profiles.push(profileRecordSchema.parse(JSON.parse(text)));
    } catch (error) {
      const problem = error instanceof z.ZodError ? z.prettifyError(error) : String(error);
      unreadable.push({ file, problem });
    }
  }
  const latest = profiles
    .filter(({ bundle }) => bundle === id)
    .sort((a, b) => (a.time < b.time ? 1 : -1))
    .flatMap(({ title, idle, initAt, without }): ShorterStart[] => {
      const gain = without === null ? 0 : initAt - without.initAt;
      if (without === null || gain <= noise) return [];
      const waited = idle.reduce((sum, { microseconds }) => sum + microseconds, 0) / 1000;
      const drivers = idle.map(({ driver }) => driver);
      return [{ title, drivers, parameter: without.parameter, gain: Math.min(gain, waited) }];
    })
    .at(0);
  return { ...(latest === undefined ? {} : { shorter: latest }), unreadable };
}
