import type { Configuration, KconfigSymbol } from '../../kconfig/index.ts';
import { explainLack, explainValue, nameOf } from './explain.ts';
import { formatLocation, type Origins } from './origin.ts';
import type { Change, PromotionReport } from './report.ts';

/** What makes the stock config differ from the shipped one. */
export type ShippedCause =
  /** No Kconfig file of this architecture defines the symbol. */
  | 'unknown-symbol'
  /** What the compiler, assembler, linker or another tool of this host can do. */
  | 'toolchain'
  /** A dependency that is not met. */
  | 'dependency'
  /** The shipped file does not say, so a default decides. */
  | 'default'
  /** It has no prompt, so nobody can set it, and the shipped file left it out. */
  | 'derived'
  /** Another symbol forces or forbids the value. */
  | 'forced';

/** Parts of the report that say why a symbol of the netboot config differs from stock's. */
const reportedCauses = [
  'promoted',
  'requested',
  'raised',
  'selected',
  'lost',
  'enabled',
  'pinned',
  'settings',
] as const;

/** What makes the netboot config differ from the stock one. */
export type NetbootCause =
  | (typeof reportedCauses)[number]
  /** Not in stock's file since its dependencies were not met; has its default now. */
  | 'in-view'
  /** In stock's file, and without a meaning now. */
  | 'out-of-view';

type ShippedChange = Change & { readonly cause: ShippedCause };
type NetbootChange = Change & { readonly cause: NetbootCause };

/** Every symbol that differs, each with its cause. A value is `absent` where the file has no line. */
export interface ConfigDelta {
  readonly schema: 'bootwright/config-delta';
  readonly version: 1;
  readonly shippedToStock: readonly ShippedChange[];
  readonly stockToNetboot: readonly NetbootChange[];
}

const absent = 'absent';

/** Symbols whose values come from asking the tools of the host. */
export const toolchainSymbol =
  /^(CC|AS|LD|LLD|GCC|CLANG|RUST|RUSTC|BINDGEN|PAHOLE|TOOLCHAIN|TOOLS)(_|$)|^HAVE_RUST$|_(GCC|CLANG)_VERSION$/;

/**
 * The values of a config file as it stands, without asking Kconfig: `# CONFIG_X is not set` is n,
 * text is without its quotes.
 */
export function readConfigLines(text: string): Map<string, string> {
  const values = new Map<string, string>();
  for (const [, unset, set, value] of text.matchAll(configLine)) {
    if (unset !== undefined) values.set(unset, 'n');
    else if (set !== undefined) values.set(set, unquote(value ?? ''));
  }
  return values;
}

const configLine = /^(?:# CONFIG_(\w+) is not set|CONFIG_(\w+)=(.*)$)/gm;

function unquote(text: string): string {
  if (!text.startsWith('"')) return text;
  return /^".*"$/s.test(text) ? text.slice(1, -1).replace(/\\(.)/g, '$1') : text;
}

/**
 * Every symbol that differs between the shipped, the stock and the netboot config.
 *
 * @param shipped - the values of the shipped config file, as {@link readConfigLines} has them
 */
export function configDelta(
  shipped: ReadonlyMap<string, string>,
  stock: Configuration,
  netboot: Configuration,
  report: PromotionReport,
  origins: Origins,
): ConfigDelta {
  return {
    schema: 'bootwright/config-delta',
    version: 1,
    shippedToStock: shippedDelta(shipped, stock, origins),
    stockToNetboot: netbootDelta(stock, netboot, report, origins),
  };
}

function valueIn(configuration: Configuration, symbol: KconfigSymbol): string {
  return configuration.written(symbol) ? configuration.get(symbol) : absent;
}

/** n and no line at all mean the same to the build. */
function isSame(one: string, two: string): boolean {
  return one === two || (isOff(one) && isOff(two));
}

function isOff(value: string): boolean {
  return value === absent || value === 'n';
}

function shippedDelta(
  lines: ReadonlyMap<string, string>,
  stock: Configuration,
  origins: Origins,
): ShippedChange[] {
  const changes: ShippedChange[] = [];
  const { symbols } = stock.kconfig;
  for (const [name, from] of lines) {
    const symbol = symbols.get(name);
    if (symbol !== undefined && symbol.menus.length > 0) continue;
    if (isOff(from)) continue;
    changes.push({
      symbol: name,
      from,
      to: absent,
      cause: 'unknown-symbol',
      reason: 'no Kconfig file of this tree and architecture defines it',
      location: '',
    });
  }
  for (const symbol of symbols.values()) {
    if (symbol.menus.length === 0) continue;
    const from = lines.get(nameOf(symbol)) ?? absent;
    const to = valueIn(stock, symbol);
    if (isSame(from, to)) continue;
    changes.push({
      symbol: nameOf(symbol),
      from,
      to,
      ...shippedCause(symbol, from, to, stock, origins),
    });
  }
  return changes;
}

function shippedCause(
  symbol: KconfigSymbol,
  from: string,
  to: string,
  stock: Configuration,
  origins: Origins,
): Pick<ShippedChange, 'cause' | 'reason' | 'location'> {
  const definition = formatLocation(symbol.menus[0]?.location);
  if (toolchainSymbol.test(nameOf(symbol))) {
    return {
      cause: 'toolchain',
      reason: 'says what the compiler and tools of this host are and can do',
      location: definition,
    };
  }
  if (isOff(to) || (from === 'y' && to === 'm')) {
    const lack = explainLack(symbol, 2, stock, origins);
    const names = lack.reason.match(/\w+/g) ?? [];
    const isTool = names.some((name) => toolchainSymbol.test(name));
    return { cause: isTool ? 'toolchain' : 'dependency', ...lack };
  }
  if (from === absent) {
    const { reason, location } = explainValue(symbol, stock);
    return {
      cause: symbol.prompts.length === 0 ? 'derived' : 'default',
      reason: `the shipped file does not say: ${reason}`,
      location: location || definition,
    };
  }
  return { cause: 'forced', ...explainValue(symbol, stock) };
}

function netbootDelta(
  stock: Configuration,
  netboot: Configuration,
  report: PromotionReport,
  origins: Origins,
): NetbootChange[] {
  const reasons = new Map<string, Pick<NetbootChange, 'cause' | 'reason' | 'location'>>();
  for (const cause of reportedCauses) {
    for (const { symbol, reason, location } of report[cause]) {
      if (!reasons.has(symbol)) reasons.set(symbol, { cause, reason, location });
    }
  }
  const changes: NetbootChange[] = [];
  for (const symbol of stock.kconfig.symbols.values()) {
    if (symbol.menus.length === 0) continue;
    const from = valueIn(stock, symbol);
    const to = valueIn(netboot, symbol);
    if (from === to) continue;
    const known = reasons.get(nameOf(symbol));
    // A line that comes or goes with the value staying n changes nothing in the build.
    if (known === undefined && isSame(from, to)) continue;
    changes.push({
      symbol: nameOf(symbol),
      from,
      to,
      ...(known ??
        (to === absent
          ? { cause: 'out-of-view' as const, ...explainLack(symbol, 2, netboot, origins) }
          : { cause: 'in-view' as const, ...explainValue(symbol, netboot) })),
    });
  }
  return changes;
}
