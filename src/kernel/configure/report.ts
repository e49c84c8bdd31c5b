import { z } from 'zod';
import { scopeNames } from './scope.ts';

/** One symbol whose value differs, or stays, and why. */
export const changeSchema = z.strictObject({
  /** Name without the CONFIG_ prefix. */
  symbol: z.string(),
  /** Value before: `n`, `m`, `y`, or the text of an int, hex or string. */
  from: z.string(),
  to: z.string(),
  reason: z.string(),
  /** The Kconfig line that the reason comes from, as `file:line`; empty if there is none. */
  location: z.string(),
});
export type Change = z.infer<typeof changeSchema>;

const tally = z.strictObject({
  y: z.int().nonnegative(),
  m: z.int().nonnegative(),
  n: z.int().nonnegative(),
});

/** What promotion did to a config. `from` is stock's value, `to` the netboot kernel's. */
export const promotionReportSchema = z.strictObject({
  schema: z.literal('bootwright/promotion-report'),
  version: z.literal(1),
  /** As the tree's Makefile says; empty if it is not known. */
  kernelVersion: z.string(),
  /** As kbuild names it, such as `x86`. */
  architecture: z.string(),
  scope: z.enum(scopeNames),
  /** The tristates of Device Drivers > Network device support, in stock and now. */
  menu: z.strictObject({ stock: tally, netboot: tally }),
  /** In scope, at m in stock, built in now. */
  promoted: z.array(changeSchema),
  /** Asked for by name: NFS root, autoconfiguration, the buses that network devices sit on. */
  requested: z.array(changeSchema),
  /** Raised by hand since something of the above cannot be built in without. */
  raised: z.array(changeSchema),
  /** Built in by a select or a default of something else. */
  selected: z.array(changeSchema),
  /** In the menu, and left as stock has it. */
  excluded: z.array(changeSchema),
  /** Wanted, and not to be had; the reason names what forbids it. */
  stuck: z.array(changeSchema),
  /** Lower than in stock. */
  lost: z.array(changeSchema),
  /** Off in stock, on now, and not asked for. */
  enabled: z.array(changeSchema),
  /** Kept at n, where a default would have switched it on. */
  pinned: z.array(changeSchema),
  /** Values set on purpose, and what follows from them. */
  settings: z.array(changeSchema),
});
export type PromotionReport = z.infer<typeof promotionReportSchema>;
