import type { Manifest } from '../bundle/manifest.ts';
import type { Change } from '../bundle/promotion.ts';
import { toolchainSymbol } from '../kernel/configure/delta.ts';
import { plainDifference } from '../kernel/configure/difference/plain.ts';
import type {
  DifferenceReport,
  ExplainedDifference,
} from '../kernel/configure/difference/report.ts';
import type { Standing } from './standing.ts';

/** What accounts for a line of the config that differs from stock's. */
export const configCauses = [
  /** A driver of the scope, built in. */
  'promoted',
  /** Outside of the scope, raised since something in it needs it. */
  'raised',
  /** Risen along, by a select or a default. */
  'selected',
  /** Asked for by name: the root on NFS, and what the user asked for. */
  'requested',
  /** Signing keys and other values set on purpose. */
  'settings',
  /** Held off, where a default would have switched it on. */
  'pinned',
  /** Left as it is, on purpose or since it cannot be built in. */
  'left',
  /** On now, and off in stock. */
  'enabled',
  /** An option of stock that is gone. */
  'lost',
  /** The host's tools or tree made it so before anything was promoted. */
  'host',
  /** Follows from another line, by the tree's Kconfig files. */
  'tree',
  'not-explained',
] as const;
export type ConfigCause = (typeof configCauses)[number];

/** A symbol whose value differs between stock's config and the bundle's. `absent` without a line. */
export interface ConfigLine {
  /** Without the CONFIG_ prefix. */
  readonly symbol: string;
  readonly from: string;
  readonly to: string;
  readonly cause: ConfigCause;
  readonly standing: Standing;
  readonly reason: string;
  /** `file:line` of a Kconfig file; empty if it is not known. */
  readonly location: string;
  /** Titles of the menus around it; empty without the tree. */
  readonly menu: readonly string[];
}

export interface ConfigComparison {
  /** Whose config was taken for stock's: stock's own, or what the build took for it. */
  readonly source: 'stock' | 'bundle';
  readonly lines: readonly ConfigLine[];
}

interface Account {
  readonly cause: ConfigCause;
  readonly change: Change;
}

/** What the manifest says of each symbol. A list that comes first is nearer to the cause. */
function accounts({ promotion, configDelta }: Manifest): ReadonlyMap<string, Account> {
  const lists: readonly (readonly [ConfigCause, readonly Change[]])[] = [
    ['settings', promotion.settings],
    ['requested', promotion.requested],
    ['promoted', promotion.promoted],
    ['raised', promotion.raised],
    ['left', promotion.excluded],
    ['pinned', promotion.pinned],
    ['left', promotion.stuck],
    ['lost', promotion.lost],
    ['enabled', promotion.enabled],
    ['selected', promotion.selected],
    ['host', configDelta],
  ];
  const found = new Map<string, Account>();
  for (const [cause, changes] of lists) {
    for (const change of changes) {
      if (!found.has(change.symbol)) found.set(change.symbol, { cause, change });
    }
  }
  return found;
}

/**
 * Every symbol that differs between stock's config and the bundle's, with what accounts for it.
 *
 * @param stock - text of stock's config; without it, the one that the build took for stock's counts
 * @param tree - what the tree's Kconfig files say of the same two configs, if the tree was given
 */
export function compareConfigs(
  stock: string | undefined,
  bundle: { readonly manifest: Manifest; readonly config: string; readonly stockConfig: string },
  tree?: DifferenceReport,
): ConfigComparison {
  const known = accounts(bundle.manifest);
  const byTree = new Map(tree?.differences.map((each) => [each.symbol, each]));
  const { differences } = plainDifference(stock ?? bundle.stockConfig, bundle.config);
  const lines = differences.map(({ symbol, from, to }): ConfigLine => {
    const menu = byTree.get(symbol)?.menu ?? [];
    return { symbol, from, to, ...explain(symbol, known, byTree.get(symbol)), menu };
  });
  return { source: stock === undefined ? 'bundle' : 'stock', lines };
}

function explain(
  symbol: string,
  known: ReadonlyMap<string, Account>,
  byTree: ExplainedDifference | undefined,
): Pick<ConfigLine, 'cause' | 'standing' | 'reason' | 'location'> {
  const account = known.get(symbol);
  if (account !== undefined) {
    const { cause, change } = account;
    const { reason, location } = change;
    return { cause, standing: 'explained', reason, location: location ?? '' };
  }
  if (toolchainSymbol.test(symbol)) {
    const reason = 'says what compiler and tools are and can do';
    return { cause: 'host', standing: 'explained', reason, location: '' };
  }
  // That the files say different things is what is to be explained.
  if (byTree !== undefined && byTree.cause !== 'asked' && byTree.cause !== 'unknown') {
    const { reason, location } = byTree;
    return { cause: 'tree', standing: 'explained', reason, location };
  }
  const reason = 'the bundle does not say why';
  return { cause: 'not-explained', standing: 'open', reason, location: byTree?.location ?? '' };
}
