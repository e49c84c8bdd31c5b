import type { Expression, KconfigSymbol } from '../../../kconfig/index.ts';
import type { FleetScope } from './find-symbols.ts';

/** Where the drivers of PHYs are defined: the chips between a network controller and its cable. */
const phyFolder = /^drivers\/net\/phy\//;

/** What has a driver look for the drivers of its PHYs. */
const phyLibraries = new Set(['PHYLIB', 'PHYLINK']);

/** The library of links that change, such as pluggable modules: few drivers use it. */
const linkLibrary = new Set(['PHYLINK']);

/** Whether an expression names a symbol of those, other than to exclude it. */
function names(expression: Expression | undefined, wanted: ReadonlySet<string>): boolean {
  if (expression === undefined) return false;
  if (expression.kind === 'symbol') return wanted.has(expression.symbol.name ?? '');
  if (expression.kind === 'and' || expression.kind === 'or') {
    return names(expression.left, wanted) || names(expression.right, wanted);
  }
  return false;
}

/**
 * Whether a driver uses one of some libraries: it selects that, if need be through a library of its
 * own, or depends on it. Under which conditions is not asked: it only decides whether PHY drivers
 * come along.
 */
function uses(
  symbol: KconfigSymbol,
  libraries: ReadonlySet<string>,
  seen = new Set<KconfigSymbol>(),
): boolean {
  if (seen.has(symbol)) return false;
  seen.add(symbol);
  if (libraries.has(symbol.name ?? '')) return true;
  if (names(symbol.directDependency, libraries)) return true;
  return symbol.selects.some(({ target }) => uses(target, libraries, seen));
}

/** How many names of machines a reason has. */
const namesShown = 3;

function forMachines(machines: readonly string[]): string {
  const shown = machines.slice(0, namesShown).join(', ');
  const more = machines.length - namesShown;
  return more > 0 ? `${shown} and ${more} more` : shown;
}

/** What of a tree's symbols a fleet wants built in, with the reasons, and why the others stay. */
export interface FleetMenu {
  readonly wanted: ReadonlyMap<KconfigSymbol, string>;
  readonly exclusion: (symbol: KconfigSymbol) => string;
}

/**
 * Sorts out what a fleet wants: its own drivers and, if one of them leaves its PHY to the PHY
 * library, all drivers of PHYs: which PHY sits beside a network controller no list of devices tells,
 * and the library looks for its driver at once, when modules cannot be loaded yet.
 *
 * @param menu - the tristates of Network device support
 * @param find - finds a symbol of the tree by its name
 */
export function sortFleetMenu(
  menu: readonly KconfigSymbol[],
  fleet: FleetScope,
  find: (name: string) => KconfigSymbol | undefined,
): FleetMenu {
  const wanted = new Map<KconfigSymbol, string>();
  const withPhy: KconfigSymbol[] = [];
  for (const { driver, symbols } of fleet.members) {
    for (const symbol of symbols.flatMap((name) => find(name) ?? [])) {
      const machines = driver.machines.length === 0 ? '' : `, for ${forMachines(driver.machines)}`;
      wanted.set(symbol, `in scope fleet${machines}`);
      if (uses(symbol, phyLibraries)) withPhy.push(symbol);
    }
  }
  const isPhy = (symbol: KconfigSymbol): boolean =>
    symbol.menus.some(({ location }) => phyFolder.test(location.file));
  if (withPhy.length > 0) {
    const users = forMachines([...new Set(withPhy.map(({ name = '' }) => name))]);
    const withLink = withPhy.some((symbol) => uses(symbol, linkLibrary));
    for (const symbol of menu) {
      // A library without a prompt rises with what selects it, and could not rise without.
      if (wanted.has(symbol) || !isPhy(symbol) || symbol.prompts.length === 0) continue;
      if (!withLink && names(symbol.directDependency, linkLibrary)) continue;
      wanted.set(symbol, `in scope fleet: which PHYs its cards have is not known (${users})`);
    }
  }
  return {
    wanted,
    exclusion: (symbol) =>
      isPhy(symbol)
        ? 'outside of the scope fleet: no driver of the fleet looks for it'
        : 'outside of the scope fleet: no machine of it needs this',
  };
}
