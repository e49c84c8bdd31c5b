import type { KconfigSymbol, Location } from '../../kconfig/index.ts';

/** Reads a Kconfig file by its path in the tree; undefined if there is none. */
export type ReadSource = (file: string) => string | undefined;

/** A location as compilers print it, which editors and terminals make a link of. */
export function formatLocation(location: Location | undefined): string {
  return location === undefined ? '' : `${location.file}:${location.line}`;
}

const opensEntry =
  /^\s*(config|menuconfig|choice|endchoice|menu|endmenu|if|endif|comment|source|mainmenu)\b/;
const opensHelp = /^\s*(-*help-*)\s*$/;

/**
 * Finds the very line of a symbol's definition that mentions another symbol: a `depends on`, the
 * `if` of a property, or the `if` or `menu` around the entry in the same file. Where no line does
 * (the condition comes from a file further out), it is the line of the entry.
 *
 * The Kconfig model has conditions merged as the kernel's menu_finalize() does, without the lines
 * that they come from; this looks them up in the text.
 */
export class Origins {
  readonly #read: ReadSource;
  readonly #lines = new Map<string, readonly string[]>();

  constructor(read: ReadSource) {
    this.#read = read;
  }

  /**
   * @param symbol - whose definition to look at
   * @param mentioned - names of which the line has to have one, the most telling first
   */
  find(symbol: KconfigSymbol, mentioned: readonly string[]): Location | undefined {
    for (const name of mentioned) {
      for (const { location } of symbol.menus) {
        const line = this.#inEntry(location, name) ?? this.#around(location, name);
        if (line !== undefined) return { file: location.file, line };
      }
    }
    return symbol.menus[0]?.location ?? symbol.properties[0]?.location;
  }

  #inEntry({ file, line }: Location, name: string): number | undefined {
    const lines = this.#linesOf(file);
    const word = wordPattern(name);
    for (let index = line; index < lines.length; index += 1) {
      const text = lines[index] ?? '';
      if (opensEntry.test(text) || opensHelp.test(text)) return undefined;
      if (word.test(text.replace(/"[^"]*"/g, ''))) return index + 1;
    }
    return undefined;
  }

  #around({ file, line }: Location, name: string): number | undefined {
    const lines = this.#linesOf(file);
    const word = wordPattern(name);
    let closed = 0;
    for (let index = line - 2; index >= 0; index -= 1) {
      const text = lines[index] ?? '';
      const keyword = /^\s*(if|endif|menu|endmenu)\b/.exec(text)?.[1];
      if (keyword === 'endif' || keyword === 'endmenu') closed += 1;
      else if (keyword !== undefined && closed > 0) closed -= 1;
      else if (keyword === 'if' && word.test(text)) return index + 1;
      else if (keyword === 'menu') {
        const found = this.#inEntry({ file, line: index + 1 }, name);
        if (found !== undefined) return found;
      }
    }
    return undefined;
  }

  #linesOf(file: string): readonly string[] {
    let lines = this.#lines.get(file);
    if (lines === undefined) {
      lines = (this.#read(file) ?? '').split('\n');
      this.#lines.set(file, lines);
    }
    return lines;
  }
}

function wordPattern(name: string): RegExp {
  return new RegExp(`(?<![A-Za-z0-9_])${name.replace(/[^A-Za-z0-9_]/g, '\\$&')}(?![A-Za-z0-9_])`);
}
