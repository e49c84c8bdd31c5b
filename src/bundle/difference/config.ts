import { readConfigLines, toolchainSymbol } from '../../kernel/configure/delta.ts';
import type { Promotion } from '../promotion.ts';
import type { SymbolDifference } from './report.ts';

/** The configs of a bundle, and why its netboot config differs from stock. */
export interface ConfigSide {
  readonly stock: string;
  readonly netboot: string;
  readonly promotion: Promotion;
}

const absent = 'absent';

/** n and no line at all mean the same to the build. */
function isSame(one: string, other: string): boolean {
  const isOff = (value: string): boolean => value === absent || value === 'n';
  return one === other || (isOff(one) && isOff(other));
}

/** What promotion said of each symbol. A list that comes first is nearer to the cause. */
function reasons(promotion: Promotion): ReadonlyMap<string, string> {
  const { settings, requested, promoted, raised, selected, excluded, pinned } = promotion;
  const { stuck, lost, enabled } = promotion;
  const found = new Map<string, string>();
  const lists = [settings, requested, promoted, raised, excluded, pinned, stuck, lost, enabled];
  for (const { symbol, reason } of [...lists, selected].flat()) {
    if (!found.has(symbol)) found.set(symbol, reason);
  }
  return found;
}

/**
 * The symbols that differ between the netboot configs of two bundles, each with the reason that the
 * bundles themselves know.
 */
export function configDifference(a: ConfigSide, b: ConfigSide): readonly SymbolDifference[] {
  const [stockA, stockB] = [readConfigLines(a.stock), readConfigLines(b.stock)];
  const [before, after] = [readConfigLines(a.netboot), readConfigLines(b.netboot)];
  const [whyA, whyB] = [reasons(a.promotion), reasons(b.promotion)];
  const names = [...new Set([...before.keys(), ...after.keys()])].sort();
  return names.flatMap((symbol): SymbolDifference[] => {
    const from = before.get(symbol) ?? absent;
    const to = after.get(symbol) ?? absent;
    if (isSame(from, to)) return [];
    const was = stockA.get(symbol) ?? absent;
    const is = stockB.get(symbol) ?? absent;
    const values = { symbol, from, to };
    if (toolchainSymbol.test(symbol)) {
      return [{ ...values, cause: 'tools', reason: 'says what compiler and tools are and can do' }];
    }
    if (!isSame(was, is)) {
      const own = whyB.get(symbol);
      const moved = was === from && is === to;
      const stock = moved ? 'as in stock' : `stock has it ${was} -> ${is}`;
      const reason = moved || own === undefined ? stock : `${stock}; ${own}`;
      return [{ ...values, cause: 'stock', reason }];
    }
    const own = whyB.get(symbol);
    const earlier = whyA.get(symbol);
    const reason =
      own ??
      (earlier === undefined
        ? 'follows from another symbol that differs'
        : `no longer: ${earlier}`);
    return [{ ...values, cause: 'build', reason }];
  });
}
