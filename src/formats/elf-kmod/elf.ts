import { ModuleFormatError } from './format-error.ts';

/** A section of an ELF file. */
export interface ElfSection {
  readonly name: string;
  /** `sh_type`, such as 1 (PROGBITS) or 8 (NOBITS). */
  readonly type: number;
  /** `sh_link`: of a symbol table, the index of the section with its names. */
  readonly link: number;
  /** It takes memory in a running kernel (SHF_ALLOC of `sh_flags`). */
  readonly isAllocated: boolean;
  /** Offset of the content in the file. */
  readonly offset: number;
  readonly size: number;
  /** The content, without a copy; empty for a section that takes no room in the file. */
  readonly content: Uint8Array;
}

/** What is read of an ELF file: its machine and its sections. */
export interface ElfObject {
  /** `e_machine`: 62 is x86-64. */
  readonly machine: number;
  readonly sections: readonly ElfSection[];
}

const headerSize = 64;
const sectionHeaderSize = 64;
const sectionTypeNoBits = 8;
const flagAllocated = 2n;

/** `e_type` of what is linked no further (modules, objects), and of a program (vmlinux). */
const elfTypes = { relocatable: 1, executable: 2 } as const;

/** Decodes bytes as Latin-1, in which every byte is a character: kernel strings may hold any. */
function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

/** The NUL-terminated string at an offset; it ends at the end of the bytes at the latest. */
export function stringAt(bytes: Uint8Array, offset: number): string {
  const end = bytes.indexOf(0, offset);
  return latin1(bytes.subarray(offset, end === -1 ? bytes.length : end));
}

/**
 * Longer than a symbol's name can be (KSYM_NAME_LEN) and what sections put before it: of thousands
 * of sections each could else have the rest of the file as its name.
 */
const maxNameSize = 1024;

function nameAt(names: Uint8Array, offset: number, index: number): string {
  const name = stringAt(names.subarray(offset, offset + maxNameSize), 0);
  if (name.length === maxNameSize) {
    throw new ModuleFormatError('out-of-bounds', `the name of section ${index} does not end`);
  }
  return name;
}

/** A 64-bit field as a number, if it can be an offset in a file of that length. */
function offsetField(view: DataView, at: number, limit: number, what: string): number {
  const value = view.getBigUint64(at, true);
  if (value > BigInt(limit)) {
    throw new ModuleFormatError('out-of-bounds', `${what} is ${value}, behind the end of the file`);
  }
  return Number(value);
}

/**
 * Reads the section table of an ELF64 file, as elf(5) lays it out. Every offset and size is checked
 * against the file's own length.
 *
 * @param wanted - what it has to be by its `e_type`
 * @throws ModuleFormatError `not-a-module`, `out-of-bounds`
 */
export function readElf(
  bytes: Uint8Array,
  wanted: keyof typeof elfTypes = 'relocatable',
): ElfObject {
  if (bytes.length < headerSize || latin1(bytes.subarray(0, 4)) !== '\x7fELF') {
    throw new ModuleFormatError('not-a-module', 'the file does not start with an ELF header');
  }
  if (bytes[4] !== 2 || bytes[5] !== 1) {
    throw new ModuleFormatError('not-a-module', 'the ELF file is not 64-bit little-endian');
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const type = view.getUint16(16, true);
  if (type !== elfTypes[wanted]) {
    const article = wanted === 'executable' ? 'an' : 'a';
    throw new ModuleFormatError(
      'not-a-module',
      `the ELF file is of type ${type}, not ${article} ${wanted} one`,
    );
  }
  const tableOffset = offsetField(view, 40, bytes.length, 'the offset of the section table');
  const entrySize = view.getUint16(58, true);
  const count = view.getUint16(60, true);
  const namesIndex = view.getUint16(62, true);
  if (count > 0 && entrySize !== sectionHeaderSize) {
    throw new ModuleFormatError('not-a-module', `section headers of ${entrySize} bytes`);
  }
  if (tableOffset + count * sectionHeaderSize > bytes.length) {
    throw new ModuleFormatError('out-of-bounds', 'the section table runs over the end of the file');
  }

  const headers = Array.from({ length: count }, (_, index) => {
    const at = tableOffset + index * sectionHeaderSize;
    const sectionType = view.getUint32(at + 4, true);
    // A section without content may claim any size; its place in the file means nothing.
    const inFile = sectionType !== sectionTypeNoBits && sectionType !== 0;
    const what = `section ${index}`;
    const offset = inFile ? offsetField(view, at + 24, bytes.length, `the offset of ${what}`) : 0;
    const size = inFile ? offsetField(view, at + 32, bytes.length, `the size of ${what}`) : 0;
    if (offset + size > bytes.length) {
      throw new ModuleFormatError('out-of-bounds', `${what} runs over the end of the file`);
    }
    const isAllocated = (view.getBigUint64(at + 8, true) & flagAllocated) !== 0n;
    const link = view.getUint32(at + 40, true);
    const nameOffset = view.getUint32(at, true);
    return { nameOffset, type: sectionType, isAllocated, link, offset, size };
  });

  const namesHeader = headers[namesIndex];
  if (count > 0 && namesHeader === undefined) {
    throw new ModuleFormatError('out-of-bounds', `there is no section ${namesIndex} of names`);
  }
  const names =
    namesHeader === undefined
      ? new Uint8Array()
      : bytes.subarray(namesHeader.offset, namesHeader.offset + namesHeader.size);
  return {
    machine: view.getUint16(18, true),
    sections: headers.map(
      ({ nameOffset, type: sectionType, isAllocated, link, offset, size }, index) => {
        if (nameOffset > names.length) {
          throw new ModuleFormatError('out-of-bounds', `the name of section ${index} is outside`);
        }
        return {
          name: nameAt(names, nameOffset, index),
          type: sectionType,
          link,
          isAllocated,
          offset,
          size,
          content: bytes.subarray(offset, offset + size),
        };
      },
    ),
  };
}
