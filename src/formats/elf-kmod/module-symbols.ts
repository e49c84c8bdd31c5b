import { type ElfSection, stringAt } from './elf.ts';
import { ModuleFormatError } from './format-error.ts';
import type { KernelModule } from './kernel-module.ts';

/** A symbol that a module exports to others. */
export interface ExportedSymbol {
  readonly name: string;
  /** Absent without CONFIG_MODVERSIONS. */
  readonly crc?: number;
}

/** What a module needs of the kernel and of other modules, and what it gives them. */
export interface ModuleSymbols {
  /** Undefined symbols; the kernel refuses a module of which one is missing (simplify_symbols). */
  readonly imports: readonly string[];
  readonly exports: readonly ExportedSymbol[];
}

/** `Elf64_Sym` of elf(5): name, info, other, section, value, size. */
const symbolSize = 24;
const symbolTable = 2;

const noSection = 0;
const absolute = 0xfff1;
const bindWeak = 2;

/** `__ksymtab_NAME` stands for each export, in all kernels; `__crc_NAME` for its CRC. */
const exportMark = '__ksymtab_';
const crcMark = '__crc_';

interface Symbol {
  readonly name: string;
  readonly bind: number;
  readonly section: number;
  readonly value: bigint;
}

function readSymbols(table: ElfSection, names: ElfSection): Symbol[] {
  const { content } = table;
  const view = new DataView(content.buffer, content.byteOffset, content.byteLength);
  // The first one is none (elf(5)).
  return Array.from(
    { length: Math.max(Math.floor(table.size / symbolSize) - 1, 0) },
    (_, index) => {
      const at = (index + 1) * symbolSize;
      const nameOffset = view.getUint32(at, true);
      if (nameOffset > names.size) {
        throw new ModuleFormatError('out-of-bounds', `the name of symbol ${index + 1} is outside`);
      }
      return {
        name: stringAt(names.content.subarray(nameOffset, nameOffset + maxNameSize), 0),
        bind: view.getUint8(at + 4) >> 4,
        section: view.getUint16(at + 6, true),
        value: view.getBigUint64(at + 8, true),
      };
    },
  );
}

/** Longer than KSYM_NAME_LEN with any mark; without it each name could be the rest of the file. */
const maxNameSize = 1024;

/**
 * The CRC that a symbol `__crc_NAME` stands for: until 5.18 it is the symbol's own, absolute value;
 * from 5.19 on it lies at that place of a section `__kcrctab…` (include/linux/export-internal.h).
 */
function crcOf({ section, value }: Symbol, sections: readonly ElfSection[]): number | undefined {
  if (section === absolute) return Number(BigInt.asUintN(32, value));
  const content = sections[section]?.content;
  if (content === undefined || value + 4n > BigInt(content.length)) return undefined;
  const view = new DataView(content.buffer, content.byteOffset, content.byteLength);
  return view.getUint32(Number(value), true);
}

/**
 * Reads a module's table of symbols.
 *
 * @throws ModuleFormatError `out-of-bounds`
 */
export function readModuleSymbols({ sections }: Pick<KernelModule, 'sections'>): ModuleSymbols {
  const table = sections.find(({ type }) => type === symbolTable);
  const names = table === undefined ? undefined : sections[table.link];
  if (table === undefined || names === undefined) return { imports: [], exports: [] };
  const symbols = readSymbols(table, names);
  const crcs = new Map<string, number>();
  for (const symbol of symbols) {
    if (!symbol.name.startsWith(crcMark) || symbol.section === noSection) continue;
    const crc = crcOf(symbol, sections);
    if (crc !== undefined) crcs.set(symbol.name.slice(crcMark.length), crc);
  }
  return {
    // A weak one may stay undefined. The linker's own table of offsets is none of the kernel's.
    imports: symbols
      .filter(({ section, bind }) => section === noSection && bind !== bindWeak)
      .map(({ name }) => name)
      .filter((name) => name !== '' && name !== '_GLOBAL_OFFSET_TABLE_')
      .sort(),
    exports: symbols
      .filter(({ name, section }) => name.startsWith(exportMark) && section !== noSection)
      .map(({ name }): ExportedSymbol => {
        const exported = name.slice(exportMark.length);
        const crc = crcs.get(exported);
        return crc === undefined ? { name: exported } : { name: exported, crc };
      })
      .sort((one, other) => (one.name < other.name ? -1 : one.name > other.name ? 1 : 0)),
  };
}
