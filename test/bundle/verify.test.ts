import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bundleFormats } from '../../src/bundle/format.ts';
import { openBundle } from '../../src/bundle/open.ts';
import type { PackedBundle } from '../../src/bundle/pack.ts';
import { describeVerification, verificationError, verifyBundle } from '../../src/bundle/verify.ts';
import { scratchFolder } from '../scratch.ts';
import { bundleToCopy } from './copies.ts';
import { config, makeImage, makeModule, pack, provenance, release, writeParts } from './parts.ts';
import { type RawMember, repack, sumAgain } from './repack.ts';

type Change = (parts: ReturnType<typeof writeParts>) => void;

const copyOfBundle = bundleToCopy();

async function packed(change?: Change, options: Parameters<typeof pack>[2] = {}) {
  const folder = scratchFolder();
  if (change === undefined && options.format === undefined) return copyOfBundle(folder);
  const parts = writeParts(join(folder, 'in'));
  change?.(parts);
  return pack(parts, join(folder, 'out'), options);
}

async function findingsOf(bundle: PackedBundle) {
  return (await verifyBundle(bundle.folder)).findings;
}

describe('verifyBundle', () => {
  test.each(bundleFormats)('finds nothing in a bundle as packed (%s)', async (format) => {
    const bundle = await packed(undefined, { format });
    const verification = await verifyBundle(bundle.folder);
    expect(verification).toEqual({
      id: bundle.manifest.id,
      archive: bundle.archive,
      findings: [],
      checked: { files: 10, modules: 2, bytes: bundle.manifest.bytes, proofs: 0 },
      checksums: true,
      sbom: true,
    });
    expect(verificationError(verification)).toBeUndefined();
    expect(describeVerification(verification)).toMatch(
      /netboot-[0-9a-f]{10} is whole: 10 files \(6\.3 kB\), 2 modules, 0 proofs checked\.$/,
    );
  });

  test('takes the folder, the archive, the manifest, and the archive alone', async () => {
    const bundle = await packed();
    for (const path of [bundle.archive, join(bundle.folder, 'manifest.json')]) {
      expect(await verifyBundle(path)).toMatchObject({ findings: [], checksums: true });
    }
    const alone = join(scratchFolder(), 'renamed');
    writeFileSync(alone, readFileSync(bundle.archive));
    expect(await verifyBundle(alone)).toMatchObject({ findings: [], checksums: false });
  });

  test('detects every single changed byte of the archive', async () => {
    const bundle = await packed();
    const whole = readFileSync(bundle.archive);
    await fc.assert(
      fc.asyncProperty(
        fc.nat(whole.length - 1),
        fc.integer({ min: 1, max: 255 }),
        async (at, mask) => {
          const changed = Buffer.from(whole);
          changed[at] = (changed[at] ?? 0) ^ mask;
          writeFileSync(bundle.archive, changed);
          expect((await findingsOf(bundle)).length).toBeGreaterThan(0);
        },
      ),
      { numRuns: 100 },
    );
  });

  test('knows an archive that was cut off', async () => {
    const bundle = await packed();
    truncateSync(bundle.archive, bundle.archiveBytes - 40);
    const verification = await verifyBundle(bundle.folder);
    expect(verification.findings[0]).toMatchObject({ code: 'BW-BUNDLE-TRUNCATED' });
    expect(verificationError(verification)).toMatchObject({
      code: 'BW-BUNDLE-TRUNCATED',
      message: expect.stringContaining(', and 1 more. The archive is "'),
      occasion: { excerpt: [expect.stringMatching(/TRUNCATED/), expect.stringMatching(/SHA-256/)] },
      exitStatus: 6,
    });
    expect(describeVerification(verification)).toContain('does NOT hold (2 findings)');
    // Nor is it opened when there is nothing else to go by.
    const alone = join(scratchFolder(), 'alone.tar.zst');
    writeFileSync(alone, readFileSync(bundle.archive).subarray(0, 30));
    await expect(openBundle(alone)).rejects.toMatchObject({ code: 'BW-BUNDLE-TRUNCATED' });
  });

  test.each(['tar.xz', 'tar.gz'] as const)('knows that a %s was cut off', async (format) => {
    const bundle = await packed(undefined, { format });
    truncateSync(bundle.archive, bundle.archiveBytes - 40);
    expect((await findingsOf(bundle))[0]).toMatchObject({ code: 'BW-BUNDLE-TRUNCATED' });
  });

  test('knows a bzip2 archive that was cut off, as far as bzip2 can tell', async () => {
    const bundle = await packed(undefined, { format: 'tar.bz2' });
    truncateSync(bundle.archive, bundle.archiveBytes - 40);
    // Cut within a block, lbzip2 speaks of damage, bzip2 of the end.
    expect((await findingsOf(bundle))[0]).toMatchObject({
      code: expect.stringMatching(/^BW-BUNDLE-(TRUNCATED|CORRUPT)$/),
    });
  });

  describe('after tampering that brought the checksums up to date', () => {
    const tampered = async (change: (members: RawMember[]) => readonly RawMember[]) => {
      const bundle = await packed();
      await repack(bundle.archive, change);
      return findingsOf(bundle);
    };
    const on =
      (end: string, change: (member: RawMember) => readonly RawMember[]) =>
      (members: RawMember[]) =>
        members.flatMap((member) => (member.name.endsWith(end) ? change(member) : [member]));

    test('finds a changed file', async () => {
      const findings = await tampered(
        on('modules.dep', (member) => [{ ...member, content: 'x'.repeat(45) }]),
      );
      expect(findings).toEqual([
        {
          code: 'BW-BUNDLE-CORRUPT',
          file: `lib/modules/${release}/modules.dep`,
          problem: 'has another SHA-256',
          expected: expect.stringMatching(/^[0-9a-f]{64}$/),
          found: expect.stringMatching(/^[0-9a-f]{64}$/),
        },
      ]);
    });

    test('gives up on a name that takes megabytes', async () => {
      const bundle = await packed();
      const size = 8 * 1024 * 1024;
      // A member of GNU tar's type L, which is the next one's name.
      const head = Buffer.alloc(512);
      head.write('././@LongLink');
      head.write('0000644\0', 100);
      head.write(size.toString(8).padStart(11, '0'), 124);
      head.write('        L', 148);
      head.write('ustar  ', 257);
      const sum = head.reduce((total, byte) => total + byte, 0);
      head.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
      const tar = zstdDecompressSync(readFileSync(bundle.archive));
      const long = Buffer.concat([head, Buffer.alloc(size, 'x'), tar]);
      writeFileSync(bundle.archive, zstdCompressSync(long));
      sumAgain(bundle.archive);
      expect((await findingsOf(bundle))[0]).toMatchObject({
        code: 'BW-BUNDLE-CORRUPT',
        problem: expect.stringContaining('Header exceeds max size'),
      });
    });

    test('finds a file of another size, and of another mode', async () => {
      expect(
        await tampered(on('modules.dep', (member) => [{ ...member, content: '' }])),
      ).toMatchObject([
        {
          code: 'BW-BUNDLE-CORRUPT',
          problem: 'has another size',
          expected: '45 bytes',
          found: '0',
        },
      ]);
      expect(
        await tampered(on('modules.dep', (member) => [{ ...member, mode: 0o4755 }])),
      ).toMatchObject([
        {
          code: 'BW-BUNDLE-CORRUPT',
          problem: 'has another mode',
          expected: '0644',
          found: '04755',
        },
      ]);
    });

    test('finds a file that is gone, and one that was added', async () => {
      expect(await tampered(on('ext4.ko', () => []))).toMatchObject([
        { code: 'BW-BUNDLE-MISSING-FILE', file: `lib/modules/${release}/kernel/fs/ext4/ext4.ko` },
      ]);
      expect(
        await tampered((members) => [...members, { name: 'boot/initrd', content: 'x' }]),
      ).toMatchObject([{ code: 'BW-BUNDLE-EXTRA-FILE', file: 'boot/initrd' }]);
      expect(
        await tampered((members) => [...members, { name: 'etc', type: 'directory' }]),
      ).toMatchObject([{ code: 'BW-BUNDLE-EXTRA-FILE', file: 'etc' }]);
    });

    test('finds what would do harm', async () => {
      expect(
        await tampered((members) => [...members, { name: '../../etc/cron.d/x', content: 'x' }]),
      ).toMatchObject([{ code: 'BW-BUNDLE-UNSAFE' }]);
    });

    test('finds another manifest inside', async () => {
      expect(
        await tampered(on('manifest.json', (member) => [{ ...member, content: '{}' }])),
      ).toMatchObject([{ code: 'BW-BUNDLE-CORRUPT', file: 'manifest.json' }]);
    });
  });

  test('checks SHA256SUMS', async () => {
    const bundle = await packed();
    const sums = join(bundle.folder, 'SHA256SUMS');
    const text = readFileSync(sums, 'utf8');
    writeFileSync(
      sums,
      text.replace(/^./, (digit) => (digit === '0' ? '1' : '0')),
    );
    expect(await findingsOf(bundle)).toMatchObject([
      { code: 'BW-BUNDLE-CORRUPT', file: `${bundle.manifest.id}.tar.zst` },
    ]);
    writeFileSync(sums, `${text}\n`);
    expect(await findingsOf(bundle)).toMatchObject([
      { file: 'SHA256SUMS', problem: 'was changed' },
    ]);
    rmSync(sums);
    expect(await findingsOf(bundle)).toMatchObject([
      { code: 'BW-BUNDLE-MISSING-FILE', file: 'SHA256SUMS' },
    ]);
  });

  test.each(['tar.zst', 'folder'] as const)(
    'checks the bill of materials by SHA256SUMS (%s)',
    async (format) => {
      const bundle = await packed(undefined, { format });
      const sbom = join(bundle.folder, 'sbom.cdx.json');
      const sums = join(bundle.folder, 'SHA256SUMS');
      const text = readFileSync(sums, 'utf8');
      const withoutLine = text.replace(/^.*sbom\.cdx\.json\n/m, '');
      writeFileSync(sbom, '{}');
      expect(await findingsOf(bundle)).toMatchObject([
        { code: 'BW-BUNDLE-CORRUPT', file: 'sbom.cdx.json' },
      ]);
      writeFileSync(sums, withoutLine);
      expect(await findingsOf(bundle)).toMatchObject([
        { code: 'BW-BUNDLE-CORRUPT', file: 'sbom.cdx.json', expected: 'a line for it' },
      ]);
      rmSync(sbom);
      // As bundles were packed before there was one.
      expect(await verifyBundle(bundle.folder)).toMatchObject({ findings: [], sbom: false });
      writeFileSync(sums, text);
      expect(await findingsOf(bundle)).toMatchObject([
        { code: 'BW-BUNDLE-MISSING-FILE', file: 'sbom.cdx.json' },
      ]);
    },
  );

  describe('looks into what was packed', () => {
    const dummy = (parts: ReturnType<typeof writeParts>, end = '') =>
      join(parts.moduleTree, `kernel/net/dummy.ko${end}`);
    const cases: [string, Change, string, RegExp][] = [
      [
        'a module of another release',
        (parts) => writeFileSync(dummy(parts), makeModule({ vermagic: '6.1.0 SMP' })),
        'BW-BUNDLE-MODULE',
        /dummy\.ko was built for another release, expected 5\.14\.0.*, found 6\.1\.0/,
      ],
      [
        'a module that is not signed',
        (parts) => writeFileSync(dummy(parts), makeModule({ signed: false })),
        'BW-BUNDLE-MODULE',
        /dummy\.ko is not signed/,
      ],
      [
        'a module that is not stripped',
        (parts) => writeFileSync(dummy(parts), makeModule({ debug: true })),
        'BW-BUNDLE-MODULE',
        /dummy\.ko still has debug sections \(\.debug_info/,
      ],
      [
        'a module that is none',
        (parts) => writeFileSync(dummy(parts), 'text'),
        'BW-BUNDLE-MODULE',
        /dummy\.ko cannot be read/,
      ],
      [
        'a module that is packed badly',
        (parts) => {
          rmSync(dummy(parts));
          writeFileSync(dummy(parts, '.xz'), 'text');
        },
        'BW-BUNDLE-MODULE',
        /dummy\.ko\.xz cannot be decompressed/,
      ],
      [
        'no modules.dep',
        (parts) => rmSync(join(parts.moduleTree, 'modules.dep')),
        'BW-BUNDLE-MISSING-FILE',
        /modules\.dep is part of every bundle/,
      ],
      [
        'a config of another kernel',
        (parts) => writeFileSync(parts.config, config.replace('5.14.0', '6.12.0')),
        'BW-BUNDLE-KERNEL',
        /is not the config of this kernel, expected a header with version 5\.14\.0, found 6\.12/,
      ],
      [
        'a config without header',
        (parts) => writeFileSync(parts.config, config.replace('Linux', '')),
        'BW-BUNDLE-KERNEL',
        /found none/,
      ],
      [
        'a driver that is a module after all',
        (parts) => writeFileSync(parts.config, config.replace('E1000E=y', 'E1000E=m')),
        'BW-BUNDLE-KERNEL',
        /has not built in what was promoted: E1000E\. The archive is/,
      ],
    ];
    test.each(cases)('%s', async (_, change, code, text) => {
      const verification = await verifyBundle((await packed(change)).folder);
      expect(verification.findings).toMatchObject([{ code }]);
      expect(verificationError(verification)).toMatchObject({
        code,
        message: expect.stringMatching(text),
      });
    });

    test('modules that are compressed, in each of the ways of modules_install', async () => {
      const bundle = await packed(
        (parts) => {
          rmSync(join(parts.moduleTree, 'kernel/fs/ext4/ext4.ko'));
          rmSync(dummy(parts));
          writeFileSync(dummy(parts, '.gz'), gzipSync(makeModule()));
          writeFileSync(dummy(parts, '.zst'), zstdCompressSync(makeModule()));
          writeFileSync(dummy(parts, '.xz'), execFileSync('xz', ['-c'], { input: makeModule() }));
        },
        { provenance: { ...provenance, modules: { ...provenance.modules, count: 3 } } },
      );
      expect(await verifyBundle(bundle.folder)).toMatchObject({
        findings: [],
        checked: { modules: 3 },
      });
    });

    test.each([
      ['.gz', (bytes: Uint8Array) => gzipSync(bytes, { level: 1 })],
      ['.zst', (bytes: Uint8Array) => zstdCompressSync(bytes)],
    ])('a module that unpacks to far more than one has (%s)', async (end, compress) => {
      const bundle = await packed((parts) => {
        rmSync(dummy(parts));
        writeFileSync(dummy(parts, end), compress(Buffer.alloc(130 * 1024 * 1024)));
      });
      expect(await findingsOf(bundle)).toMatchObject([
        { code: 'BW-BUNDLE-MODULE', problem: 'cannot be decompressed' },
      ]);
    });

    test('fewer modules than were built', async () => {
      const bundle = await packed((parts) => rmSync(dummy(parts)));
      expect(await findingsOf(bundle)).toMatchObject([
        { code: 'BW-BUNDLE-MODULE', file: 'manifest.json', expected: '2', found: '1' },
      ]);
    });

    test('many modules, told in the order of the archive', async () => {
      const names = Array.from({ length: 12 }, (_, index) => `m${String(index).padStart(2, '0')}`);
      const bundle = await packed(
        (parts) => {
          for (const name of names) {
            const path = join(parts.moduleTree, `kernel/${name}.ko`);
            writeFileSync(path, makeModule({ debug: true }));
          }
        },
        { provenance: { ...provenance, modules: { ...provenance.modules, count: 14 } } },
      );
      expect((await findingsOf(bundle)).map(({ file }) => file)).toEqual(
        names.map((name) => `lib/modules/${release}/kernel/${name}.ko`),
      );
    });

    test('modules without signatures where the kernel has none', async () => {
      const bundle = await packed(
        (parts) => writeFileSync(dummy(parts), makeModule({ signed: false })),
        {
          provenance: { ...provenance, modules: { ...provenance.modules, signed: false } },
        },
      );
      expect(await findingsOf(bundle)).toEqual([]);
    });
  });

  test('an image that was swapped for one of another release', async () => {
    const bundle = await packed();
    await repack(bundle.archive, (members) =>
      members.map((member) =>
        member.name === `boot/vmlinuz-${release}`
          ? { ...member, content: makeImage('6.1.0 #1') }
          : member,
      ),
    );
    expect(await findingsOf(bundle)).toMatchObject([
      { code: 'BW-BUNDLE-CORRUPT', file: `boot/vmlinuz-${release}` },
    ]);
  });

  test('proofs have to be about this image', async () => {
    const bundle = await packed();
    const proof = (imageSha256: string) =>
      JSON.stringify({
        bundle: { id: bundle.manifest.id, imageSha256 },
        verdict: 'passed',
        title: 'BIOS, e1000, NFS 3',
      });
    writeFileSync(join(bundle.folder, 'proof.json'), proof(bundle.manifest.kernel.sha256));
    expect(await verifyBundle(bundle.folder)).toMatchObject({
      findings: [],
      checked: { proofs: 1 },
    });
    mkdirSync(join(bundle.folder, 'proofs'));
    writeFileSync(join(bundle.folder, 'proofs/uefi.json'), proof('00'.repeat(32)));
    writeFileSync(join(bundle.folder, 'proofs/zz.json'), '{');
    expect(await findingsOf(bundle)).toMatchObject([
      {
        code: 'BW-BUNDLE-PROOF',
        file: 'proofs/uefi.json',
        problem: 'is about another kernel image',
      },
      { code: 'BW-BUNDLE-PROOF', file: 'proofs/zz.json' },
    ]);
  });
});

test('verifying can be stopped', async () => {
  const bundle = await packed();
  await expect(verifyBundle(bundle.folder, { signal: AbortSignal.abort() })).rejects.toMatchObject({
    name: 'AbortError',
  });
});

describe('openBundle', () => {
  test.each([
    ['nothing', () => join(scratchFolder(), 'none'), 'BW-FILE-MISSING'],
    ['a folder with nothing in it', () => scratchFolder(), 'BW-BUNDLE-NOT'],
    [
      'a text file',
      () => {
        const path = join(scratchFolder(), 'x.tar.zst');
        writeFileSync(path, 'text');
        return path;
      },
      'BW-BUNDLE-NOT',
    ],
    [
      'an archive of something else',
      () => {
        const folder = scratchFolder();
        writeFileSync(join(folder, 'a'), 'a');
        execFileSync('tar', ['--zstd', '-cf', 'x.tar.zst', 'a'], { cwd: folder });
        return join(folder, 'x.tar.zst');
      },
      'BW-BUNDLE-NOT',
    ],
    [
      'an empty archive',
      () => {
        const folder = scratchFolder();
        execFileSync('tar', ['--zstd', '-cf', 'x.tar.zst', '-T', '/dev/null'], { cwd: folder });
        return join(folder, 'x.tar.zst');
      },
      'BW-BUNDLE-NOT',
    ],
    [
      'zstd of something else',
      () => {
        const path = join(scratchFolder(), 'x.zst');
        writeFileSync(path, zstdCompressSync(Buffer.alloc(4096, 'text')));
        return path;
      },
      'BW-BUNDLE-CORRUPT',
    ],
  ])('refuses %s', async (_, make, code) => {
    await expect(openBundle(make())).rejects.toMatchObject({ code });
  });

  test('refuses a folder whose archive is gone', async () => {
    const bundle = await packed();
    rmSync(bundle.archive);
    await expect(openBundle(bundle.folder)).rejects.toMatchObject({
      code: 'BW-BUNDLE-MISSING-FILE',
    });
  });

  test('refuses a manifest that was changed', async () => {
    const bundle = await packed();
    const path = join(bundle.folder, 'manifest.json');
    writeFileSync(path, readFileSync(path, 'utf8').replace('"keep"', '"off"'));
    sumAgain(bundle.archive);
    await expect(openBundle(bundle.folder)).rejects.toMatchObject({ code: 'BW-BUNDLE-CORRUPT' });
  });
});
