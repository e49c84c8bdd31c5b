import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type Member, writeCpio } from '../cpio/archive.ts';

/** What a package made by rpmbuild is to be. */
export interface RpmRecipe {
  readonly spec: string;
  readonly sources?: Readonly<Record<string, string | Uint8Array>>;
  /** As rpm writes it, such as `w6.xzdio`. */
  readonly payload?: string;
  readonly defines?: Readonly<Record<string, string>>;
  /** `-bs` by default. */
  readonly stage?: '-bs' | '-bb';
}

/** Makes a package by rpmbuild in a folder; gives its path. */
export function buildRpm(folder: string, recipe: RpmRecipe): string {
  const sources = join(folder, 'SOURCES');
  mkdirSync(sources, { recursive: true });
  for (const [name, content] of Object.entries(recipe.sources ?? {})) {
    writeFileSync(join(sources, name), content);
  }
  const spec = join(folder, 'package.spec');
  writeFileSync(spec, recipe.spec);
  const stage = recipe.stage ?? '-bs';
  const payload = stage === '-bs' ? '_source_payload' : '_binary_payload';
  const defines = {
    _topdir: folder,
    _dbpath: join(folder, 'db'),
    [payload]: recipe.payload ?? 'w3.zstdio',
    ...recipe.defines,
  };
  const args = Object.entries(defines).flatMap(([name, value]) => ['--define', `${name} ${value}`]);
  execFileSync('rpmbuild', [stage, '--nodeps', ...args, spec], { stdio: 'pipe' });
  const out = join(folder, stage === '-bs' ? 'SRPMS' : 'RPMS');
  const made = readdirSync(out, { recursive: true, encoding: 'utf8' }).find((name) =>
    name.endsWith('.rpm'),
  );
  if (made === undefined) throw new Error('rpmbuild made no package');
  return join(out, made);
}

type Value = string | readonly string[] | readonly number[] | Uint8Array;

const typeNumbers = { i16: 3, i32: 4, string: 6, binary: 7, strings: 8 } as const;

/** A tag, its type and its value, for {@link writeHeader}. */
export type HeaderEntry = readonly [tag: number, type: keyof typeof typeNumbers, value: Value];

function encode(type: keyof typeof typeNumbers, value: Value): { bytes: Buffer; count: number } {
  if (value instanceof Uint8Array) return { bytes: Buffer.from(value), count: value.length };
  if (typeof value === 'string') return { bytes: Buffer.from(`${value}\0`), count: 1 };
  const parts = value.map((each) => {
    if (typeof each === 'string') return Buffer.from(`${each}\0`);
    const bytes = Buffer.alloc(type === 'i16' ? 2 : 4);
    if (type === 'i16') bytes.writeUInt16BE(each);
    else bytes.writeUInt32BE(each);
    return bytes;
  });
  return { bytes: Buffer.concat(parts), count: value.length };
}

/**
 * Writes a header with whatever it is given.
 *
 * @param region - the tag of the region that spans it (62 or 63), which rpm wants
 */
function writeHeader(region: number, entries: readonly HeaderEntry[]): Buffer {
  const entry = (
    ...fields: readonly [tag: number, type: number, offset: number, count: number]
  ) => {
    const bytes = Buffer.alloc(16);
    fields.forEach((field, i) => {
      bytes.writeInt32BE(field, i * 4);
    });
    return bytes;
  };
  const index: Buffer[] = [];
  let data = Buffer.alloc(0);
  for (const [tag, type, value] of entries.toSorted((a, b) => a[0] - b[0])) {
    const { bytes, count } = encode(type, value);
    const alignment = type === 'i32' ? 4 : type === 'i16' ? 2 : 1;
    data = Buffer.concat([data, Buffer.alloc((alignment - (data.length % alignment)) % alignment)]);
    index.push(entry(tag, typeNumbers[type], data.length, count));
    data = Buffer.concat([data, bytes]);
  }
  index.unshift(entry(region, typeNumbers.binary, data.length, 16));
  data = Buffer.concat([data, entry(region, typeNumbers.binary, -16 * index.length, 16)]);
  const intro = Buffer.from(`8eade801${'00'.repeat(12)}`, 'hex');
  intro.writeUInt32BE(index.length, 8);
  intro.writeUInt32BE(data.length, 12);
  return Buffer.concat([intro, ...index, data]);
}

/**
 * Writes a source package by hand, digests and all, with names that rpmbuild would never write.
 *
 * @param members - the payload
 * @param listed - what the header lists; the payload's members by default
 */
export function craftRpm(members: readonly Member[], listed: readonly Member[] = members): Buffer {
  const payload = gzipSync(writeCpio(members));
  const size = (member: Member): number => Buffer.from(member.content ?? '').length;
  const header = writeHeader(63, [
    [1000, 'string', 'kernel'],
    [1001, 'string', '6.0.0'],
    [1002, 'string', '1.el9'],
    [1022, 'string', 'x86_64'],
    [1028, 'i32', listed.map(size)],
    [1030, 'i16', listed.map((member) => member.mode ?? 0o100644)],
    [1116, 'i32', listed.map(() => 0)],
    [1117, 'strings', listed.map((member) => member.name)],
    [1118, 'strings', ['']],
    [1124, 'string', 'cpio'],
    [1125, 'string', 'gzip'],
    [5092, 'strings', [createHash('sha256').update(payload).digest('hex')]],
    [5093, 'i32', [8]],
  ]);
  const body = Buffer.concat([header, payload]);
  const signature = writeHeader(62, [
    [273, 'string', createHash('sha256').update(header).digest('hex')],
    [1000, 'i32', [body.length]],
    [1004, 'binary', createHash('md5').update(body).digest()],
  ]);
  const lead = Buffer.alloc(96);
  lead.set([0xed, 0xab, 0xee, 0xdb, 3, 0, 0, 1]);
  // The one kind of signature that there is: a header.
  lead[79] = 5;
  const padding = Buffer.alloc((8 - (signature.length % 8)) % 8);
  return Buffer.concat([lead, signature, padding, body]);
}
