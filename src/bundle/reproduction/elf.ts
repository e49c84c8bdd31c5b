import { type ElfSection, ModuleFormatError, readElf } from '../../formats/elf-kmod/index.ts';
import { bytePlaces } from './bytes.ts';
import type { Place } from './report.ts';
import { valuePlaces } from './values.ts';

const headerBytes = 64;
const sectionHeaderBytes = 64;

/** Sections that follow from all else in a file: told last. */
const digests = new Set(['.note.gnu.build-id', '.notes']);

/** Sections by name; of several with one name, the later ones by name and number. */
function byName(sections: readonly ElfSection[]): ReadonlyMap<string, ElfSection> {
  const found = new Map<string, ElfSection>();
  const counts = new Map<string, number>();
  for (const section of sections) {
    if (section.type === 0) continue;
    const count = (counts.get(section.name) ?? 0) + 1;
    counts.set(section.name, count);
    found.set(count === 1 ? section.name : `${section.name} (${count})`, section);
  }
  return found;
}

/** The entries of `.modinfo` by key; the values of a key that comes several times in one. */
function modinfo({ content }: ElfSection): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const entry of Buffer.from(content).toString('latin1').split('\0')) {
    if (entry === '') continue;
    const [key = '', ...value] = entry.split('=');
    const where = `section .modinfo, ${key}`;
    const earlier = found.get(where);
    found.set(where, (earlier === undefined ? '' : `${earlier}, `) + value.join('='));
  }
  return found;
}

function sectionPlaces(name: string, a: ElfSection, b: ElfSection): readonly Place[] {
  const places = bytePlaces(`section ${name}`, a.content, b.content);
  if (places.length === 0 || a.name !== '.modinfo') return places;
  const entries = valuePlaces(modinfo(a), modinfo(b));
  return entries.length > 0 ? entries : places;
}

/** What of a file lies in no section, by name and in order: headers, tables, padding. */
function outside(bytes: Uint8Array, sections: readonly ElfSection[]) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const table = Number(view.getBigUint64(40, true));
  const ranges = [
    { name: 'ELF header', start: 0, end: headerBytes },
    {
      name: 'section headers',
      start: table,
      end: table + view.getUint16(60, true) * sectionHeaderBytes,
    },
    ...sections.map(({ offset, size }) => ({ name: '', start: offset, end: offset + size })),
  ].sort((one, other) => one.start - other.start);
  const last = Math.max(...ranges.map(({ end }) => end));
  const found: { name: string; content: Uint8Array }[] = [];
  let reached = 0;
  for (const { name, start, end } of ranges) {
    if (start > reached) {
      found.push({ name: 'between the sections', content: bytes.subarray(reached, start) });
    }
    if (name !== '') found.push({ name, content: bytes.subarray(start, end) });
    reached = Math.max(reached, end);
  }
  found.push({ name: 'behind the last section', content: bytes.subarray(last) });
  return found;
}

/** Whether every section lies where it lies in the other file. */
function isLaidOutAlike(a: readonly ElfSection[], b: readonly ElfSection[]): boolean {
  return (
    a.length === b.length &&
    a.every(({ offset, size }, index) => b[index]?.offset === offset && b[index]?.size === size)
  );
}

/**
 * Where two ELF files differ: by section, `.modinfo` by key; in headers and between sections where
 * these do not merely follow from sections of other sizes.
 *
 * @param type - what both are; files that are not are compared as plain bytes
 */
export function elfPlaces(
  a: Uint8Array,
  b: Uint8Array,
  type: 'relocatable' | 'executable',
): readonly Place[] {
  const whole = bytePlaces('its bytes', a, b);
  if (whole.length === 0) return [];
  let sections: readonly [readonly ElfSection[], readonly ElfSection[]];
  try {
    sections = [readElf(a, type).sections, readElf(b, type).sections];
  } catch (error) {
    if (error instanceof ModuleFormatError) return whole;
    throw error;
  }
  const [one, other] = [byName(sections[0]), byName(sections[1])];
  const names = [...new Set([...one.keys(), ...other.keys()])];
  const ordered = [
    ...names.filter((name) => !digests.has(name)),
    ...names.filter((name) => digests.has(name)),
  ];
  const places = ordered.flatMap((name): readonly Place[] => {
    const [left, right] = [one.get(name), other.get(name)];
    if (left !== undefined && right !== undefined) return sectionPlaces(name, left, right);
    const size = (section: ElfSection | undefined): string =>
      section === undefined ? 'none' : `${section.size} bytes`;
    return [{ where: `section ${name}`, original: size(left), rebuilt: size(right) }];
  });
  const rest: Place[] = [];
  if (isLaidOutAlike(...sections)) {
    const remains = outside(b, sections[1]);
    for (const [index, { name, content }] of outside(a, sections[0]).entries()) {
      rest.push(...bytePlaces(name, content, remains[index]?.content ?? new Uint8Array()));
    }
  }
  const all = [...places, ...rest];
  return all.length > 0 ? all : whole;
}
