import { RpmFormatError } from './error.ts';

/** Bytes of the fixed part of a header: magic, version, reserved, two counts. */
export const headerIntroSize = 16;

/** Bytes of one entry of a header's index. */
const indexEntrySize = 16;

/** The bound that rpm itself sets (`lib/header.c`: HEADER_TAGS_MAX). */
const maxEntries = 0xffff;

/**
 * rpm allows eight times as much (HEADER_DATA_MAX), of which the values take ten times that as
 * strings and numbers. A kernel's source package has half a megabyte.
 */
const maxDataSize = 32 * 1024 * 1024;

/** rpm's `rpmTagType_e`. */
const type = {
  char: 1,
  int8: 2,
  int16: 3,
  int32: 4,
  int64: 5,
  string: 6,
  binary: 7,
  stringArray: 8,
  i18nString: 9,
} as const;

/** Bytes of one element, by type, of those types that have a fixed one. */
const elementSize: Readonly<Record<number, number>> = {
  [type.char]: 1,
  [type.int8]: 1,
  [type.int16]: 2,
  [type.int32]: 4,
  [type.int64]: 8,
  [type.binary]: 1,
};

interface Entry {
  readonly type: number;
  readonly count: number;
  /** Where the value starts and ends in the header's data. */
  readonly start: number;
  readonly end: number;
}

/** What a header's fixed part announces. */
export interface HeaderIntro {
  readonly entries: number;
  readonly dataSize: number;
  /** Bytes of the whole header, fixed part included. */
  readonly size: number;
}

/**
 * Reads the fixed part of a header, by the format in rpm's `docs/manual/format_header`.
 *
 * @param bytes - at least {@link headerIntroSize} of them
 * @param offset - where they stand in the package, for messages
 * @throws RpmFormatError
 */
export function parseHeaderIntro(bytes: Uint8Array, offset: number): HeaderIntro {
  if (bytes.length < headerIntroSize) {
    throw new RpmFormatError('truncated', 'The package ends inside of a header.', offset);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(0) !== 0x8eade801) {
    throw new RpmFormatError('malformed', 'A header does not start with its magic number.', offset);
  }
  const entries = view.getUint32(8);
  const dataSize = view.getUint32(12);
  if (entries === 0 || entries > maxEntries || dataSize > maxDataSize) {
    throw new RpmFormatError(
      'malformed',
      `A header announces ${entries} entries and ${dataSize} bytes of data.`,
      offset,
    );
  }
  return { entries, dataSize, size: headerIntroSize + entries * indexEntrySize + dataSize };
}

/** A header: numbers (tags) to typed values. */
export interface RpmHeader {
  has(tag: number): boolean;
  /** The first (or only) string under a tag. */
  text(tag: number): string | undefined;
  /** All strings under a tag; none if it is not there or of another type. */
  texts(tag: number): readonly string[];
  /** The first (or only) integer under a tag. */
  number(tag: number): number | undefined;
  /** All integers under a tag; those over 2^53 lose precision. */
  numbers(tag: number): readonly number[];
  /** The bytes under a tag. */
  binary(tag: number): Uint8Array | undefined;
  /** The tags that are there. */
  readonly tags: readonly number[];
}

/**
 * Parses a header. Everything in it is checked here; reading from it afterwards cannot fail.
 *
 * @param bytes - the whole header, fixed part included
 * @param offset - where it stands in the package, for messages
 * @throws RpmFormatError for any length, offset or type that cannot be
 */
export function parseHeader(bytes: Uint8Array, offset: number): RpmHeader {
  const intro = parseHeaderIntro(bytes, offset);
  if (bytes.length < intro.size) {
    throw new RpmFormatError('truncated', 'The package ends inside of a header.', offset);
  }
  const index = new DataView(bytes.buffer, bytes.byteOffset + headerIntroSize);
  const data = bytes.subarray(intro.size - intro.dataSize, intro.size);
  const entries = new Map<number, Entry>();
  // Values may not overlap in a sound header; without a bound on their sum, strings that
  // do could be scanned over and over.
  let budget = 2 * intro.dataSize;
  for (let i = 0; i < intro.entries; i += 1) {
    const at = i * indexEntrySize;
    const entryOffset = offset + headerIntroSize + at;
    const tag = index.getUint32(at);
    const entryType = index.getUint32(at + 4);
    const start = index.getInt32(at + 8);
    const count = index.getUint32(at + 12);
    if (start < 0 || start > data.length || count === 0) {
      throw new RpmFormatError(
        'malformed',
        `Tag ${tag} has ${count} values at offset ${start} of ${data.length} bytes.`,
        entryOffset,
      );
    }
    const end = valueEnd(data, entryType, count, start, Math.min(data.length, start + budget));
    if (end === undefined) {
      throw new RpmFormatError(
        'malformed',
        `The value of tag ${tag} (type ${entryType}, ${count} values) leads out of its header.`,
        entryOffset,
      );
    }
    budget -= end - start;
    entries.set(tag, { type: entryType, count, start, end });
  }
  return makeHeader(data, entries);
}

/** Where a value ends, or undefined if it is of no known type or leads beyond `limit`. */
function valueEnd(
  data: Uint8Array,
  entryType: number,
  count: number,
  start: number,
  limit: number,
): number | undefined {
  const size = elementSize[entryType];
  if (size !== undefined) {
    const end = start + size * count;
    return end <= limit ? end : undefined;
  }
  if (entryType === type.string && count !== 1) return undefined;
  if (![type.string, type.stringArray, type.i18nString].some((known) => known === entryType)) {
    return undefined;
  }
  let end = start;
  for (let i = 0; i < count; i += 1) {
    const zero = data.subarray(0, limit).indexOf(0, end);
    if (zero < 0) return undefined;
    end = zero + 1;
  }
  return end;
}

function makeHeader(data: Uint8Array, entries: ReadonlyMap<number, Entry>): RpmHeader {
  const decoder = new TextDecoder();
  const texts = (tag: number): string[] => {
    const entry = entries.get(tag);
    if (entry === undefined || entry.type < type.string || entry.type === type.binary) return [];
    // The last string's NUL would give one empty string too many.
    return decoder.decode(data.subarray(entry.start, entry.end - 1)).split('\0');
  };
  const numbers = (tag: number, most = Number.POSITIVE_INFINITY): number[] => {
    const entry = entries.get(tag);
    if (entry === undefined || entry.type > type.int64) return [];
    const size = elementSize[entry.type] ?? 1;
    const view = new DataView(data.buffer, data.byteOffset + entry.start, size * entry.count);
    return Array.from({ length: Math.min(entry.count, most) }, (_, i) => {
      if (size === 8) return Number(view.getBigUint64(i * 8));
      if (size === 4) return view.getUint32(i * 4);
      return size === 2 ? view.getUint16(i * 2) : view.getUint8(i);
    });
  };
  return {
    has: (tag) => entries.has(tag),
    text: (tag) => texts(tag)[0],
    texts,
    number: (tag) => numbers(tag, 1)[0],
    numbers: (tag) => numbers(tag),
    binary: (tag) => {
      const entry = entries.get(tag);
      return entry?.type === type.binary ? data.slice(entry.start, entry.end) : undefined;
    },
    tags: [...entries.keys()],
  };
}
