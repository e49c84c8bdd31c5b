import {
  type Configuration,
  configure,
  type Kconfig,
  type KconfigSymbol,
  parseConfig,
  type Tristate,
  writeConfig,
} from '../../kconfig/index.ts';
import {
  definedAt,
  type Explanation,
  explainLack,
  explainRaise,
  explainValue,
  nameOf,
} from './explain.ts';
import type { FleetScope } from './fleet/find-symbols.ts';
import { requireFleetDrivers } from './fleet/require-drivers.ts';
import { NeedSearch } from './need.ts';
import { Origins, type ReadSource } from './origin.ts';
import type { Change, PromotionReport } from './report.ts';
import { definedSymbol, findRequests } from './requested.ts';
import { findScope, type PlainScope } from './scope.ts';
import { type Solution, search } from './search.ts';
import { applySettings, type Setting } from './settings.ts';
import { noWishes, type Wishes } from './wishes.ts';

export interface PromotionRequest {
  readonly kconfig: Kconfig;
  /** The stock config, as the tree's own olddefconfig leaves it. */
  readonly stock: string;
  readonly scope: PlainScope | FleetScope;
  /** Names in place of the default list of requested symbols. */
  readonly requested?: readonly string[];
  /** Values set on purpose. */
  readonly settings?: readonly Setting[];
  /** Names to be built in besides, and names to leave as stock has them. */
  readonly wishes?: Pick<Wishes, 'promote' | 'exclude'>;
  /** Reads a Kconfig file of the tree, to name the lines that reasons come from. */
  readonly read?: ReadSource;
  readonly kernelVersion?: string;
  readonly architecture?: string;
}

export interface Promotion {
  /** The netboot `.config`. */
  readonly configText: string;
  readonly report: PromotionReport;
  /** The values of stock, and of the netboot kernel. */
  readonly stock: Configuration;
  readonly netboot: Configuration;
  /** Rounds that the search took, and raises that it took back. */
  readonly rounds: number;
  readonly dropped: number;
}

const letters = 'nmy';

/**
 * Finds the netboot config to a stock config: what is in scope, and what is requested, becomes y;
 * besides, as little as possible changes, and everything that does is in the report.
 *
 * @throws BootwrightError `BW-CONFIG-NO-NETWORK-MENU`, `BW-CONFIG-UNKNOWN-SYMBOL`,
 *   `BW-CONFIG-SETTING-REFUSED`, `BW-CONFIG-NOT-SETTLED`, `BW-FLEET-DRIVER-OFF`
 */
