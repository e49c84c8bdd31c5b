import { join } from 'node:path';
import { z } from 'zod';
import { isSystemError } from '../system/errors/index.ts';
import { namesIn, readTextUpTo } from '../system/files.ts';

/** A proof with all that its machine has said has some 100 kB. */
const proofLimit = 16 * 1024 * 1024;

/** What a bundle needs to know of a proof; the proof itself has much more. */
const proofRecordSchema = z.object({
  bundle: z.object({
    id: z.string(),
    /** Digest of the kernel image that was booted. */
    imageSha256: z.string(),
  }),
  verdict: z.enum(['passed', 'failed']),
  /** What it ran on, in a few words, such as `BIOS, e1000, NFS 3`. */
  title: z.string(),
  /** When it ended, ISO 8601. */
  time: z.string().optional(),
  host: z.object({ accelerator: z.string() }).optional(),
  /** In order; `at` is in milliseconds since the machine was switched on, null for one not reached. */
  stages: z.array(z.object({ id: z.string(), at: z.number().nullable() })).optional(),
});

/** A proof that lies in a bundle's folder. */
export interface ProofRecord extends z.infer<typeof proofRecordSchema> {
  /** Its name in the bundle's folder. */
  readonly file: string;
}

/** A proof that cannot be read. */
export interface UnreadableProof {
  readonly file: string;
  readonly problem: string;
}

async function proofFiles(folder: string): Promise<readonly string[]> {
  const inFolder = await namesIn(join(folder, 'proofs'));
  const files = inFolder
    .filter((name) => name.endsWith('.json'))
    .map((name) => join('proofs', name));
  // proof.json repeats the latest of them.
  return files.length > 0 ? files : ['proof.json'];
}

/** Reads the proofs that lie in a bundle's folder: `proofs/*.json`, or `proof.json` alone. */
export async function readProofs(
  folder: string,
): Promise<readonly (ProofRecord | UnreadableProof)[]> {
  const proofs: (ProofRecord | UnreadableProof)[] = [];
  for (const file of await proofFiles(folder)) {
    try {
      const json: unknown = JSON.parse(await readTextUpTo(join(folder, file), proofLimit));
      proofs.push({ file, ...proofRecordSchema.parse(json) });
    } catch (error) {
      if (isSystemError(error, 'ENOENT')) continue;
      if (isSystemError(error)) throw error;
      proofs.push({
        file,
        problem: error instanceof z.ZodError ? z.prettifyError(error) : String(error),
      });
    }
  }
  return proofs;
}
