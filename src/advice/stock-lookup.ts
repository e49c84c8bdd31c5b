import {
  indexAliases,
  isPartlyKnown,
  type ModuleAlias,
  withoutDetails,
} from '../hardware/index.ts';
import type { StockBuiltIn, StockModule, StockModuleIndex } from '../kernel/stock/index.ts';

/** A stock module that claims a device, and by what. */
export interface Claim {
  readonly module: StockModule;
  readonly alias: string;
  /** False where the module claims only some boards, and which board this is was not told. */
  readonly certain: boolean;
}

/** Finds what a stock kernel has, as modprobe(8) does. */
export interface StockLookup {
  /** A module by its name. */
  module(name: string): StockModule | undefined;
  /** The modules that claim a modalias, each once, sorted by name. */
  claims(modalias: string): readonly Claim[];
  /** The modules by that name, or else by that alias. */
  named(nameOrAlias: string): readonly StockModule[];
  /** The drivers in stock's image by that name, or else by that alias. */
  builtIn(nameOrAlias: string): readonly StockBuiltIn[];
}

const aliasesOf = (
  drivers: readonly { readonly name: string; readonly aliases: readonly string[] }[],
): readonly ModuleAlias[] =>
  drivers.flatMap(({ name, aliases }) => aliases.map((pattern) => ({ pattern, module: name })));

const plain = (name: string): string => name.replaceAll('-', '_');

/** Indexes a stock kernel's modules. */
export function lookUpStock({ modules, builtIn }: StockModuleIndex): StockLookup {
  const byName = new Map(modules.map((module) => [module.name, module]));
  const aliases = aliasesOf(modules);
  const exact = indexAliases(aliases);
  const byIdAlone = indexAliases(
    aliases.map(({ pattern, module }) => ({ pattern: withoutDetails(pattern), module })),
  );
  const builtInByName = new Map(builtIn.map((driver) => [driver.name, driver]));
  const builtInAliases = indexAliases(aliasesOf(builtIn));
  return {
    module: (name) => byName.get(plain(name)),
    claims(modalias) {
      const sure = exact.matches(modalias);
      const found =
        sure.length > 0 || !isPartlyKnown(modalias) ? sure : byIdAlone.matches(modalias);
      const claims = new Map<string, Claim>();
      for (const { module: name, pattern } of found) {
        const module = byName.get(name);
        if (module === undefined || claims.has(name)) continue;
        claims.set(name, { module, alias: pattern, certain: sure.length > 0 });
      }
      return [...claims.values()].sort((a, b) => (a.module.name < b.module.name ? -1 : 1));
    },
    named(nameOrAlias) {
      const own = byName.get(plain(nameOrAlias));
      if (own !== undefined) return [own];
      return exact
        .lookup(nameOrAlias)
        .flatMap((name) => byName.get(name) ?? [])
        .sort((a, b) => (a.name < b.name ? -1 : 1));
    },
    builtIn(nameOrAlias) {
      const own = builtInByName.get(plain(nameOrAlias));
      if (own !== undefined) return [own];
      return builtInAliases.lookup(nameOrAlias).flatMap((name) => builtInByName.get(name) ?? []);
    },
  };
}
