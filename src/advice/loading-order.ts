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

/** A module that another one takes along, and how. */
interface Taken {
  readonly module: StockModule;
  readonly companion: Companion;
}

type Lookup = Pick<StockLookup, 'module' | 'named'>;

/** What MODULE_SOFTDEP names; what stock does not have, modprobe(8) passes over. */
function softlyTaken(names: readonly string[], of: string, stock: Lookup): readonly Taken[] {
  return names
    .flatMap((each) => stock.named(each))
    .filter(({ name }) => name !== of)
    .map((module) => ({ module, companion: { kind: 'softdep', of } }));
}

/** What has to be there before a module. What stock has built in is no module. */
function takenBefore({ name, depends, softdeps }: StockModule, stock: Lookup): Taken[] {
  const imports = depends.flatMap((each): readonly Taken[] => {
    const module = stock.module(each);
    return module === undefined ? [] : [{ module, companion: { kind: 'dependency', of: name } }];
  });
  return [...imports, ...softlyTaken(softdeps.pre, name, stock)];
}

/**
 * The modules with all that they depend on, in the order in which modprobe(8) loads them: first what
 * they import from and what MODULE_SOFTDEP names before them, behind them what it names after.
 */
export function loadingOrder(wanted: readonly StockModule[], stock: Lookup): readonly Placed[] {
  const placed: StockModule[] = [];
  const entered = new Set<string>();
  const companions = new Map<string, Companion[]>();
  const note = ({ module, companion }: Taken): void => {
    companions.set(module.name, [...(companions.get(module.name) ?? []), companion]);
  };
  // Later than all that is being placed: what comes behind may itself depend on that.
  const after: Taken[] = [];
  // A stack of our own, since nobody knows how long a chain an index from outside has.
  const place = (first: StockModule): void => {
    const open: { readonly module: StockModule; readonly left: Taken[] }[] = [];
    const enter = (module: StockModule): void => {
      if (entered.has(module.name)) return;
      entered.add(module.name);
      open.push({ module, left: takenBefore(module, stock).reverse() });
    };
    enter(first);
    for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
      const next = top.left.pop();
      if (next === undefined) {
        const { name, softdeps } = top.module;
        placed.push(top.module);
        after.push(...softlyTaken(softdeps.post, name, stock));
        open.pop();
      } else {
        note(next);
        enter(next.module);
      }
    }
  };
  for (const module of wanted) place(module);
  for (let next = after.shift(); next !== undefined; next = after.shift()) {
    note(next);
    place(next.module);
  }
  return placed.map((module) => ({
    module,
    companionOf: (companions.get(module.name) ?? []).sort((a, b) => (a.of < b.of ? -1 : 1)),
  }));
}
