import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { isSystemError } from '../system/errors/index.ts';
import { sha256, sha256File, writeWhole } from '../system/files.ts';

/** What determines a stage, named so that a change can be explained. */
export type Determinants = Readonly<Record<string, string | number | boolean | readonly string[]>>;

/** The record that a stage has been finished: of what, and what came out. */
const sealSchema = z.object({
  schemaVersion: z.literal(1),
  stage: z.string(),
  /** Digest of the determinants. */
  key: z.string(),
  determinants: z.record(
    z.string(),
    z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]),
  ),
  /** SHA-256 of the files that the stage stands by, by absolute path. */
  outputs: z.record(z.string(), z.string()),
  /** What the stage gave to the next ones. */
  result: z.unknown(),
});
export type Seal = z.infer<typeof sealSchema>;

/** The key of a stage: the same determinants give the same key, in whatever order they stand. */
export function stageKey(determinants: Determinants): string {
  const sorted = Object.entries(determinants).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return sha256(JSON.stringify(sorted));
}

/** Digest of what a stage made: what the next stage's key is made of. */
export function outputDigest(seal: Pick<Seal, 'outputs'>): string {
  return stageKey(seal.outputs);
}

/** The names of the determinants that differ between a seal and now. */
export function changedDeterminants(seal: Seal, now: Determinants): readonly string[] {
  const names = new Set([...Object.keys(seal.determinants), ...Object.keys(now)]);
  return [...names]
    .filter((name) => JSON.stringify(seal.determinants[name]) !== JSON.stringify(now[name]))
    .sort();
}

/** The seal of a stage, or undefined if it has none or an unreadable one (then it is done again). */
export async function readSeal(folder: string, stage: string): Promise<Seal | undefined> {
  try {
    const parsed = sealSchema.safeParse(
      JSON.parse(await readFile(join(folder, `${stage}.json`), 'utf8')),
    );
    return parsed.success && parsed.data.stage === stage ? parsed.data : undefined;
  } catch (error) {
    if (isSystemError(error, 'ENOENT') || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Takes a stage's seal away, before anything of it is touched. */
export async function breakSeal(folder: string, stage: string): Promise<void> {
  await rm(join(folder, `${stage}.json`), { force: true });
}

/**
 * Seals a stage that has been finished.
 *
 * @param outputs - the files that the stage stands by, absolute paths
 */
export async function writeSeal(
  folder: string,
  stage: string,
  determinants: Determinants,
  outputs: readonly string[],
  result: unknown,
): Promise<Seal> {
  const digests: Record<string, string> = {};
  for (const path of [...outputs].sort()) digests[path] = await sha256File(path);
  const seal: Seal = {
    schemaVersion: 1,
    stage,
    key: stageKey(determinants),
    determinants: Object.fromEntries(
      Object.entries(determinants).map(([name, value]) => [
        name,
        typeof value === 'object' ? [...value] : value,
      ]),
    ),
    outputs: digests,
    result,
  };
  await writeWhole(join(folder, `${stage}.json`), `${JSON.stringify(seal, undefined, 2)}\n`);
  return seal;
}

/** The first of a sealed stage's files that is gone or is not what it was, or undefined. */
export async function brokenOutput(seal: Seal): Promise<string | undefined> {
  for (const [path, digest] of Object.entries(seal.outputs)) {
    try {
      if ((await sha256File(path)) !== digest) return path;
    } catch (error) {
      if (isSystemError(error, 'ENOENT', 'ENOTDIR', 'EISDIR')) return path;
      throw error;
    }
  }
  return undefined;
}
