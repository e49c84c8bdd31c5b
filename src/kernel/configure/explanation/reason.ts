/** A symbol and the value that it has. */
export interface SymbolValue {
  readonly symbol: string;
  readonly value: string;
}

export type ReasonKind =
  /** A condition that does not hold, or allows m only. */
  | 'dependency'
  | 'select'
  | 'imply'
  | 'default'
  /** What the config file says, or does not say. */
  | 'file'
  | 'choice'
  | 'range'
  /** Nobody can set it by hand. */
  | 'no-prompt'
  /** The tools of this host were asked. */
  | 'tool'
  /** It is the former name of another symbol. */
  | 'renamed'
  /** No Kconfig file of this architecture defines it. */
  | 'undefined';

/** Why a symbol has the value that it has. */
export interface Reason {
  readonly kind: ReasonKind;
  /** A sentence without its full stop. */
  readonly text: string;
  /** The Kconfig line that says so, as `file:line`; empty if there is none. */
  readonly location: string;
  /** The symbols that it hangs on, with their values. */
  readonly symbols: readonly SymbolValue[];
  /** Why that is so. */
  readonly because: readonly Reason[];
}
