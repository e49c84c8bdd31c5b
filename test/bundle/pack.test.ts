import { execFileSync, spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { archiveFormats } from '../../src/bundle/format.ts';
import { openBundle } from '../../src/bundle/open.ts';
import { verifyBundle } from '../../src/bundle/verify.ts';
import { scratchFolder } from '../scratch.ts';
import { disturb, makeImage, pack, provenance, release, report, writeParts } from './parts.ts';

/** Bytes that do not compress, the same ones every time. */
function noise(bytes: number): Uint8Array {
  let state = 1;
  const words = Uint32Array.from({ length: bytes / 4 }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state;
  });
  return new Uint8Array(words.buffer);
}

describe('packBundle', () => {
  test.each(archiveFormats)(
    'writes a folder that the usual tools understand (%s)',
    async (format) => {
      const folder = scratchFolder();
      const parts = writeParts(join(folder, 'in'));
      const bundle = await pack(parts, join(folder, 'out'), { format });
      const archive = `${bundle.manifest.id}.${format}`;

      expect(readdirSync(bundle.folder).sort()).toEqual(
        ['SHA256SUMS', archive, 'manifest.json', 'sbom.cdx.json'].sort(),
      );
      expect(readdirSync(join(folder, 'out'))).toEqual([bundle.manifest.id]);
      expect(
        execFileSync('sha256sum', ['-c', 'SHA256SUMS'], { cwd: bundle.folder, encoding: 'utf8' }),
      ).toBe(`${archive}: OK\nmanifest.json: OK\nsbom.cdx.json: OK\n`);

      const listed = execFileSync('tar', ['-tf', bundle.archive], { encoding: 'utf8' }).split('\n');
      expect(listed[0]).toBe('manifest.json');
      expect(listed.slice(1).filter((name) => !name.endsWith('/') && name !== '')).toEqual(
        bundle.manifest.files.map(({ path }) => path),
      );
      expect(listed).toContain(`boot/vmlinuz-${release}`);
      expect(listed).toContain(`lib/modules/${release}/kernel/fs/ext4/ext4.ko`);

      const plain = join(folder, 'plain');
      mkdirSync(plain);
      execFileSync('tar', ['-xf', bundle.archive, '-C', plain]);
      execFileSync('diff', ['-r', parts.moduleTree, join(plain, 'lib/modules', release)]);
      expect(readFileSync(join(plain, `boot/vmlinuz-${release}`))).toEqual(
        readFileSync(parts.image),
      );
      expect(readFileSync(join(plain, 'manifest.json'))).toEqual(
        readFileSync(join(bundle.folder, 'manifest.json')),
      );
    },
  );

  test.each(archiveFormats)('gives the same bytes for the same inputs (%s)', async (format) => {
    const folder = scratchFolder();
    const first = await pack(writeParts(join(folder, 'a')), join(folder, 'first'), { format });
    const parts = writeParts(join(folder, 'b'));
    disturb(parts);
    // Another order in the folder, a hard link, other umask, and an environment that tar and zstd heed.
    const moved = join(parts.moduleTree, 'modules.dep');
    renameSync(moved, `${moved}.x`);
    renameSync(`${moved}.x`, moved);
    const before = process.umask(0o077);
    process.env.TAR_OPTIONS = '--owner=nobody';
    process.env.ZSTD_CLEVEL = '1';
    process.env.XZ_DEFAULTS = '-0';
    process.env.XZ_OPT = '--check=none';
    onTestFinished(() => {
      process.umask(before);
      delete process.env.TAR_OPTIONS;
      delete process.env.ZSTD_CLEVEL;
      delete process.env.XZ_DEFAULTS;
      delete process.env.XZ_OPT;
    });
    if (process.getuid?.() === 0) execFileSync('chown', ['-R', '12345:54321', join(folder, 'b')]);
    const second = await pack(parts, join(folder, 'second'), { format });
    expect(second.manifest.id).toBe(first.manifest.id);
    for (const name of readdirSync(first.folder)) {
      expect(
        readFileSync(join(second.folder, name)).equals(readFileSync(join(first.folder, name))),
      ).toBe(true);
    }
  });

  test.each([
    ['tar.zst', 12 << 20],
    // On one thread alone, xz makes other bytes of the smallest file.
    ['tar.xz', 1 << 16],
  ] as const)(
    'gives the same bytes for files that are large and compress badly, on any number of threads (%s)',
    async (format, bytes) => {
      const folder = scratchFolder();
      const parts = writeParts(join(folder, 'in'));
      writeFileSync(parts.image, Buffer.concat([makeImage(), noise(bytes)]));
      const first = await pack(parts, join(folder, 'first'), { format });
      execFileSync('taskset', ['-cp', '0', String(process.pid)]);
      onTestFinished(() => {
        execFileSync('taskset', ['-cp', '0-1023', String(process.pid)]);
      });
      const second = await pack(parts, join(folder, 'second'), { format });
      expect(readFileSync(second.archive).equals(readFileSync(first.archive))).toBe(true);
    },
  );

  test('keeps a bundle that is there already, with its proofs', async () => {
    const folder = scratchFolder();
    const parts = writeParts(join(folder, 'in'));
    const first = await pack(parts, join(folder, 'out'));
    writeFileSync(join(first.folder, 'proof.json'), '{}');
    const { ino } = statSync(first.archive);
    const second = await pack(parts, join(folder, 'out'));
    expect(second).toEqual(first);
    expect(statSync(second.archive).ino).toBe(ino);
    expect(readFileSync(join(second.folder, 'proof.json'), 'utf8')).toBe('{}');
  });

  test('replaces a damaged one, and one of the other format, and takes the proofs along', async () => {
    const folder = scratchFolder();
    const parts = writeParts(join(folder, 'in'));
    const first = await pack(parts, join(folder, 'out'));
    mkdirSync(join(first.folder, 'proofs'));
    writeFileSync(join(first.folder, 'proofs/bios.json'), '{}');
    writeFileSync(join(first.folder, 'SHA256SUMS.minisig'), 'signed');
    writeFileSync(first.archive, 'damaged');
    const second = await pack(parts, join(folder, 'out'));
    expect(readFileSync(join(second.folder, 'proofs/bios.json'), 'utf8')).toBe('{}');
    expect(readFileSync(join(second.folder, 'SHA256SUMS.minisig'), 'utf8')).toBe('signed');
    const third = await pack(parts, join(folder, 'out'), { format: 'tar.bz2' });
    // Its checksums are others, so whoever signed the old ones has not signed these.
    expect(existsSync(join(third.folder, 'SHA256SUMS.minisig'))).toBe(false);
    expect(existsSync(second.archive)).toBe(false);
    expect(readFileSync(join(third.folder, 'proofs/bios.json'), 'utf8')).toBe('{}');
    expect((await openBundle(third.folder)).format).toBe('tar.bz2');
    expect(readdirSync(join(folder, 'out'))).toEqual([first.manifest.id]);
  });

  test('packs a hard link as the file that it is', async () => {
    const folder = scratchFolder();
    const parts = writeParts(join(folder, 'in'));
    execFileSync('ln', [
      join(parts.moduleTree, 'modules.dep'),
      join(parts.moduleTree, 'modules.dep2'),
    ]);
    const bundle = await pack(parts, join(folder, 'out'));
    expect((await verifyBundle(bundle.folder)).findings).toEqual([]);
  });

  describe('refuses', () => {
    const refused = async (
      change: (parts: ReturnType<typeof writeParts>) => void,
      options: Parameters<typeof pack>[2] = {},
    ): Promise<unknown> => {
      const folder = scratchFolder();
      const parts = writeParts(join(folder, 'in'));
      change(parts);
      const error: unknown = await pack(parts, join(folder, 'out'), options).catch(
        (thrown: unknown) => thrown,
      );
      expect(readdirSync(join(folder, 'out'))).toEqual([]);
      return error;
    };

    test('a link in the module tree', async () => {
      expect(
        await refused((parts) => symlinkSync('/usr/src/linux', join(parts.moduleTree, 'build'))),
      ).toMatchObject({
        code: 'BW-BUNDLE-INPUT',
        message: expect.stringMatching(/build" is a link/),
      });
    });

    test('a fifo in the module tree', async () => {
      expect(
        await refused((parts) => {
          execFileSync('mkfifo', [join(parts.moduleTree, 'pipe')]);
        }),
      ).toMatchObject({ code: 'BW-BUNDLE-INPUT' });
    });

    test('an image of another release', async () => {
      expect(
        await refused((parts) => writeFileSync(parts.image, makeImage('6.1.0 #1'))),
      ).toMatchObject({
        code: 'BW-BUNDLE-INPUT',
        message: expect.stringContaining(`is of release "6.1.0", not "${release}"`),
      });
    });

    test('an image that is none', async () => {
      expect(await refused((parts) => writeFileSync(parts.image, 'no'))).toMatchObject({
        code: 'BW-BUNDLE-INPUT',
        message: expect.stringContaining('too short'),
      });
    });

    test('a report that is not one', async () => {
      const { stuck: _, ...rest } = report;
      expect(
        await refused((parts) => writeFileSync(parts.promotionReport, JSON.stringify(rest))),
      ).toMatchObject({
        code: 'BW-BUNDLE-INPUT',
        occasion: { excerpt: expect.arrayContaining([expect.stringContaining('stuck')]) },
      });
      expect(await refused((parts) => writeFileSync(parts.promotionReport, '{'))).toMatchObject({
        code: 'BW-BUNDLE-INPUT',
      });
    });

    test('a part that is missing', async () => {
      expect(await refused((parts) => rmSync(parts.systemMap))).toMatchObject({
        code: 'BW-FILE-MISSING',
      });
    });

    test('to go on when it is stopped', async () => {
      expect(await refused(() => undefined, { signal: AbortSignal.abort() })).toMatchObject({
        name: 'AbortError',
      });
    });
  });

  test('leaves nothing half-made when it is killed, and the next run clears up', async () => {
    const folder = scratchFolder();
    const out = join(folder, 'out');
    const parts = writeParts(join(folder, 'in'));
    writeFileSync(parts.image, Buffer.concat([makeImage(), noise(8 << 20)]));
    const module = join(import.meta.dirname, 'parts.ts');
    const program = `
      import { pack } from ${JSON.stringify(module)};
      console.log('started');
      await pack(${JSON.stringify(parts)}, ${JSON.stringify(out)});
      console.log('ended');`;
    let leftovers = 0;
    for (const delay of [0, 40, 80, 160, 240]) {
      const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const closed = new Promise((resolve) => child.once('close', resolve));
      await new Promise((resolve) => child.stdout.once('data', resolve));
      await setTimeout(delay);
      child.kill('SIGKILL');
      await closed;
      for (const name of existsSync(out) ? readdirSync(out) : []) {
        if (name.startsWith('.')) leftovers += 1;
        else expect((await verifyBundle(join(out, name))).findings).toEqual([]);
      }
    }
    // The test would prove nothing if no run had been caught in the middle.
    expect(leftovers).toBeGreaterThan(0);
    const bundle = await pack(parts, out);
    expect(readdirSync(out)).toEqual([bundle.manifest.id]);
    expect((await verifyBundle(bundle.folder)).findings).toEqual([]);
  });

  test('does not clear away what a run that is alive is making', async () => {
    const folder = scratchFolder();
    const out = join(folder, 'out');
    const parts = writeParts(join(folder, 'in'));
    const other = { ...provenance, toolchain: [] };
    const bundles = await Promise.all([
      pack(parts, out),
      pack(parts, out, { provenance: other }),
      pack(writeParts(join(folder, 'in2')), join(folder, 'out2')),
    ]);
    for (const { folder: home } of bundles) {
      expect((await verifyBundle(home)).findings).toEqual([]);
    }
  });
});

test('on a full disk says so and leaves nothing', async ({ skip }) => {
  if (process.getuid?.() !== 0) skip('only root can mount a small file system');
  const folder = scratchFolder();
  const parts = writeParts(join(folder, 'in'));
  writeFileSync(parts.image, Buffer.concat([makeImage(), noise(1 << 20)]));
  const out = join(folder, 'out');
  mkdirSync(out);
  // Full while the files are copied, while the archive is written, and just before its end.
  for (const size of ['512k', '1500k', '2100k']) {
    const mount = ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', out];
    try {
      execFileSync('mount', mount, { stdio: 'pipe' });
    } catch {
      skip('this container may not mount');
    }
    try {
      const error: unknown = await pack(parts, out).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: 'BW-DISK-FULL' });
      expect(readdirSync(out)).toEqual([]);
    } finally {
      execFileSync('umount', [out]);
    }
  }
});
