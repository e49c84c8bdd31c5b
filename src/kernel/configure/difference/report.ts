/** What makes a symbol differ between two configs of one tree. */
export const differenceCauses = [
  /** The files say different things, and they are obeyed. */
  'asked',
  /** A select of something that differs itself lifts it. */
  'selected',
  /** It came into view, or its default changed, with something that differs itself. */
  'default',
  /** A dependency, a select or a choice no longer lets it be what it was. */
  'fallen',
  /** It says what the compiler and other tools are and can do. */
  'tools',
  /** The files differ, and this tree makes the same of both. */
  'moot',
  /** No Kconfig file of this tree and architecture defines it. */
  'unknown',
] as const;
export type DifferenceCause = (typeof differenceCauses)[number];

/** A symbol with two values. A value is `absent` where a file has no line. */
export interface Difference {
  /** Name without the CONFIG_ prefix. */
  readonly symbol: string;
  readonly type: string;
  readonly from: string;
  readonly to: string;
}

/** A symbol that differs, and why, as the tree's Kconfig files tell. */
export interface ExplainedDifference extends Difference {
  readonly cause: DifferenceCause;
  readonly reason: string;
  /** `file:line` that the reason comes from; empty if there is none. */
  readonly location: string;
  /** Titles of the menus around it, the outermost first. */
  readonly menu: readonly string[];
}

/** Two files as they stand, without a tree. */
export interface PlainDifferenceReport {
  readonly schema: 'bootwright/config-difference';
  readonly version: 1;
  readonly differences: readonly Difference[];
  /** Symbols that one file calls `not set` and the other does not mention: the same to a build. */
  readonly unmentioned: number;
}

/** Two configs as a tree understands them. */
export interface DifferenceReport {
  readonly schema: 'bootwright/config-difference-explained';
  readonly version: 1;
  readonly differences: readonly ExplainedDifference[];
}
