import type { KernelModule } from './kernel-module.ts';

/** `Elf64_Sym` has 24 bytes; the low half of `st_info` is the type, and 2 a function. */
const entrySize = 24;
const typeFunction = 2;
const typeSymbolTable = 2;

/** The kernel's own names have up to 512 characters (KSYM_NAME_LEN). */
const maxNameSize = 512;

/** What every module has by these names, and prefixes that the compiler puts before functions. */
const noNames = /^(?:init_module|cleanup_module$|__pfx_|__cfi_)/;

/**
 * The names of functions that a module has in the sections that stay after its start, as its symbol
 * table lists them.
 *
 * @param limit - so many of them at the most
 * @returns none for a module whose symbol table was stripped, or is cut off
 */
export function functionNames({ sections }: KernelModule, limit: number): readonly string[] {
  const symbols = sections.find(({ type }) => type === typeSymbolTable);
  const strings = symbols === undefined ? undefined : sections[symbols.link]?.content;
  if (symbols === undefined || strings === undefined) return [];
  const table = symbols.content;
  const view = new DataView(table.buffer, table.byteOffset, table.byteLength);
  const found = new Set<string>();
  for (let at = 0; at + entrySize <= table.length && found.size < limit; at += entrySize) {
    if ((view.getUint8(at + 4) & 0xf) !== typeFunction) continue;
    const section = sections[view.getUint16(at + 6, true)];
    if (section === undefined || !/^\.text/.test(section.name)) continue;
    const start = view.getUint32(at, true);
    const longest = strings.subarray(start, start + maxNameSize);
    const end = longest.indexOf(0);
    if (end === -1) continue;
    const name = Buffer.from(longest.subarray(0, end)).toString('latin1');
    if (name !== '' && !noNames.test(name)) found.add(name);
  }
  return [...found];
}
