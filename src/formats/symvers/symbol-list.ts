import { linesOf, parseSymvers, SymversFormatError } from './symvers.ts';

/** A symbol that a vendor promises to keep. */
export interface ListedSymbol {
  readonly name: string;
  /** Absent in a list of names alone: what the stock kernel has counts then. */
  readonly crc?: number;
  /** Empty in a list of names alone. */
  readonly provider: string;
}

/**
 * Reads a vendor's kABI list: `Module.kabi_<arch>` of EL's source packages, which has the form of
 * `Module.symvers`, or a stablelist (`kabi_stablelist_<arch>`, before EL 9 `kabi_whitelist_<arch>`):
 * a heading in brackets, and names.
 *
 * @throws SymversFormatError and nothing else, whatever the text is
 */
export function parseSymbolList(text: string): readonly ListedSymbol[] {
  const [first] = linesOf(text);
  const isNames = first !== undefined && /^\[[\w.+-]+\]$|^[A-Za-z_]\w*$/.test(first.text.trim());
  if (!isNames) {
    return parseSymvers(text).map(({ name, crc, provider }) => ({ name, crc, provider }));
  }
  const names = new Set<string>();
  for (const { text: raw, line } of linesOf(text)) {
    const name = raw.trim();
    if (/^\[[\w.+-]+\]$/.test(name)) continue;
    if (!/^[A-Za-z_][\w.$]*$/.test(name)) {
      throw new SymversFormatError(line, 'is not the name of a symbol, as those before it are');
    }
    names.add(name);
  }
  return Array.from(names, (name) => ({ name, provider: '' }));
}
