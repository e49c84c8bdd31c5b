import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  checkDigests,
  expectedDigests,
  expectedSize,
  RpmFormatError,
  readPackage,
  tag,
} from '../../../src/formats/rpm/index.ts';
import { buildRpm, craftRpm } from './build.ts';

const spec = `Name: sample
Epoch: 3
Version: 1.2
Release: 4%{?dist}
Summary: A sample
License: MIT
Vendor: Somebody
Source0: one.txt
Source1: two.txt
Patch0: first.patch
Patch1: second.patch
ExclusiveArch: x86_64 aarch64
%description
A sample.
%package data
Summary: Its data
%description data
Its data.
%install
mkdir -p %{buildroot}/usr/share/sample/deeper
cp %{SOURCE0} %{buildroot}/usr/share/sample/
cp %{SOURCE1} %{buildroot}/usr/share/sample/deeper/
%files data
/usr/share/sample
`;

const sources = {
  'one.txt': 'one\n',
  'two.txt': 'two\n'.repeat(1000),
  'first.patch': '',
  'second.patch': '',
};

const payloads = ['w6.gzdio', 'w2.xzdio', 'w3.zstdio', 'w9.bzdio', 'w2.lzdio', 'w.ufdio'];

const read = (bytes: Uint8Array) =>
  readPackage(async (offset, length) => bytes.subarray(offset, offset + length), bytes.length);

let folder: string;
const packages: string[] = [];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'bootwright-rpm-'));
  payloads.forEach((payload, i) => {
    packages.push(
      buildRpm(join(folder, `s${i}`), { spec, sources, payload, defines: { dist: '.el9' } }),
    );
  });
  const binary = {
    spec,
    sources,
    stage: '-bb',
    defines: { dist: '.el9', _target_cpu: 'x86_64' },
  } as const;
  packages.push(buildRpm(join(folder, 'b'), binary));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What rpm itself says of a package. */
