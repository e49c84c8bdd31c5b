import {
  type Configuration,
  configure,
  type Kconfig,
  type KconfigSymbol,
  load,
  parseConfig,
  writeConfig,
} from '../../../src/kconfig/index.ts';
import type { FleetScope } from '../../../src/kernel/configure/fleet/find-symbols.ts';
import { type Promotion, promote } from '../../../src/kernel/configure/promotion.ts';
import type { Change, PromotionReport } from '../../../src/kernel/configure/report.ts';
import type { PlainScope } from '../../../src/kernel/configure/scope.ts';
import type { Setting } from '../../../src/kernel/configure/settings.ts';
import type { Wishes } from '../../../src/kernel/configure/wishes.ts';

/** Reads a Kconfig that is given as text. */
export function kconfigOf(
  text: string,
  files: Readonly<Record<string, string>> = {},
): Promise<Kconfig> {
  return load({
    root: '/tree',
    environment: {},
    probe: (commands) => Promise.resolve(commands.map(() => '')),
    read: (path) => (path === '/tree/Kconfig' ? text : files[path.replace('/tree/', '')]),
  });
}

/** The stock config that these values make, as the tree's olddefconfig would write it. */
export function stockOf(kconfig: Kconfig, values: Readonly<Record<string, string>>): string {
  const lines = Object.entries(values).map(([name, value]) =>
    value === 'n' ? `# CONFIG_${name} is not set` : `CONFIG_${name}=${value}`,
  );
  return writeConfig(configure(kconfig, parseConfig(`${lines.join('\n')}\n`, kconfig)));
}

export interface SnippetOptions {
  readonly scope?: PlainScope | FleetScope;
  /** None, unless they are named; undefined asks for those of the default list. */
  readonly requested?: readonly string[] | undefined;
  /** Further Kconfig files, by their path in the tree. */
  readonly files?: Readonly<Record<string, string>>;
  readonly settings?: readonly Setting[];
  readonly wishes?: Pick<Wishes, 'promote' | 'exclude'>;
}

/**
 * Promotes a small Kconfig: `network` stands inside of `if NETDEVICES`, `outside` before it.
 */
export async function promoteSnippet(
  network: string,
  outside: string,
  values: Readonly<Record<string, string>>,
  options: SnippetOptions = {},
): Promise<Promotion> {
  const text = frame(network, outside);
  const kconfig = await kconfigOf(text, options.files);
  return promote({
    kconfig,
    stock: stockOf(kconfig, { MODULES: 'y', NETDEVICES: 'y', ...values }),
    scope: options.scope ?? 'network-devices',
    ...('requested' in options && options.requested === undefined
      ? {}
      : { requested: options.requested ?? [] }),
    ...(options.settings === undefined ? {} : { settings: options.settings }),
    ...(options.wishes === undefined ? {} : { wishes: options.wishes }),
    read: (file) => (file === 'Kconfig' ? text : undefined),
  });
}

/** A whole Kconfig around a menu of network devices. */
export function frame(network: string, outside: string): string {
  return `config MODULES
	bool "Modules"
	modules
${outside}
menuconfig NETDEVICES
	bool "Network device support"
if NETDEVICES
${network}
endif
`;
}

type Section = {
  [Key in keyof PromotionReport]: PromotionReport[Key] extends readonly Change[] ? Key : never;
}[keyof PromotionReport];

/** The names in one array of the report. */
export function names({ report }: Promotion, section: Section): string[] {
  return report[section].map(({ symbol }) => symbol);
}

/** The one entry of a symbol in one array of the report. */
export function entry({ report }: Promotion, section: Section, symbol: string): Change {
  const found = report[section].find((change) => change.symbol === symbol);
  if (found === undefined) {
    throw new Error(`${section} has no ${symbol}, but ${JSON.stringify(report[section])}`);
  }
  return found;
}

/** The symbol of that name. */
export function symbolNamed(kconfig: Kconfig, name: string): KconfigSymbol {
  const symbol = kconfig.symbols.get(name);
  if (symbol === undefined) throw new Error(`no symbol ${name}`);
  return symbol;
}

/** Values by name. */
export function valueIn(configuration: Configuration, name: string): string {
  return configuration.get(symbolNamed(configuration.kconfig, name));
}
