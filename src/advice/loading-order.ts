import type { StockModule } from '../kernel/stock/index.ts';
import type { StockLookup } from './stock-lookup.ts';

/** A module that another one takes along. */
export interface Companion {
  readonly kind: 'dependency' | 'softdep';
  /** The module that takes it along. */
  readonly of: string;
}

/** A module in its place. */
export interface Placed {
  readonly module: StockModule;
  /** What takes it along, by name; empty for one that is only wanted for itself. */
  readonly companionOf: readonly Companion[];
}

/**
 * The modules with all that they depend on, in the order in which modprobe(8) loads them: first what
 * they import from and what MODULE_SOFTDEP names before them, behind them what it names after.
 */
export function loadingOrder(
  wanted: readonly StockModule[],
  stock: Pick<StockLookup, 'module' | 'named'>,
): readonly Placed[] {
  const placed: StockModule[] = [];
  const entered = new Set<string>();
  const after: (() => void)[] = [];
  const companions = new Map<string, Companion[]>();
  const take = (module: StockModule, companion: Companion): void => {
    const before = companions.get(module.name) ?? [];
    companions.set(module.name, [...before, companion]);
    place(module);
  };
  const place = (module: StockModule): void => {
    if (entered.has(module.name)) return;
    entered.add(module.name);
    const { name, depends, softdeps } = module;
    const soft = (names: readonly string[]): readonly StockModule[] =>
      names.flatMap((each) => stock.named(each)).filter((each) => each.name !== name);
    for (const dependency of depends) {
      // What stock has built in is no module, and nothing to be loaded.
      const found = stock.module(dependency);
      if (found !== undefined) take(found, { kind: 'dependency', of: name });
    }
    for (const each of soft(softdeps.pre)) take(each, { kind: 'softdep', of: name });
    placed.push(module);
    // Later than all that is being placed: what comes behind may itself depend on that.
    for (const each of soft(softdeps.post)) {
      after.push(() => take(each, { kind: 'softdep', of: name }));
    }
  };
  for (const module of wanted) place(module);
  for (let next = after.shift(); next !== undefined; next = after.shift()) next();
  return placed.map((module) => ({
    module,
    companionOf: (companions.get(module.name) ?? []).sort((a, b) => (a.of < b.of ? -1 : 1)),
  }));
}
