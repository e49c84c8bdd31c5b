import { z } from 'zod';

/** A symbol's change, and why. */
const changeSchema = z.object({
  symbol: z.string().regex(/^\w+$/),
  /** The value in the stock config; null where the symbol was not there. */
  from: z.string().nullable(),
  /** The value in the netboot config; null where the symbol is gone. */
  to: z.string().nullable(),
  reason: z.string(),
  /** `file:line` of the Kconfig line that the reason is about. */
  location: z.string().nullish(),
});
export type Change = z.infer<typeof changeSchema>;
export const changesSchema = z.array(changeSchema).readonly();

/**
 * What promotion did, as `bootwright config promote --report` writes it; of that
 * report a bundle's manifest keeps these lists, and the archive the whole.
 */
export const promotionSchema = z.object({
  /** Tristates of the scope, raised from `m` to `y`. */
  promoted: changesSchema,
  /** Asked for by name. */
  requested: changesSchema,
  /** Raised by hand, outside the scope, since something in it needs them. */
  raised: changesSchema,
  /** Risen by a select or a default. */
  selected: changesSchema,
  /** In scope, but left as stock has them. */
  excluded: changesSchema,
  /** In scope, but cannot be built in. */
  stuck: changesSchema,
  /** Options of the stock config that are gone. */
  lost: changesSchema,
  /** Off in the stock config, on now, and not requested. */
  enabled: changesSchema,
  /** Held off by hand, where a default would have switched them on. */
  pinned: changesSchema,
  /** Values set on purpose, and what follows from them. */
  settings: changesSchema,
});
export type Promotion = z.infer<typeof promotionSchema>;

/** What promotion does to a kernel that is not built: nothing. */
export const noPromotion: Promotion = {
  promoted: [],
  requested: [],
  raised: [],
  selected: [],
  excluded: [],
  stuck: [],
  lost: [],
  enabled: [],
  pinned: [],
  settings: [],
};
