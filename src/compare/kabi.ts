import type { ExportedSymbol, ListedSymbol } from '../formats/symvers/index.ts';
import { formatCrc } from './exports.ts';

/** How a bundle's kernel keeps a vendor's list of symbols that modules may rely on. */
export interface KabiComparison {
  /** What the list is called. */
  readonly list: string;
  readonly symbols: number;
  /** There, with the CRC that is promised. */
  readonly kept: number;
  /** There; neither the list nor stock tells a CRC. */
  readonly unchecked: readonly string[];
  readonly missing: readonly { readonly name: string; readonly provider: string }[];
  readonly changed: readonly {
    readonly name: string;
    readonly from: string;
    readonly to: string;
  }[];
  /** Kept, but by another than the list says: modules do not mind. */
  readonly moved: readonly {
    readonly name: string;
    readonly from: string;
    readonly to: string;
  }[];
  /** On the list with another CRC than stock itself has: the list is of another kernel. */
  readonly notStock: readonly string[];
}

/**
 * Holds a vendor's kABI list against what a bundle's kernel exports, as EL's own check-kabi does.
 *
 * @param list - its name, and what stands in it
 * @param stock - what stock exports: its CRCs count where the list has none
 */
export function compareKabi(
  list: { readonly name: string; readonly symbols: readonly ListedSymbol[] },
  stock: readonly ExportedSymbol[],
  bundle: readonly ExportedSymbol[],
): KabiComparison {
  const before = new Map(stock.map((symbol) => [symbol.name, symbol]));
  const after = new Map(bundle.map((symbol) => [symbol.name, symbol]));
  const missing: { name: string; provider: string }[] = [];
  const changed: { name: string; from: string; to: string }[] = [];
  const moved: { name: string; from: string; to: string }[] = [];
  const unchecked: string[] = [];
  const notStock: string[] = [];
  let kept = 0;
  for (const { name, crc, provider } of list.symbols) {
    const ofStock = before.get(name);
    if (crc !== undefined && ofStock !== undefined && crc !== ofStock.crc) notStock.push(name);
    const promised = crc ?? ofStock?.crc;
    const found = after.get(name);
    if (found === undefined) {
      missing.push({ name, provider: provider || (ofStock?.provider ?? '') });
    } else if (promised === undefined) {
      unchecked.push(name);
    } else if (promised !== found.crc) {
      changed.push({ name, from: formatCrc(promised), to: formatCrc(found.crc) });
    } else {
      kept += 1;
      if (provider !== '' && provider !== found.provider) {
        moved.push({ name, from: provider, to: found.provider });
      }
    }
  }
  return {
    list: list.name,
    symbols: list.symbols.length,
    kept,
    unchecked,
    missing,
    changed,
    moved,
    notStock,
  };
}
