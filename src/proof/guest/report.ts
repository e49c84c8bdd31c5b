import { z } from 'zod';

/** What init.sh posts; see there for where each value comes from. */
export const guestReportSchema = z.object({
  schema: z.literal(1),
  /** `uname -r`, `-v` and `-m`. */
  release: z.string(),
  version: z.string(),
  machine: z.string(),
  /** /proc/cmdline. */
  commandLine: z.string(),
  /** What the kernel was told of Secure Boot: 3 is on, 2 is off; null where it does not tell. */
  secureBoot: z.number().nullable().optional(),
  /** Source, type and options in /proc/mounts of what the kernel mounted as its root; empty if it is no NFS. */
  root: z.string(),
  /** The type of `/` now: `overlay` if the guest has put one over it. */
  rootType: z.string().optional(),
  /** Whether what is written into `/` is there afterwards. */
  rootTakesWrites: z.boolean().optional(),
  /** Names in /proc/modules when init started, one a line. */
  modulesAtStart: z.string(),
  /** Network interfaces that stand for a device. */
  interfaces: z.array(
    z.object({
      name: z.string(),
      mac: z.string().nullable(),
      /** Its IPv4 address, or empty. */
      address: z.string(),
      driver: z.string(),
      /** The driver's entry in /sys/module, which a driver that is built in has too. */
      module: z.string(),
    }),
  ),
  /** `Y` or `N`; null where the kernel checks no signatures. */
  signatureEnforcement: z.string().nullable(),
  /** What modprobe said of each module that was asked for. */
  modules: z.array(z.object({ name: z.string(), status: z.number(), output: z.string() })),
  /** Names in /proc/modules after that. */
  modulesAtEnd: z.string(),
  /** /proc/sys/kernel/tainted. */
  tainted: z.string().nullable(),
  hardware: z.object({
    pci: z.array(
      z.object({ slot: z.string(), modalias: z.string().nullable(), driver: z.string() }),
    ),
    dmi: z.record(z.string(), z.string().nullable()),
    processor: z.string(),
    processors: z.number(),
    memoryKiB: z.number(),
  }),
  /** Kernel messages of the levels emergency to error, raw, one a line. */
  kernelErrors: z.string(),
});
export type GuestReport = z.infer<typeof guestReportSchema>;

/**
 * Reads a report.
 *
 * @returns undefined if it is none, as when it was cut off
 */
export function readGuestReport(body: string): GuestReport | undefined {
  try {
    return guestReportSchema.parse(JSON.parse(body));
  } catch {
    return undefined;
  }
}
