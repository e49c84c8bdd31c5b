import { type ElfSection, readElf, stringAt } from './elf.ts';
import { ModuleFormatError } from './format-error.ts';
import { type ModuleSignature, readSignature } from './signature.ts';

/** A symbol that a module imports, with the CRC that it expects (CONFIG_MODVERSIONS). */
export interface SymbolVersion {
  readonly name: string;
  readonly crc: number;
}

/** What a module file says of itself. */
export interface KernelModule {
  /** `e_machine` of the ELF header: 62 is x86-64. */
  readonly machine: number;
  readonly sections: readonly ElfSection[];
  /** The `.modinfo` section in its order: keys such as `vermagic`, `alias`, `firmware` may repeat. */
  readonly modinfo: readonly { readonly key: string; readonly value: string }[];
  /** Imported symbols and their CRCs; empty without CONFIG_MODVERSIONS. */
  readonly versions: readonly SymbolVersion[];
  /** Absent in a module that is not signed. */
  readonly signature: ModuleSignature | undefined;
}

/** Splits `.modinfo`: NUL-terminated `key=value`, with NULs as padding between. */
function readModinfo(section: ElfSection | undefined): KernelModule['modinfo'] {
  if (section === undefined) return [];
  const entries: { key: string; value: string }[] = [];
  for (let at = 0; at < section.size; ) {
    const text = stringAt(section.content, at);
    at += text.length + 1;
    if (text === '') continue;
    const equals = text.indexOf('=');
    if (equals === -1) continue;
    entries.push({ key: text.slice(0, equals), value: text.slice(equals + 1) });
  }
  return entries;
}

/** `struct modversion_info` of include/linux/module.h: CRC in a long, then the name, 64 bytes in all. */
const versionEntrySize = 64;

function viewOf(section: ElfSection): DataView {
  return new DataView(section.content.buffer, section.content.byteOffset, section.size);
}

function readVersions(section: ElfSection | undefined): SymbolVersion[] {
  if (section === undefined) return [];
  if (section.size % versionEntrySize !== 0) {
    throw new ModuleFormatError('out-of-bounds', `__versions has ${section.size} bytes`);
  }
  const view = viewOf(section);
  return Array.from({ length: section.size / versionEntrySize }, (_, index) => {
    const at = index * versionEntrySize;
    const entry = section.content.subarray(at, at + versionEntrySize);
    return { crc: view.getUint32(at, true), name: stringAt(entry, 8) };
  });
}

/** The form of 6.14 and later (CONFIG_EXTENDED_MODVERSIONS): CRCs and names in sections of their own. */
function readExtendedVersions(
  crcs: ElfSection | undefined,
  names: ElfSection | undefined,
): SymbolVersion[] {
  if (crcs === undefined || names === undefined) return [];
  const view = viewOf(crcs);
  const versions: SymbolVersion[] = [];
  let at = 0;
  for (let index = 0; index + 4 <= crcs.size && at < names.size; index += 4) {
    const name = stringAt(names.content, at);
    at += name.length + 1;
    versions.push({ crc: view.getUint32(index, true), name });
  }
  return versions;
}

/**
 * Reads an uncompressed kernel module (`.ko`): sections, `.modinfo`, symbol
 * versions, and the signature behind the ELF file.
 *
 * @param bytes - the whole file; the result refers to it, so it must not be changed
 * @throws ModuleFormatError and nothing else, whatever the bytes are
 */
export function readKernelModule(bytes: Uint8Array): KernelModule {
  const signature = readSignature(bytes);
  const { machine, sections } = readElf(
    signature === undefined ? bytes : bytes.subarray(0, signature.signedLength),
  );
  const section = (name: string): ElfSection | undefined =>
    sections.find((candidate) => candidate.name === name);
  const versions = readVersions(section('__versions'));
  return {
    machine,
    sections,
    modinfo: readModinfo(section('.modinfo')),
    versions:
      versions.length > 0
        ? versions
        : readExtendedVersions(section('__version_ext_crcs'), section('__version_ext_names')),
    signature,
  };
}

/** The first value that `.modinfo` has for a key, such as `vermagic`. */
export function modinfoValue(module: KernelModule, key: string): string | undefined {
  return module.modinfo.find((entry) => entry.key === key)?.value;
}

/** The sections that hold debug information, which a stripped module does not have. */
export function debugSections(module: KernelModule): string[] {
  return module.sections
    .map(({ name }) => name)
    .filter((name) => /^(\.rela?)?\.z?debug_/.test(name));
}
