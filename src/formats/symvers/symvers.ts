/** A symbol that a kernel exports to modules, as modpost writes it to `Module.symvers`. */
export interface ExportedSymbol {
  readonly name: string;
  /** Checksum of its type (CONFIG_MODVERSIONS); 0 without. */
  readonly crc: number;
  /** `vmlinux`, or the path of a module without its ending: `drivers/ata/libata`. */
  readonly provider: string;
  /** `EXPORT_SYMBOL`, `EXPORT_SYMBOL_GPL` …; empty in lists of before 2.6.18. */
  readonly kind: string;
  /** Empty for most symbols, and for all before 5.4. */
  readonly namespace: string;
}

/** Thrown for a text that is no list of exported symbols; nothing else is, whatever the text is. */
export class SymversFormatError extends Error {
  override readonly name = 'SymversFormatError';
  readonly line: number;

  /**
   * @param line - counted from 1
   * @param detail - what is wrong with it, as the end of a sentence
   */
  constructor(line: number, detail: string) {
    super(`line ${line} ${detail}`);
    this.line = line;
  }
}

/** A line, with the start of what is wrong with it, made fit for a terminal. */
function shown(text: string): string {
  const printable = text.replace(/[^\x20-\x7e]/g, '?');
  return printable.length > 60 ? `${printable.slice(0, 60)}…` : printable;
}

/** Checksums have 32 bits, however many digits they are written with. */
function parseCrc(text: string): number | undefined {
  return /^0x0*[0-9a-f]{1,8}$/i.test(text) ? Number.parseInt(text, 16) : undefined;
}

const isName = (text: string): boolean => /^[\w.$]+$/.test(text);
const isProvider = (text: string): boolean => /^[\x21-\x7e]+$/.test(text);
const isKind = (text: string): boolean => /^EXPORT_\w+$|^\(unknown\)$/.test(text);

function parseLine(text: string, line: number): ExportedSymbol {
  // By Red Hat's check-kabi, any white space parts the fields; modpost writes tabs, and with them empty fields.
  const fields = text.includes('\t') ? text.split('\t') : text.split(/ +/);
  const [crcText = '', name = '', ...rest] = fields.map((field) => field.trim());
  const crc = parseCrc(crcText);
  if (crc === undefined || !isName(name)) {
    throw new SymversFormatError(
      line,
      `is not "CRC, symbol, provider", with tabs between: "${shown(text)}"`,
    );
  }
  // 5.4 and 5.5 had the namespace before the provider (modpost's commit 5190044c2965 moved it last).
  const [first = '', second = '', third = ''] = rest;
  const isMiddle = rest.length >= 3 && isKind(third) && !isKind(second);
  const [provider, kind, namespace] = isMiddle ? [second, third, first] : [first, second, third];
  const isNamespace = namespace === '' || isProvider(namespace);
  if (!isProvider(provider) || (kind !== '' && !isKind(kind)) || !isNamespace) {
    throw new SymversFormatError(line, `names no provider, or no kind of export: "${shown(text)}"`);
  }
  return { name, crc, provider, kind, namespace };
}

/** The lines of a text that say something, each with its number. */
export function* linesOf(
  text: string,
): Generator<{ readonly text: string; readonly line: number }> {
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.replace(/\r$/, '');
    if (line.trim() !== '') yield { text: line, line: index + 1 };
  }
}

/**
 * Reads a list of exported symbols: `Module.symvers` of a build, of `kernel-devel` and
 * `linux-headers`, and unpacked `symvers` of `kernel-core`. A symbol that comes twice counts as it
 * comes last.
 *
 * @throws SymversFormatError and nothing else, whatever the text is
 */
export function parseSymvers(text: string): readonly ExportedSymbol[] {
  const symbols = new Map<string, ExportedSymbol>();
  for (const { text: line, line: number } of linesOf(text)) {
    const symbol = parseLine(line, number);
    symbols.set(symbol.name, symbol);
  }
  return [...symbols.values()];
}
