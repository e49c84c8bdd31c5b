import { type ConfigSetting, readConfigValues } from './config-values.ts';

/** What turning off debug information would change besides the size of the build. */
export interface AbiRisk {
  /** The symbols of the stock config that bring it about. */
  readonly symbols: readonly string[];
  /** For a person, one sentence. */
  readonly explanation: string;
}

/**
 * Says whether `--debug-info off` would change the kernel's ABI, so that the
 * distro's own modules no longer load on the netboot kernel.
 *
 * With BTF `struct module` has more members (include/linux/module.h,
 * CONFIG_DEBUG_INFO_BTF_MODULES), and BTF cannot be without debug information;
 * without them the CRC of every symbol that refers to it is another one.
 *
 * @param stockConfig - text of the stock `.config`
 * @returns undefined if there is no such risk
 */
export function debugInfoAbiRisk(stockConfig: string): AbiRisk | undefined {
  const values = readConfigValues(stockConfig);
  const symbols = ['DEBUG_INFO_BTF', 'DEBUG_INFO_BTF_MODULES'].filter(
    (symbol) => values.get(symbol) === 'y',
  );
  if (symbols.length === 0) return undefined;
  return {
    symbols,
    explanation:
      'Without debug information there is no BTF; without BTF "struct module" has fewer members, ' +
      'the CRCs of many exported symbols change, and modules built for the stock kernel do not load.',
  };
}

/**
 * The settings that realise `--debug-info keep|off` in the netboot config.
 *
 * @param stockConfig - text of the stock `.config`
 * @returns an empty list for `keep`, and for a stock config that has no debug information
 */
export function debugInfoSettings(stockConfig: string, mode: 'keep' | 'off'): ConfigSetting[] {
  const values = readConfigValues(stockConfig);
  if (mode === 'keep' || values.get('DEBUG_INFO') !== 'y') return [];
  const asked = '--debug-info off';
  // From 5.18 on a choice whose member DEBUG_INFO_NONE is the "off"; a plain bool before.
  const choice = values.has('DEBUG_INFO_NONE');
  const dependents = [...values]
    .filter(([symbol, value]) => value === 'y' && /^(DEBUG_INFO_|GDB_SCRIPTS$)/.test(symbol))
    .map(([symbol]) => ({ symbol, value: 'n', reason: `${asked}: it needs DEBUG_INFO` }));
  return [
    ...(choice ? [{ symbol: 'DEBUG_INFO_NONE', value: 'y', reason: asked }] : []),
    { symbol: 'DEBUG_INFO', value: 'n', reason: asked },
    ...dependents,
  ];
}
