import type { KconfigSymbol, Location } from '../../kconfig/index.ts';
import { findInclusions } from './inclusions.ts';

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
 * `if` of a property, or the `if`, `menu` or `choice` around the entry: in the same file and, if
 * the files of the tree are given, in those that have it read. Where no line does, it is the line
 * of the entry.
 *
 * The Kconfig model has conditions merged as the kernel's menu_finalize() does, without the lines
 * that they come from; this looks them up in the text.
 */
export class Origins {
  readonly #read: ReadSource;
  readonly #lines = new Map<string, readonly string[]>();
  readonly #files: readonly string[];
  #inclusions: ReadonlyMap<string, Location> | undefined;

  /** @param files - every Kconfig file of the tree that is read, to look further out, too */
  constructor(read: ReadSource, files: readonly string[] = []) {
    this.#read = read;
    this.#files = files;
  }

  /** The text of a line, without the blanks around it; empty if there is none. */
  textAt({ file, line }: Location): string {
    return (this.#linesOf(file)[line - 1] ?? '').trim();
  }

  /** The first line of an entry, its help apart, that a pattern matches. */
  matchIn({ file, line }: Location, pattern: RegExp): Location | undefined {
    const found = this.#inEntry({ file, line }, pattern);
    return found === undefined ? undefined : { file, line: found };
  }

  /**
   * @param symbol - whose definition to look at
   * @param mentioned - names of which the line has to have one, the most telling first
   */
  find(symbol: KconfigSymbol, mentioned: readonly string[]): Location | undefined {
    for (const name of mentioned) {
      for (const { location } of symbol.menus) {
        const word = wordPattern(name);
        const line = this.#inEntry(location, word);
        if (line !== undefined) return { file: location.file, line };
        const outer = this.#around(location, word);
        if (outer !== undefined) return outer;
      }
    }
    return symbol.menus[0]?.location ?? symbol.properties[0]?.location;
  }

  #inEntry({ file, line }: Location, word: RegExp): number | undefined {
    const lines = this.#linesOf(file);
    for (let index = line; index < lines.length; index += 1) {
      const text = lines[index] ?? '';
      if (opensEntry.test(text) || opensHelp.test(text)) return undefined;
      if (word.test(text.replace(/"[^"]*"/g, ''))) return index + 1;
    }
    return undefined;
  }

  #around({ file, line }: Location, word: RegExp): Location | undefined {
    const lines = this.#linesOf(file);
    let closed = 0;
    for (let index = line - 2; index >= 0; index -= 1) {
      const text = lines[index] ?? '';
      const keyword = /^\s*(if|endif|menu|endmenu|choice|endchoice)\b/.exec(text)?.[1];
      if (keyword?.startsWith('end')) closed += 1;
      else if (keyword !== undefined && closed > 0) closed -= 1;
      else if (keyword === 'if' && word.test(text)) return { file, line: index + 1 };
      else if (keyword === 'menu' || keyword === 'choice') {
        const found = this.#inEntry({ file, line: index + 1 }, word);
        if (found !== undefined) return { file, line: found };
      }
    }
    this.#inclusions ??= findInclusions(this.#files, this.#read);
    const outer = this.#inclusions.get(file);
    return outer === undefined ? undefined : this.#around(outer, word);
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
