import { z } from 'zod';

/** The version of the record that this code writes. */
export const profileSchemaVersion = 1;

const initcallSchema = z.object({
  name: z.string(),
  module: z.string().optional(),
  microseconds: z.number(),
});

/** Where the time of a boot goes, and what can be taken off it. */
export const profileSchema = z.object({
  schemaVersion: z.literal(profileSchemaVersion),
  /** When it ended, ISO 8601. */
  time: z.iso.datetime(),
  /** What it ran on, in a few words. */
  title: z.string(),
  kernelRelease: z.string(),
  /** The bundle's id. */
  bundle: z.string(),
  /** Milliseconds from power-on to the init of the root, of a boot that nothing was measured in. */
  initAt: z.number(),
  /** Of the same boot. */
  parts: z.array(z.object({ title: z.string(), milliseconds: z.number() })).readonly(),
  /** What the kernel ran at its start, of a boot with `initcall_debug`. */
  initcalls: z.object({
    count: z.number(),
    microseconds: z.number(),
    /** Longest first. */
    longest: z.array(initcallSchema).readonly(),
  }),
  /** Network drivers that kept the machine waiting although it has no card for them. */
  idle: z
    .array(z.object({ initcall: z.string(), driver: z.string(), microseconds: z.number() }))
    .readonly(),
  /** A boot whose kernel was told to leave these out; null where there are none. */
  without: z
    .object({
      /** What it was told. */
      parameter: z.string(),
      initAt: z.number(),
    })
    .nullable(),
});
export type Profile = z.infer<typeof profileSchema>;
