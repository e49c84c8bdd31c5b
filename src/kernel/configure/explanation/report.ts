import type { Reason } from './reason.ts';

/** What `config explain` says of one symbol. */
export interface SymbolReport {
  /** Name without the CONFIG_ prefix. */
  readonly symbol: string;
  /** `n`, `m`, `y`, or the text of an int, hex or string. */
  readonly value: string;
  readonly type: string;
  /** Empty if it has none: then nobody sets it by hand. */
  readonly prompt: string;
  /** Whether it could be set now, and up to what: `n` hides its prompt. */
  readonly visible: string;
  readonly definitions: readonly DefinitionReport[];
  /** The first paragraph. */
  readonly help: string;
  /** What the config file says; absent if it has no line for the symbol. */
  readonly file?: { readonly value: string; readonly line: number };
  readonly reasons: readonly Reason[];
  /** What would have to change for each other value. */
  readonly targets: readonly TargetReport[];
}

export interface DefinitionReport {
  /** `file:line`. */
  readonly location: string;
  /** Titles of the menus around it, the outermost first. */
  readonly menu: readonly string[];
}

export interface TargetReport {
  readonly value: string;
  /** The best first; none if it cannot be had. */
  readonly ways: readonly WayReport[];
  /** Where there is no way: what rules it out. */
  readonly ruledOut: readonly Reason[];
}

export interface WayReport {
  readonly changes: readonly ChangeReport[];
  /** What comes along by a select or default. */
  readonly rises: readonly ConsequenceReport[];
  /** What goes. */
  readonly falls: readonly ConsequenceReport[];
}

export interface ChangeReport {
  readonly symbol: string;
  readonly from: string;
  readonly to: string;
  /** The place of its prompt. */
  readonly location: string;
  readonly menu: readonly string[];
  readonly prompt: string;
}

export interface ConsequenceReport {
  readonly symbol: string;
  readonly from: string;
  readonly to: string;
  readonly reason: string;
  readonly location: string;
}

/** A name that no Kconfig file of this tree and architecture defines. */
export interface UnknownReport {
  /** As it was asked for, without the CONFIG_ prefix. */
  readonly symbol: string;
  /** Names that are alike, the nearest first. */
  readonly similar: readonly SimilarReport[];
  /** Symbols that took its place, as far as the tree says so. */
  readonly successors: readonly SimilarReport[];
  /** `file:line` of its definitions for other architectures. */
  readonly elsewhere: readonly string[];
  /** Symbols whose definition refers to it: where it is `n` for good. */
  readonly referredToBy: readonly string[];
  readonly file?: { readonly value: string; readonly line: number };
}

export interface SimilarReport {
  readonly symbol: string;
  readonly prompt: string;
  readonly location: string;
}

/** What `config explain` says: the symbols in the order in which they were asked for. */
export interface ExplanationReport {
  readonly schema: 'bootwright/config-explanation';
  readonly version: 1;
  readonly symbols: readonly SymbolReport[];
  readonly unknown: readonly UnknownReport[];
}
