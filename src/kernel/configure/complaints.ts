import type { Configuration, KconfigSymbol } from '../../kconfig/index.ts';

/** What a configuration is measured against. */
export interface Standard {
  /** Every named bool and tristate of the tree. */
  readonly symbols: readonly KconfigSymbol[];
  /** The values that the baseline gives, by the symbols' indices. */
  readonly levels: Readonly<Uint8Array>;
  /** To be y. */
  readonly goals: ReadonlySet<KconfigSymbol>;
  /** Goals that may be on although the baseline has them off. */
  readonly requested: ReadonlySet<KconfigSymbol>;
  /** Selected against their own dependencies by the baseline already. */
  readonly strained: ReadonlySet<KconfigSymbol>;
}

/** What is not as it should be. */
export interface Complaints {
  /** Goals that are not y. */
  readonly unmet: readonly KconfigSymbol[];
  /** Lower than in the baseline. */
  readonly fallen: readonly KconfigSymbol[];
  /** Off in the baseline, on now, and not requested. */
  readonly risen: readonly KconfigSymbol[];
  /** Selected against their own dependencies, which conf warns about; not so in the baseline. */
  readonly strained: readonly KconfigSymbol[];
}

/** Compares a configuration with what it should be. */
export function complaintsOf(values: Configuration, standard: Standard): Complaints {
  const { symbols, levels, goals, requested } = standard;
  const fallen: KconfigSymbol[] = [];
  const risen: KconfigSymbol[] = [];
  // Asked after every step of the search, of fifteen thousand symbols each time.
  const tristates = values.tristates();
  for (const symbol of symbols) {
    const was = levels[symbol.index] ?? 0;
    const is = tristates[symbol.index] ?? 0;
    if (is < was) fallen.push(symbol);
    else if (was === 0 && is > 0 && !requested.has(symbol)) risen.push(symbol);
  }
  return {
    unmet: [...goals].filter((symbol) => values.tristate(symbol) < 2),
    fallen,
    risen,
    strained: values
      .unmetDependencies()
      .map(({ symbol }) => symbol)
      .filter((symbol) => !standard.strained.has(symbol)),
  };
}

/** Whether one is no worse than the other. What is wanted comes first: no repair may cost it. */
export function isAsGood(one: Complaints, other: Complaints): boolean {
  if (one.strained.length > other.strained.length) return false;
  if (one.unmet.length !== other.unmet.length) return one.unmet.length < other.unmet.length;
  return one.fallen.length <= other.fallen.length && one.risen.length <= other.risen.length;
}
