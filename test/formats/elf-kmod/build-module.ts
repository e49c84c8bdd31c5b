/** A section of a synthetic module. */
interface SectionSpec {
  readonly name: string;
  readonly content: Uint8Array;
  readonly type?: number;
  /** Index of another section, counted from 1. */
  readonly link?: number;
}

/** Lays out a minimal relocatable ELF64 file with the given sections and a table of their names. */
export function buildModule(sections: readonly SectionSpec[]): Buffer {
  const names = ['', ...sections.map(({ name }) => name), '.shstrtab'];
  const nameOffsets: number[] = [];
  let strings = '';
  for (const name of names) {
    nameOffsets.push(strings.length);
    strings += `${name}\0`;
  }
  const contents = [...sections, { name: '.shstrtab', content: Buffer.from(strings, 'latin1') }];
  const parts: Buffer[] = [];
  let at = 64;
  const offsets = contents.map(({ content }) => {
    const offset = at;
    parts.push(Buffer.from(content));
    at += content.length;
    return offset;
  });
  const header = Buffer.alloc(64);
  header.write('\x7fELF', 0, 'latin1');
  header.set([2, 1, 1], 4);
  header.writeUInt16LE(1, 16);
  header.writeUInt16LE(62, 18);
  header.writeBigUInt64LE(BigInt(at), 40);
  header.writeUInt16LE(64, 52);
  header.writeUInt16LE(64, 58);
  header.writeUInt16LE(contents.length + 1, 60);
  header.writeUInt16LE(contents.length, 62);
  const table = Buffer.alloc(64 * (contents.length + 1));
  for (const [index, section] of contents.entries()) {
    const entry = 64 * (index + 1);
    table.writeUInt32LE(nameOffsets[index + 1] ?? 0, entry);
    table.writeUInt32LE(('type' in section ? section.type : undefined) ?? 1, entry + 4);
    table.writeUInt32LE(('link' in section ? section.link : undefined) ?? 0, entry + 40);
    table.writeBigUInt64LE(BigInt(offsets[index] ?? 0), entry + 24);
    table.writeBigUInt64LE(BigInt(section.content.length), entry + 32);
  }
  return Buffer.concat([header, ...parts, table]);
}

/** The content of a `.modinfo` section. */
export function modinfoSection(...entries: readonly string[]): SectionSpec {
  return { name: '.modinfo', content: Buffer.from(`${entries.join('\0')}\0`, 'latin1') };
}

/** The content of a `__versions` section. */
export function versionsSection(entries: Readonly<Record<string, number>>): SectionSpec {
  const content = Buffer.alloc(64 * Object.keys(entries).length);
  for (const [index, [name, crc]] of Object.entries(entries).entries()) {
    content.writeUInt32LE(crc, 64 * index);
    content.write(name, 64 * index + 8, 'latin1');
  }
  return { name: '__versions', content };
}

/** A symbol of a synthetic module. */
interface SymbolSpec {
  readonly name: string;
  /** `st_info`: 2 is a local function, 0x10 a global symbol without a type. */
  readonly info: number;
  /** Index of its section, counted from 1; 0 for one that is needed. */
  readonly section: number;
}

/**
 * A table of symbols, and the section of its names.
 *
 * @param index - of the table among the module's sections, counted from 1
 */
export function symbolSections(symbols: readonly SymbolSpec[], index: number): SectionSpec[] {
  const table = Buffer.alloc(24 * (symbols.length + 1));
  let strings = '\0';
  for (const [place, { name, info, section }] of symbols.entries()) {
    const at = 24 * (place + 1);
    table.writeUInt32LE(strings.length, at);
    table.writeUInt8(info, at + 4);
    table.writeUInt16LE(section, at + 6);
    strings += `${name}\0`;
  }
  return [
    { name: '.symtab', content: table, type: 2, link: index + 1 },
    { name: '.strtab', content: Buffer.from(strings), type: 3 },
  ];
}

/** Puts what sign-file appends behind a module. */
export function appendSignature(module: Uint8Array, pkcs7: Uint8Array, idType = 2): Buffer {
  const trailer = Buffer.alloc(12);
  trailer.writeUInt8(idType, 2);
  trailer.writeUInt32BE(pkcs7.length, 8);
  return Buffer.concat([module, pkcs7, trailer, Buffer.from('~Module signature appended~\n')]);
}

/** Appends a bare signature as scripts/sign-file of 3.7 to 4.2 does: RSA with sha256. */
export function appendBareSignature(
  module: Uint8Array,
  signature: Uint8Array,
  stated = signature.length,
): Buffer {
  const trailer = Buffer.alloc(12);
  trailer.set([1, 4, 1, 'signer'.length, 'key'.length]);
  trailer.writeUInt32BE(signature.length + 2, 8);
  const length = Buffer.from([stated >> 8, stated & 0xff]);
  const marker = Buffer.from('~Module signature appended~\n');
  return Buffer.concat([module, Buffer.from('signerkey'), length, signature, trailer, marker]);
}
