import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  distTag,
  inspectSourcePackage,
  requireArchitecture,
} from '../../../src/kernel/source/package.ts';
import { BootwrightError } from '../../../src/system/errors/index.ts';
import { sha256 } from '../../../src/system/files.ts';
import type { Member } from '../../formats/cpio/archive.ts';
import { buildRpm, craftRpm } from '../../formats/rpm/build.ts';
import { fakeKernelSrpm } from './fake-kernel.ts';

let folder: string;
let srpm: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'bootwright-source-'));
  srpm = fakeKernelSrpm(join(folder, 'sound'), { patches: { 'a.patch': '', 'b.patch': '' } });
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Inspects bytes as a file. */
async function inspect(bytes: Uint8Array) {
  const path = join(folder, 'changed.src.rpm');
  writeFileSync(path, bytes);
  return inspectSourcePackage(path);
}

const spec: Member = { name: 'kernel.spec', content: 'Name: kernel\n' };

describe('inspectSourcePackage', () => {
  it('tells what a source package is', async () => {
    const found = await inspectSourcePackage(srpm);
    expect(found).toMatchObject({
      path: srpm,
      sha256: sha256(readFileSync(srpm)),
      name: 'kernel',
      version: '6.0.0',
      release: '1.el9',
      nevra: 'kernel-6.0.0-1.el9.src',
      dist: '.el9',
      rhelMajor: '9',
      specFile: 'package.spec',
      patches: ['a.patch', 'b.patch'],
      exclusiveArch: ['x86_64', 'aarch64'],
    });
    expect(found.files.map(({ name }) => name)).toContain('kernel-x86_64-rhel.config');
  });

  it('reads every payload that rpm writes', async () => {
    for (const [i, payload] of ['w6.gzdio', 'w2.xzdio', 'w9.bzdio', 'w.ufdio'].entries()) {
      const text = 'Name: k\nVersion: 1\nRelease: 1\nSummary: S\nLicense: L\n%description\nD\n';
      const path = buildRpm(join(folder, `payload${i}`), { spec: text, payload });
      expect((await inspectSourcePackage(path)).specFile).toBe('package.spec');
    }
  });

  it('refuses what is missing or is no source package', async () => {
    await expect(inspectSourcePackage(join(folder, 'none'))).rejects.toMatchObject({
      code: 'BW-FILE-MISSING',
    });
    await expect(inspectSourcePackage(folder)).rejects.toMatchObject({ code: 'BW-SOURCE-NOT-RPM' });
    execFileSync('mkfifo', [join(folder, 'pipe')]);
    await expect(inspectSourcePackage(join(folder, 'pipe'))).rejects.toMatchObject({
      code: 'BW-SOURCE-NOT-RPM',
    });
    await expect(inspect(Buffer.from('<html>not found</html>'))).rejects.toMatchObject({
      code: 'BW-SOURCE-NOT-RPM',
    });
    await expect(inspect(new Uint8Array(0))).rejects.toMatchObject({ code: 'BW-SOURCE-NOT-RPM' });
  });

  it('refuses a binary package by its name', async () => {
    const text =
      'Name: k\nVersion: 1\nRelease: 1\nSummary: S\nLicense: L\n%description\nD\n%files\n';
    const path = buildRpm(join(folder, 'binary'), { spec: text, stage: '-bb' });
    await expect(inspectSourcePackage(path)).rejects.toMatchObject({
      code: 'BW-SOURCE-BINARY',
      message: expect.stringContaining('k-1-1'),
    });
  });

  it('refuses a package that ends too early, wherever that is', async () => {
    const bytes = readFileSync(srpm);
    const length = fc.integer({ min: 4, max: bytes.length - 1 });
    await fc.assert(
      fc.asyncProperty(length, async (end) => {
        await expect(inspect(bytes.subarray(0, end))).rejects.toMatchObject({
          code: 'BW-SOURCE-TRUNCATED',
        });
      }),
      { numRuns: 30 },
    );
  });

  it('refuses a package with any one bit flipped in header or payload', async () => {
    const bytes = readFileSync(srpm);
    // The header starts with the second of its magic numbers; what is before (lead, signature)
    // is covered by no digest, and a flip there may leave the package as good as it was.
    const header = bytes.indexOf(Buffer.from('8eade801', 'hex'), 100);
    const place = fc.tuple(
      fc.integer({ min: header, max: bytes.length - 1 }),
      fc.integer({ min: 0, max: 7 }),
    );
    await fc.assert(
      fc.asyncProperty(place, async ([at, bit]) => {
        const copy = Buffer.from(bytes);
        copy[at] = (copy[at] ?? 0) ^ (1 << bit);
        await expect(inspect(copy)).rejects.toMatchObject({
          code: expect.stringMatching(/^BW-SOURCE-(CORRUPT|TRUNCATED)$/),
        });
      }),
      { numRuns: 100 },
    );
  });

  it('throws only errors of the table for a damaged lead or signature', async () => {
    const bytes = readFileSync(srpm);
    const header = bytes.indexOf(Buffer.from('8eade801', 'hex'), 100);
    const place = fc.tuple(
      fc.integer({ min: 0, max: header - 1 }),
      fc.integer({ min: 0, max: 255 }),
    );
    await fc.assert(
      fc.asyncProperty(place, async ([at, value]) => {
        const copy = Buffer.from(bytes);
        copy[at] = value;
        const error = await inspect(copy).catch((each: unknown) => each);
        if (error instanceof Error) expect(error).toBeInstanceOf(BootwrightError);
      }),
      { numRuns: 100 },
    );
  });

  it.each(['../outside', '/etc/passwd', 'folder/file', '..', 'line\nbreak'])(
    'refuses a file named %j in the header',
    async (name) => {
      await expect(inspect(craftRpm([spec, { name, content: 'x' }]))).rejects.toMatchObject({
        code: 'BW-SOURCE-UNSAFE-NAME',
      });
    },
  );

  it('refuses a payload with other files than the header lists', async () => {
    const outside = { name: '../../outside', content: 'x' };
    const inside = { name: 'inside', content: 'x' };
    const codeOf = async (bytes: Uint8Array) =>
      inspect(bytes).catch((error: unknown) => (error as BootwrightError).code);
    expect(await codeOf(craftRpm([spec, outside], [spec, inside]))).toBe('BW-SOURCE-UNSAFE-NAME');
    expect(await codeOf(craftRpm([spec, inside], [spec]))).toBe('BW-SOURCE-CORRUPT');
    expect(await codeOf(craftRpm([spec], [spec, inside]))).toBe('BW-SOURCE-CORRUPT');
    expect(await codeOf(craftRpm([spec, inside, inside], [spec, inside]))).toBe(
      'BW-SOURCE-CORRUPT',
    );
    const longer = { name: 'inside', content: 'xx' };
    expect(await codeOf(craftRpm([spec, longer], [spec, inside]))).toBe('BW-SOURCE-CORRUPT');
  });

  it('refuses a payload that is broken long before its end', async () => {
    // More is left than a pipe holds, so that the program which unpacks it waits to be read.
    const nameless = { name: '', content: Buffer.alloc(10_000_000) };
    await expect(inspect(craftRpm([spec, nameless], [spec]))).rejects.toMatchObject({
      code: 'BW-SOURCE-CORRUPT',
      message: expect.stringContaining("A member's name has 1 bytes."),
    });
  });

  it('refuses a link among the files', async () => {
    const link = { name: 'link', content: '/etc', mode: 0o120777 };
    await expect(inspect(craftRpm([spec, link]))).rejects.toMatchObject({
      code: 'BW-SOURCE-UNSAFE-NAME',
    });
  });

  it('refuses a package with no spec, or two', async () => {
    await expect(inspect(craftRpm([{ name: 'a.txt' }]))).rejects.toMatchObject({
      code: 'BW-SOURCE-NO-SPEC',
    });
    await expect(inspect(craftRpm([spec, { name: 'other.spec' }]))).rejects.toMatchObject({
      code: 'BW-SOURCE-NO-SPEC',
      message: expect.stringContaining('kernel.spec, other.spec'),
    });
  });

  it('can be stopped', async () => {
    const stopped = AbortSignal.abort();
    await expect(inspectSourcePackage(srpm, { signal: stopped })).rejects.toThrow();
  });
});

