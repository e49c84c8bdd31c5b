/** A place at which two files differ. */
export interface Place {
  /** Such as `section .text`, `CONFIG_SMP`, `line 12`, `boot header, syssize`. */
  readonly where: string;
  /** What the original has there, in a few words. */
  readonly original: string;
  /** What the rebuilt one has there. */
  readonly rebuilt: string;
}

/** A file that is not the same in two bundles. */
export interface MemberDifference {
  /** Name in the archive. */
  readonly path: string;
  readonly kind: 'changed' | 'only in the original' | 'only in the rebuilt one';
  /** Where the two differ: the first places, nearest to the cause; at least one of a file that has changed. */
  readonly places: readonly Place[];
  /** How many places there are in all. */
  readonly placesInAll: number;
}
