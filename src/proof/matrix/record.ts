import { z } from 'zod';
import { matrixNames } from './machines.ts';

/** The version of `matrix.json` that this code writes. */
export const matrixSchemaVersion = 1;

const bootSchema = z.object({
  /** The machine in a few words. */
  title: z.string(),
  verdict: z.enum(['passed', 'failed', 'skipped']),
  /** The proof, relative to the matrix's own file; absent for a boot that was skipped. */
  record: z.string().optional(),
  /** Milliseconds from the start of the proof to its end. */
  elapsed: z.number(),
  /** When init ran, in milliseconds since the machine was switched on; null if it never did. */
  initAt: z.number().nullable(),
  /** Why it failed or was skipped. */
  reason: z.string().optional(),
  /** Of a boot that failed: its console, relative to the matrix's own file. */
  console: z.string().optional(),
});
/** One boot of a matrix. */
export type MatrixBoot = z.infer<typeof bootSchema>;

/** The record of a matrix: what was booted how, and what came of it. */
export const matrixSchema = z.object({
  schemaVersion: z.literal(matrixSchemaVersion),
  matrix: z.enum(matrixNames),
  /** When it ended, ISO 8601. */
  time: z.iso.datetime(),
  /** The bundle's id. */
  bundle: z.string(),
  verdict: z.enum(['passed', 'failed']),
  boots: z.array(bootSchema).readonly(),
  /** Milliseconds from the start to the end of all. */
  elapsed: z.number(),
  /** How many machines ran side by side at most. */
  jobs: z.number(),
});
export type Matrix = z.infer<typeof matrixSchema>;
