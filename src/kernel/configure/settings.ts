import type { Configuration, KconfigSymbol } from '../../kconfig/index.ts';
import { BootwrightError } from '../../system/errors/index.ts';
import { definedAt, explainLack, explainValue, nameOf } from './explain.ts';
import type { Origins } from './origin.ts';
import type { Change } from './report.ts';
import { definedSymbol } from './requested.ts';

/** A value set on purpose, such as the path of the key that signs modules. */
export interface Setting {
  /** Name without the CONFIG_ prefix. */
  readonly symbol: string;
  /** `n`, `m`, `y`, a number, or text without quotes. */
  readonly value: string;
  readonly reason: string;
}

/**
 * Sets values on purpose, and lists them with all that follows from them.
 *
 * @param stock - never changed
 * @throws BootwrightError `BW-CONFIG-UNKNOWN-SYMBOL`, `BW-CONFIG-SETTING-REFUSED`
 */
export function applySettings(
  stock: Configuration,
  settings: readonly Setting[],
  origins: Origins,
): { configuration: Configuration; changes: Change[] } {
  if (settings.length === 0) return { configuration: stock, changes: [] };
  const configuration = stock.clone();
  const reasons = new Map<KconfigSymbol, Setting>();
  for (const setting of settings) {
    const symbol = definedSymbol(stock.kconfig, setting.symbol, setting.reason);
    reasons.set(symbol, setting);
    try {
      configuration.set(symbol, setting.value);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      throw refused(setting, `it is of type ${symbol.type}`, definedAt(symbol));
    }
  }
  for (const [symbol, setting] of reasons) {
    if (configuration.get(symbol) === setting.value) continue;
    const { reason, location } =
      configuration.visibility(symbol) === 0 || configuration.selectedValue(symbol) === 0
        ? explainLack(symbol, 2, configuration, origins)
        : explainValue(symbol, configuration);
    throw refused(setting, `${reason}, so it is ${configuration.get(symbol) || 'n'}`, location);
  }
  const changes: Change[] = [];
  const names = settings.map(({ symbol }) => symbol).join(', ');
  for (const symbol of stock.kconfig.symbols.values()) {
    if (symbol.menus.length === 0) continue;
    const from = stock.get(symbol);
    const to = configuration.get(symbol);
    const setting = reasons.get(symbol);
    if (from === to && setting === undefined) continue;
    if (!stock.written(symbol) && !configuration.written(symbol)) continue;
    changes.push({
      symbol: nameOf(symbol),
      from,
      to,
      reason: setting?.reason ?? `follows from ${names}`,
      location: definedAt(symbol),
    });
  }
  return { configuration, changes };
}

function refused(setting: Setting, why: string, location: string): BootwrightError {
  return new BootwrightError(
    'BW-CONFIG-SETTING-REFUSED',
    `CONFIG_${setting.symbol} cannot be ${setting.value} (${setting.reason}): ${why}${location === '' ? '' : ` (${location})`}.`,
  );
}
