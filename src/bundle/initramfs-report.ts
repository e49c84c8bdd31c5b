import { z } from 'zod';
import { BootwrightError } from '../system/errors/index.ts';

/**
 * What is in the initramfs of a wrapped stock kernel and why: a member of the bundle, JSON. The ids
 * of devices stand here as well, so that a bundle tells by itself what it serves.
 */
export const initramfsReportSchema = z.object({
  schema: z.literal('bootwright/initramfs'),
  version: z.literal(1),
  kernelRelease: z.string(),
  scope: z.string(),
  modules: z.array(
    z.object({
      /** With underscores, as lsmod shows it. */
      name: z.string(),
      /** In the folder of the modules, not compressed. */
      path: z.string(),
      why: z.string(),
      /** Patterns of modaliases. */
      aliases: z.array(z.string()).readonly(),
    }),
  ),
  /** Network drivers of stock that are not in it. */
  leftOut: z.array(z.object({ name: z.string(), path: z.string(), reason: z.string() })),
  firmware: z.object({
    /** Names below /lib/firmware. */
    files: z.array(z.string()),
    missing: z.array(z.object({ module: z.string(), file: z.string() })),
  }),
});
export type InitramfsReport = z.infer<typeof initramfsReportSchema>;

/**
 * Reads the report of a bundle.
 *
 * @param where - what it is called in messages
 * @throws BootwrightError `BW-BUNDLE-CORRUPT`
 */
export function parseInitramfsReport(text: string, where: string): InitramfsReport {
  try {
    return initramfsReportSchema.parse(JSON.parse(text));
  } catch (error) {
    throw new BootwrightError('BW-BUNDLE-CORRUPT', `"${where}" cannot be read.`, { cause: error });
  }
}