export function promote(request: PromotionRequest): Promotion {
  const { kconfig } = request;
  const origins = new Origins(request.read ?? (() => undefined));
  const stock = configure(kconfig, parseConfig(request.stock, kconfig));
  const symbols = [...kconfig.symbols.values()].filter(
    ({ type, menus }) => (type === 'bool' || type === 'tristate') && menus.length > 0,
  );
  const settled = applySettings(stock, request.settings ?? [], origins);
  const baseline = settled.configuration;
  const stockValue = (symbol: KconfigSymbol): Tristate => baseline.tristate(symbol);

  const scope = findScope(kconfig, request.scope, stockValue);
  const { wishes = noWishes } = request;
  const fleet = typeof request.scope === 'string' ? undefined : request.scope;
  if (fleet !== undefined) {
    const onPurpose = [...wishes.promote, ...(request.settings ?? []).map(({ symbol }) => symbol)];
    requireFleetDrivers(fleet, kconfig, stockValue, onPurpose);
  }
  const excluded = new Set(wishes.exclude.map((name) => definedSymbol(kconfig, name)));
  const wanted = scope.members.filter(
    (symbol) => stockValue(symbol) === 1 && !excluded.has(symbol),
  );
  const requests = findRequests(kconfig, stockValue, request.requested, wishes, fleet?.buses);
  const solution = search({
    baseline,
    symbols,
    wanted,
    requested: requests.map(({ symbol }) => symbol),
    excluded: [...excluded],
  });
  const netboot = solution.configuration;

  const change = (symbol: KconfigSymbol, why: Explanation): Change => ({
    symbol: nameOf(symbol),
    from: letters.charAt(stockValue(symbol)),
    to: letters.charAt(netboot.tristate(symbol)),
    ...why,
  });
  const need = new NeedSearch({
    configuration: netboot,
    stock: stockValue,
    granted: new Set(),
    requested: new Set(requests.map(({ symbol }) => symbol)),
    banned: new Set([...solution.bans.map(({ culprit }) => culprit), ...excluded]),
  });
  const lack = (symbol: KconfigSymbol, level: Tristate): Explanation =>
    banned(solution, symbol, netboot) ??
    explainLack(
      symbol,
      level,
      netboot,
      origins,
      (expression, target) => need.atLeast(expression, target).length === 0,
    );
  const isOn = (symbol: KconfigSymbol): boolean => netboot.tristate(symbol) === 2;

  const requestedSet = new Set(requests.map(({ symbol }) => symbol));
  const wantedSet = new Set(wanted);
  const promoted = wanted.filter((symbol) => isOn(symbol) && !requestedSet.has(symbol));
  const byHand = new Set([...wanted, ...requestedSet, ...solution.raises.keys()]);
  const others = symbols.filter((symbol) => netboot.tristate(symbol) !== stockValue(symbol));
  const isGoal = (symbol: KconfigSymbol): boolean =>
    wantedSet.has(symbol) || requestedSet.has(symbol);

  const report: PromotionReport = {
    schema: 'bootwright/promotion-report',
    version: 1,
    kernelVersion: request.kernelVersion ?? '',
    architecture: request.architecture ?? '',
    scope: scope.name,
    menu: { stock: count(scope.menu, baseline), netboot: count(scope.menu, netboot) },
    promoted: promoted.map((symbol) =>
      change(symbol, {
        reason: scope.reason(symbol),
        location: definedAt(symbol),
      }),
    ),
    requested: requests
      .filter(({ symbol }) => isOn(symbol))
      .map(({ symbol, reason }) => change(symbol, { reason, location: definedAt(symbol) })),
    raised: [...solution.raises]
      .map(([symbol, neededBy]) =>
        change(symbol, explainRaise(symbol, neededBy, isGoal, baseline, origins)),
      )
      .sort(bySymbol),
    selected: others
      .filter((symbol) => !byHand.has(symbol) && stockValue(symbol) === 1 && isOn(symbol))
      .map((symbol) => change(symbol, explainValue(symbol, netboot))),
    excluded: [
      ...scope.exclusions,
      ...[...excluded].map((symbol) => ({ symbol, reason: 'asked for: --exclude' })),
    ]
      .filter(
        ({ symbol }) => stockValue(symbol) > 0 && netboot.tristate(symbol) === stockValue(symbol),
      )
      .map(({ symbol, reason }) => change(symbol, { reason, location: definedAt(symbol) })),
    stuck: [...new Set([...wanted, ...requestedSet])]
      .filter((symbol) => !isOn(symbol))
      .map((symbol) => change(symbol, lack(symbol, 2))),
    lost: others
      .filter((symbol) => netboot.tristate(symbol) < stockValue(symbol))
      .map((symbol) => change(symbol, lack(symbol, stockValue(symbol)))),
    enabled: others
      .filter((symbol) => stockValue(symbol) === 0 && !requestedSet.has(symbol))
      .map((symbol) => change(symbol, explainValue(symbol, netboot))),
    pinned: solution.pins.map((symbol) => change(symbol, explainPin(symbol, netboot))),
    settings: settled.changes,
  };
  return {
    configText: writeConfig(netboot),
    report,
    stock,
    netboot,
    rounds: solution.rounds,
    dropped: solution.dropped,
  };
}

function bySymbol(one: Change, two: Change): number {
  return one.symbol < two.symbol ? -1 : 1;
}

function count(
  symbols: readonly KconfigSymbol[],
  values: Configuration,
): { y: number; m: number; n: number } {
  const found = { y: 0, m: 0, n: 0 };
  for (const symbol of symbols) found[(['n', 'm', 'y'] as const)[values.tristate(symbol)]] += 1;
  return found;
}

/** Why a symbol was held back, if that is because of what it would switch on. */
function banned(
  solution: Solution,
  symbol: KconfigSymbol,
  values: Configuration,
): Explanation | undefined {
  const ban = solution.bans.find(({ culprit }) => culprit === symbol);
  if (ban === undefined) return undefined;
  const { location } = explainValue(ban.victim, values);
  const victim = nameOf(ban.victim);
  return {
    reason:
      ban.offence === 'overrides'
        ? `built in, it would select ${victim} against the dependencies of ${victim}`
        : `built in, it would switch on ${victim}, which stock has off and which cannot be set by hand`,
    location,
  };
}

function explainPin(symbol: KconfigSymbol, values: Configuration): Explanation {
  const { reason, location } = explainValue(symbol, values);
  return { reason: `off in stock, would have come on: ${reason}`, location };
}
