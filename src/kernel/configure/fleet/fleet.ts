import { z } from 'zod';
import { BootwrightError } from '../../../system/errors/index.ts';
import { readTextFile } from '../../../system/files.ts';

/** The version of the fleet file's schema that this code writes and reads. */
export const fleetVersion = 1;

/** Buses whose own drivers a fleet may need, beside PCI, which every kernel has. */
export const fleetBuses = ['usb', 'virtio', 'vmbus'] as const;
export type FleetBus = (typeof fleetBuses)[number];

/** A name that does no harm to a terminal or a manifest. */
const nameSchema = z
  .string()
  .min(1)
  .max(200)
  .refine((name) => !/\p{Cc}/u.test(name), 'has control characters');

const fleetDriverSchema = z.object({
  /** With underscores, as lsmod shows it. */
  module: z.string().regex(/^\w[\w-]*$/, 'is not the name of a module'),
  /** Where the kernel's own build puts it: `kernel/drivers/net/…/e1000e.ko`. */
  path: z
    .string()
    .regex(/^kernel\/(?:\w[\w.+-]*\/)+\w[\w.+-]*\.ko$/, 'is not the path of a module')
    .exactOptional(),
  /** The Kconfig symbol, without CONFIG_; else it is looked up in the tree's Makefiles. */
  symbol: z.string().regex(/^\w+$/, 'is not the name of a symbol').exactOptional(),
  /** Names of the machines that need it. */
  machines: z.array(nameSchema),
  /** For a person: why it was taken. */
  reason: z.string().max(2000).exactOptional(),
});
export type FleetDriver = z.infer<typeof fleetDriverSchema>;

/**
 * The machines that a kernel is for, and the drivers by which they boot from the network: what
 * `bootwright coverage --suggest` writes and `--scope fleet=FILE` builds.
 */
export const fleetSchema = z.object({
  schema: z.literal('bootwright/fleet'),
  version: z.literal(fleetVersion),
  /** The `uname -r` of the stock kernel that the drivers were found in; another one may have other drivers. */
  kernelRelease: z.string().exactOptional(),
  /** Whether every network card of a machine is served, or one at least. */
  cards: z.enum(['every', 'one']).exactOptional(),
  machines: z.array(z.object({ name: nameSchema, system: z.string().max(400).exactOptional() })),
  drivers: z.array(fleetDriverSchema).min(1, 'names no driver'),
  /** Buses that the cards sit on; without this, the drivers of all of them are built in. */
  buses: z.array(z.enum(fleetBuses)).exactOptional(),
});
export type Fleet = z.infer<typeof fleetSchema>;

const howToMake =
  'Let "bootwright coverage --stock PATH --suggest FILE… --out fleet.json" make one of what lspci says of the machines.';

/**
 * Reads the text of a fleet file.
 *
 * @param where - what it is called in messages
 * @throws BootwrightError `BW-FLEET-INVALID`, `BW-FLEET-IS-HARDWARE` (no JSON: what lspci says of a
 *   machine, or the like)
 */
export function parseFleet(text: string, where: string): Fleet {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    if (!text.trimStart().startsWith('{')) {
      throw new BootwrightError(
        'BW-FLEET-IS-HARDWARE',
        `"${where}" is no fleet file, which is JSON.`,
      );
    }
    const why = error instanceof Error ? error.message : String(error);
    throw new BootwrightError('BW-FLEET-INVALID', `"${where}" is not JSON: ${why}.`, {
      cause: error,
    });
  }
  const parsed = fleetSchema.safeParse(json);
  if (!parsed.success) {
    throw new BootwrightError('BW-FLEET-INVALID', `"${where}" is no fleet file of version 1.`, {
      hint: howToMake,
      excerpt: z.prettifyError(parsed.error).split('\n').slice(0, 12),
    });
  }
  return parsed.data;
}

/**
 * Reads a fleet file.
 *
 * @throws BootwrightError `BW-FILE-MISSING`, `BW-FILE-ACCESS`, `BW-FILE-TOO-LARGE`, and as
 *   {@link parseFleet} does
 */
export async function readFleet(path: string): Promise<Fleet> {
  return parseFleet(await readTextFile(path, 'fleet file'), path);
}

/** A fleet as it stands in its file. */
export function renderFleet(fleet: Fleet): string {
  return `${JSON.stringify(fleet, undefined, 2)}\n`;
}