function ask(path: string, format: string): string {
  return execFileSync('rpm', ['-qp', '--qf', format, '--dbpath', join(folder, 'none'), path], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}

describe('readPackage', () => {
  it('says what rpm says, of source and binary packages and every payload', async () => {
    expect(packages).toHaveLength(payloads.length + 1);
    for (const path of packages) {
      const bytes = readFileSync(path);
      const rpm = await read(bytes);
      const { name, epoch, version, release, architecture } = rpm;
      expect(`${name} ${epoch} ${version} ${release} ${architecture}`).toBe(
        ask(path, '%{NAME} %{EPOCH} %{VERSION} %{RELEASE} %{ARCH}'),
      );
      expect(rpm.isSource).toBe(ask(path, '%|SOURCERPM?{binary}:{source}|') === 'source');
      expect(rpm.exclusiveArch.join(' ')).toBe(
        ask(path, '[%{EXCLUSIVEARCH} ]').trim().replace('(none)', ''),
      );
      expect(rpm.payloadCompressor).toBe(
        ask(path, '%{PAYLOADCOMPRESSOR}').replace('(none)', 'gzip'),
      );
      expect(rpm.payloadFormat).toBe(ask(path, '%{PAYLOADFORMAT}'));
      expect(rpm.header.texts(tag.patch).join(' ')).toBe(
        ask(path, '[%{PATCH} ]').trim().replace('(none)', ''),
      );
      expect(
        rpm.files.map((f) => `${f.path}|${f.mode}|${f.size}|${f.digest}|${f.isSpec}\n`).join(''),
      ).toBe(
        ask(
          path,
          '[%{FILENAMES}|%{FILEMODES}|%{FILESIZES}|%{FILEDIGESTS}|%{FILEFLAGS:fflags}\n]',
        ).replace(/\|(\w*)\n/g, (_, flags: string) => `|${flags.includes('s')}\n`),
      );
      expect(expectedSize(rpm)).toBe(bytes.length - rpm.payloadOffset + rpm.headerBytes.length);
    }
  });

  it('knows the digests that the package carries, and that they hold', async () => {
    for (const path of packages) {
      const bytes = readFileSync(path);
      const rpm = await read(bytes);
      expect(expectedDigests(rpm).map(({ part }) => part)).toEqual([
        'header',
        'header',
        'header and payload',
        'payload',
        'uncompressed payload',
      ]);
      const check = checkDigests(rpm);
      check.payload(bytes.subarray(rpm.payloadOffset));
      expect(check.failures()).toEqual([]);
      const wrong = checkDigests(rpm);
      wrong.payload(bytes.subarray(rpm.payloadOffset + 1));
      expect(wrong.failures().map(({ part }) => part)).toEqual(['header and payload', 'payload']);
    }
  });

  it('reads what the writer of these tests writes, and so does rpm', async () => {
    const bytes = craftRpm([{ name: 'kernel.spec', content: 'Name: kernel\n' }]);
    const rpm = await read(bytes);
    expect(rpm.files).toMatchObject([{ path: 'kernel.spec', size: 13 }]);
    const check = checkDigests(rpm);
    check.payload(bytes.subarray(rpm.payloadOffset));
    expect(check.failures()).toEqual([]);
    const path = join(folder, 'crafted.rpm');
    writeFileSync(path, bytes);
    expect(ask(path, '%{NAME} [%{FILENAMES}]')).toBe('kernel kernel.spec');
  });

  it('tells other files and cut-off packages apart', async () => {
    await expect(read(Buffer.from('PK\x03\x04'))).rejects.toMatchObject({ problem: 'not-rpm' });
    await expect(read(new Uint8Array(0))).rejects.toMatchObject({ problem: 'not-rpm' });
    const bytes = readFileSync(packages[0] ?? '');
    const { payloadOffset } = await read(bytes);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 4, max: payloadOffset - 1 }), async (length) => {
        await expect(read(bytes.subarray(0, length))).rejects.toMatchObject({
          problem: 'truncated',
        });
      }),
    );
  });

  it('throws nothing but its own error for any bytes, and asks for no more than there are', async () => {
    const bytes = readFileSync(packages[0] ?? '');
    const { payloadOffset } = await read(bytes);
    const head = bytes.subarray(0, payloadOffset);
    const flip = fc.tuple(
      fc.integer({ min: 0, max: payloadOffset - 1 }),
      fc.integer({ min: 0, max: 255 }),
    );
    const flipped = fc.array(flip, { minLength: 1, maxLength: 4 }).map((flips) => {
      const copy = Buffer.from(head);
      for (const [at, value] of flips) copy[at] = value;
      return copy;
    });
    const arbitrary = fc
      .uint8Array({ maxLength: 400 })
      .map((rest) => Buffer.concat([Buffer.from('edabeedb', 'hex'), rest]));
    await fc.assert(
      fc.asyncProperty(fc.oneof(flipped, arbitrary), async (input) => {
        try {
          const rpm = await readPackage(async (offset, length) => {
            expect(offset + length).toBeLessThanOrEqual(input.length);
            return input.subarray(offset, offset + length);
          }, input.length);
          // Reading from a header that was accepted cannot fail.
          for (const number of rpm.header.tags) {
            rpm.header.texts(number);
            rpm.header.numbers(number);
            rpm.header.binary(number);
          }
          expectedDigests(rpm);
        } catch (error) {
          if (!(error instanceof RpmFormatError)) throw error;
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('does not scan overlapping strings over and over', async () => {
    // 60,000 entries that all span the same 1 MB would mean 60 GB to look at.
    const entries = 60_000;
    const size = 1 << 20;
    const intro = Buffer.from('8eade801000000000000000000000000', 'hex');
    intro.writeUInt32BE(entries, 8);
    intro.writeUInt32BE(size, 12);
    const index = Buffer.alloc(entries * 16);
    for (let i = 0; i < entries; i += 1) {
      index.writeUInt32BE(1000 + i, i * 16);
      index.writeUInt32BE(6, i * 16 + 4);
      index.writeUInt32BE(1, i * 16 + 12);
    }
    const data = Buffer.alloc(size, 'x');
    data[size - 1] = 0;
    const lead = Buffer.alloc(96);
    lead.set([0xed, 0xab, 0xee, 0xdb, 3, 0, 0, 1]);
    const started = performance.now();
    await expect(read(Buffer.concat([lead, intro, index, data]))).rejects.toMatchObject({
      problem: 'malformed',
    });
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});
