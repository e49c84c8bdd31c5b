import type { ScopeName } from './scope.ts';

/** One symbol whose value differs, or stays, and why. */
export interface Change {
  /** Name without the CONFIG_ prefix. */
  readonly symbol: string;
  /** Value before: `n`, `m`, `y`, or the text of an int, hex or string. */
  readonly from: string;
  readonly to: string;
  readonly reason: string;
  /** The Kconfig line that the reason comes from, as `file:line`; empty if there is none. */
  readonly location: string;
}

/** How many symbols have which value. */
export interface Tally {
  readonly y: number;
  readonly m: number;
  readonly n: number;
}

/** What promotion did to a config. `from` is stock's value, `to` the netboot kernel's. */
export interface PromotionReport {
  readonly schema: 'bootwright/promotion-report';
  readonly version: 1;
  /** As the tree's Makefile says; empty if it is not known. */
  readonly kernelVersion: string;
  /** As kbuild names it, such as `x86`. */
  readonly architecture: string;
  readonly scope: ScopeName;
  /** The tristates of Device Drivers > Network device support, in stock and now. */
  readonly menu: { readonly stock: Tally; readonly netboot: Tally };
  /** In scope, at m in stock, built in now. */
  readonly promoted: readonly Change[];
  /** Asked for by name: NFS root, autoconfiguration, the buses that network devices sit on. */
  readonly requested: readonly Change[];
  /** Raised by hand since something of the above cannot be built in without. */
  readonly raised: readonly Change[];
  /** Built in by a select or a default of something else. */
  readonly selected: readonly Change[];
  /** In the menu, and left as stock has it. */
  readonly excluded: readonly Change[];
  /** Wanted, and not to be had; the reason names what forbids it. */
  readonly stuck: readonly Change[];
  /** Lower than in stock. */
  readonly lost: readonly Change[];
  /** Off in stock, on now, and not asked for. */
  readonly enabled: readonly Change[];
  /** Kept at n, where a default would have switched it on. */
  readonly pinned: readonly Change[];
  /** Values set on purpose, and what follows from them. */
  readonly settings: readonly Change[];
}
