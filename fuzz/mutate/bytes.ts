import type { Random } from '../random.ts';

/** No input grows beyond this, in bytes. */
const maxInput = 1 << 16;

/** Numbers that lengths, counts and offsets go wrong at. */
const edges = [
  0, 1, 2, 3, 4, 7, 8, 15, 16, 31, 32, 63, 64, 100, 127, 128, 255, 256, 511, 512, 1000, 1024, 4096,
  0x7fff, 0x8000, 0xffff, 0x10000, 0xffffff, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff,
];

type Mutation = (bytes: Buffer, random: Random) => Buffer;

function span(bytes: Buffer, random: Random): [start: number, end: number] {
  const start = random.below(bytes.length);
  const longest = random.oneIn(4) ? bytes.length : 32;
  return [start, Math.min(bytes.length, start + 1 + random.below(longest))];
}

function spliced(bytes: Buffer, start: number, end: number, put: Uint8Array): Buffer {
  return Buffer.concat([bytes.subarray(0, start), put, bytes.subarray(end)]);
}

const flipBit: Mutation = (bytes, random) => {
  const at = random.below(bytes.length);
  if (at < bytes.length) bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8));
  return bytes;
};

const setByte: Mutation = (bytes, random) => {
  const at = random.below(bytes.length);
  if (at < bytes.length) bytes[at] = random.below(256);
  return bytes;
};

const remove: Mutation = (bytes, random) => {
  const [start, end] = span(bytes, random);
  return spliced(bytes, start, end, Buffer.alloc(0));
};

const cutOff: Mutation = (bytes, random) => bytes.subarray(0, random.below(bytes.length));

const duplicate: Mutation = (bytes, random) => {
  const [start, end] = span(bytes, random);
  const at = random.below(bytes.length + 1);
  return spliced(bytes, at, at, bytes.subarray(start, end));
};

/** Nesting and length: the same piece many times over. */
const repeat: Mutation = (bytes, random) => {
  const [start, end] = span(bytes, random);
  const piece = bytes.subarray(start, end);
  const times = 2 + random.below(random.oneIn(3) ? 20_000 : 40);
  const fitting = Math.min(
    times,
    Math.floor((maxInput - bytes.length) / Math.max(1, piece.length)),
  );
  if (fitting < 1) return bytes;
  return spliced(bytes, start, start, Buffer.concat(Array.from({ length: fitting }, () => piece)));
};

const insertNoise: Mutation = (bytes, random) => {
  const noise = Buffer.from(Array.from({ length: 1 + random.below(8) }, () => random.below(256)));
  const at = random.below(bytes.length + 1);
  return spliced(bytes, at, at, noise);
};

const setInteger: Mutation = (bytes, random) => {
  const width = random.pick([1, 2, 4, 8]) ?? 1;
  if (bytes.length < width) return bytes;
  // Fields are aligned more often than not.
  const at = random.below(bytes.length - width + 1);
  const start = random.oneIn(2) ? at - (at % width) : at;
  const edge = random.oneIn(3) ? random.below(bytes.length + 2) : (random.pick(edges) ?? 0);
  const value = BigInt.asUintN(width * 8, BigInt(edge + (random.oneIn(4) ? 1 : 0)));
  for (let i = 0; i < width; i++) {
    const shift = BigInt(8 * (i % width));
    bytes[start + i] = Number((value >> shift) & 0xffn);
  }
  if (random.oneIn(2)) bytes.subarray(start, start + width).reverse();
  return bytes;
};

/** A number in digits becomes another one. */
const setDigits: Mutation = (bytes, random) => {
  const numbers = [...bytes.toString('latin1').matchAll(/[0-9a-fA-F]{1,16}/g)];
  const found = random.pick(numbers);
  if (found === undefined) return bytes;
  const value = random.pick(edges) ?? 0;
  const [digits] = found;
  const text = random.oneIn(2)
    ? value.toString(16).padStart(digits.length, '0').slice(-digits.length)
    : String(value);
  return spliced(bytes, found.index, found.index + digits.length, Buffer.from(text));
};

const lineStart = (bytes: Buffer, at: number): number => bytes.lastIndexOf(10, at - 1) + 1;
const lineEnd = (bytes: Buffer, at: number): number => {
  const end = bytes.indexOf(10, at);
  return end < 0 ? bytes.length : end + 1;
};

/** A line, or a few, moved, doubled or repeated. */
const moveLines: Mutation = (bytes, random) => {
  if (bytes.length === 0) return bytes;
  const at = random.below(bytes.length);
  const start = lineStart(bytes, at);
  let end = lineEnd(bytes, at);
  for (let more = random.below(4); more > 0 && end < bytes.length; more--)
    end = lineEnd(bytes, end);
  const lines = bytes.subarray(start, end);
  const rest = random.oneIn(2) ? bytes : spliced(bytes, start, end, Buffer.alloc(0));
  const to = lineStart(rest, random.below(rest.length + 1));
  const room = Math.floor((maxInput - rest.length) / Math.max(1, lines.length));
  const times = Math.min(room, random.oneIn(10) ? 2 + random.below(3000) : 1);
  return spliced(rest, to, to, Buffer.concat(Array.from({ length: times }, () => lines)));
};

const mutations: readonly Mutation[] = [
  flipBit,
  setByte,
  remove,
  cutOff,
  duplicate,
  repeat,
  insertNoise,
  setInteger,
  setInteger,
  setDigits,
  moveLines,
  moveLines,
];

/** What mutating has to go by besides the input itself. */
export interface Material {
  /** Words of the format. */
  readonly words: readonly string[];
  /** Another input, to take pieces of. */
  readonly other: Uint8Array;
}

/** Changes an input at a few places by chance; the result has at most {@link maxInput} bytes. */
export function mutateBytes(input: Uint8Array, { words, other }: Material, random: Random): Buffer {
  let bytes: Buffer = Buffer.from(input);
  const times = 1 << random.below(5);
  for (let i = 0; i < times; i++) {
    if (words.length > 0 && random.oneIn(4)) {
      const word = Buffer.from(random.pick(words) ?? '', 'latin1');
      const [start, end] = span(bytes, random);
      bytes = spliced(bytes, start, random.oneIn(2) ? start : end, word);
    } else if (random.oneIn(12)) {
      const piece = Buffer.from(other);
      const [start, end] = span(piece, random);
      const at = random.below(bytes.length + 1);
      bytes = spliced(bytes, at, at, piece.subarray(start, end));
    } else {
      bytes = Buffer.from((random.pick(mutations) ?? flipBit)(bytes, random));
    }
    if (bytes.length > maxInput) bytes = bytes.subarray(0, maxInput);
  }
  return bytes;
}
