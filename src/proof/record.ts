import { z } from 'zod';
import { loaderNames, transportNames } from '../lab/boot/loaders.ts';
import { bootMethodNames } from '../lab/boot/method.ts';
import { type CardName, cardNames, firmwareNames } from '../lab/qemu/cards.ts';
import { mediumKinds } from '../lab/qemu/medium.ts';
import { guestReportSchema } from './guest/report.ts';
import { rootKinds } from './guest/root.ts';
import { type StageId, stageIds } from './stages.ts';
import { troubleNames } from './trouble.ts';

/** The version of `proof.json` that this code writes. */
export const proofSchemaVersion = 1;

const stageSchema = z.enum(stageIds as [StageId, ...StageId[]]);
const digestSchema = z.string().regex(/^[0-9a-f]{64}$/, 'is not a SHA-256 digest');

/** The record of a boot: what was booted, on what, what it showed, and how long each stage took. */
export const proofSchema = z.object({
  schemaVersion: z.literal(proofSchemaVersion),
  /** When it ended, ISO 8601. */
  time: z.iso.datetime(),
  /** What it ran on, in a few words, such as `BIOS, e1000, NFS 3`. */
  title: z.string(),
  verdict: z.enum(['passed', 'failed']),
  kernelRelease: z.string(),
  bundle: z.object({
    /** The bundle's id; for a kernel that is in none, `none`. */
    id: z.string(),
    /** Digest of the kernel image that was booted. */
    imageSha256: digestSchema,
    /** Digest of the bundle's manifest. */
    manifestSha256: digestSchema.optional(),
  }),
  host: z.object({
    /** The first line of `qemu-system-x86_64 --version`. */
    qemu: z.string(),
    accelerator: z.enum(['tcg', 'kvm']),
    /** `uname -r` of the host. */
    kernel: z.string(),
  }),
  machine: z.object({
    nic: z.enum(cardNames as [CardName, ...CardName[]]),
    firmware: z.enum(firmwareNames),
    loader: z.enum(loaderNames),
    /** How the loader got the image. */
    transport: z.enum(transportNames),
    /** How the firmware came to the loader. */
    boot: z.enum(bootMethodNames).optional(),
    nfs: z.union([z.literal(3), z.literal(4)]),
    /** What the guest made of the read-only export. */
    root: z.enum(rootKinds).optional(),
    /** What it had to cope with on its way. */
    trouble: z.enum(troubleNames).optional(),
    /** How many modules of all subsystems it had to load, and what chose them. */
    sample: z.object({ count: z.number(), seed: z.number() }).optional(),
    /** What it booted from, if not from the network. */
    medium: z.enum(mediumKinds).optional(),
    /** Megabytes. */
    memory: z.number(),
    commandLine: z.string(),
  }),
  /** In order; `at` is in milliseconds since the machine was switched on, null for a stage not reached. */
  stages: z.array(z.object({ id: stageSchema, title: z.string(), at: z.number().nullable() })),
  /** From the start of the proof to its end, in milliseconds. */
  elapsed: z.number(),
  checks: z
    .array(
      z.object({
        id: z.string(),
        stage: stageSchema,
        title: z.string(),
        verdict: z.enum(['passed', 'failed', 'noted', 'not-applicable']),
        expected: z.string(),
        found: z.string(),
      }),
    )
    .readonly(),
  failure: z
    .object({
      code: z.enum(['BW-PROOF-FAILED', 'BW-PROOF-LAB']),
      stage: stageSchema,
      what: z.string(),
      cause: z.string(),
      hint: z.string(),
      evidence: z.array(z.string()).readonly(),
    })
    .nullable(),
  /** What the guest said of itself; null if it did not come to that. */
  guest: guestReportSchema.nullable(),
  /** The folder of the logs, relative to this file; console.log in it is the serial console. */
  logs: z.string(),
});
export type Proof = z.infer<typeof proofSchema>;
