import { z } from 'zod';

/** What one run of the engine is to do, as a file tells it to a process of its own. */
export const courseSchema = z.object({
  tree: z.string(),
  /** Relative to the tree. */
  rootFile: z.string(),
  environment: z.record(z.string(), z.string()),
  /** The folder that make would call conf in. */
  objects: z.string(),
  /** What the commands of the Kconfig files print; without it they are asked. */
  answers: z.record(z.string(), z.string()).optional(),
  /** ARCH for make. */
  architecture: z.string(),
  /** A `.config`. */
  config: z.string(),
  /** Where to write what follows from it. */
  out: z.string(),
  /** Where to write the times. */
  report: z.string(),
  /** Whether to promote, too. */
  promotes: z.boolean(),
});
export type EngineCourse = z.infer<typeof courseSchema>;

/** How long each part took, in milliseconds. */
export const partsSchema = z.object({
  /** From the files to the menu, dependencies inherited and circles looked for. */
  parse: z.number(),
  /** From a `.config` to the one that follows. */
  evaluate: z.number(),
  promote: z.number().optional(),
});
export type Parts = z.infer<typeof partsSchema>;