describe('requireArchitecture', () => {
  it('goes by ExclusiveArch and ExcludeArch', async () => {
    mkdirSync(join(folder, 'other'));
    const other = fakeKernelSrpm(join(folder, 'other'), { exclusiveArch: 's390x ppc64le' });
    const found = await inspectSourcePackage(other);
    expect(() => requireArchitecture(found, 'x86_64')).toThrow(/s390x, ppc64le, not for x86_64/);
    expect(() => requireArchitecture(found, 's390x')).not.toThrow();
    const excluded = { ...found, exclusiveArch: [], excludeArch: ['x86_64'] };
    expect(() => requireArchitecture(excluded, 'x86_64')).toThrow(/excludes x86_64/);
    expect(() => requireArchitecture({ ...excluded, excludeArch: [] }, 'x86_64')).not.toThrow();
  });
});

describe('distTag', () => {
  it.each([
    ['570.32.1.el9_6', '.el9_6'],
    ['553.el8_10', '.el8_10'],
    ['1.el9.elrepo', '.el9'],
    ['100.fc41', '.fc41'],
    ['55.14.1.el10_0', '.el10_0'],
    ['1', undefined],
    ['3.elder1', undefined],
  ])('of %s is %s', (release, tag) => {
    expect(distTag(release)).toBe(tag);
  });
});
