import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type ArchiveFormat, archiveFormats } from '../../src/bundle/format.ts';
import { openBundle } from '../../src/bundle/open.ts';
import { unpackBundle } from '../../src/bundle/unpack.ts';
import { scratchFolder } from '../scratch.ts';
import { bundleToCopy } from './copies.ts';
import { pack, release, writeParts } from './parts.ts';
import { type RawMember, readTar, repack, writeTar } from './repack.ts';

const copyOfBundle = bundleToCopy();

async function packed(format: ArchiveFormat = 'tar.zst') {
  const folder = scratchFolder();
  if (format === 'tar.zst') return { folder, bundle: await copyOfBundle(folder) };
  const parts = writeParts(join(folder, 'in'));
  return { folder, bundle: await pack(parts, join(folder, 'out'), { format }) };
}

describe('unpackBundle', () => {
  test.each(archiveFormats)('unpacks what plain tar unpacks (%s)', async (format) => {
    const { folder, bundle } = await packed(format);
    const umask = process.umask(0o077);
    onTestFinished(() => {
      process.umask(umask);
    });
    await unpackBundle(await openBundle(bundle.folder), join(folder, 'ours'));
    const plain = join(folder, 'plain');
    mkdirSync(plain);
    execFileSync('tar', ['-xpf', bundle.archive, '-C', plain, '--exclude=manifest.json']);
    execFileSync('diff', ['-r', plain, join(folder, 'ours')]);
    const modes = (home: string) =>
      execFileSync('find', ['.', '-printf', '%m %y %p\n'], { cwd: home, encoding: 'utf8' })
        .split('\n')
        .filter((line) => !line.endsWith(' d .'))
        .sort();
    expect(modes(join(folder, 'ours'))).toEqual(modes(plain));
    expect(statSync(join(folder, 'ours')).mode & 0o777).toBe(0o755);
  });

  test('unpacks an archive that lies alone, and into a folder that is empty', async () => {
    const { folder, bundle } = await packed();
    const alone = join(folder, 'moved.tar.zst');
    writeFileSync(alone, readFileSync(bundle.archive));
    mkdirSync(join(folder, 'home'));
    await unpackBundle(await openBundle(alone), join(folder, 'home'));
    expect(existsSync(join(folder, 'home', `boot/vmlinuz-${release}`))).toBe(true);
  });

  test('on a full disk says so and leaves nothing', async ({ skip }) => {
    if (process.getuid?.() !== 0) skip('only root can mount a small file system');
    const { folder, bundle } = await packed();
    const small = join(folder, 'small');
    mkdirSync(small);
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=16k', 'tmpfs', small], { stdio: 'pipe' });
    } catch {
      skip('this container may not mount');
    }
    try {
      const opened = await openBundle(bundle.folder);
      await expect(unpackBundle(opened, join(small, 'home'))).rejects.toMatchObject({
        code: 'BW-DISK-FULL',
      });
      expect(readdirSync(small)).toEqual([]);
    } finally {
      execFileSync('umount', [small]);
    }
  });

  test('refuses a folder that holds something, and a file', async () => {
    const { folder, bundle } = await packed();
    const opened = await openBundle(bundle.folder);
    await expect(unpackBundle(opened, folder)).rejects.toMatchObject({ code: 'BW-USAGE' });
    await expect(unpackBundle(opened, bundle.archive)).rejects.toMatchObject({ code: 'BW-USAGE' });
  });

  const hostile: [string, RawMember, string][] = [
    ['a name that climbs', { name: '../escaped', content: 'x' }, 'BW-BUNDLE-UNSAFE'],
    ['a name that climbs within', { name: 'boot/../../escaped', content: 'x' }, 'BW-BUNDLE-UNSAFE'],
    ['an absolute name', { name: '/tmp/bootwright-escaped', content: 'x' }, 'BW-BUNDLE-UNSAFE'],
    ['a link out', { name: 'boot/out', type: 'symlink', linkname: '/etc' }, 'BW-BUNDLE-UNSAFE'],
    ['a link inside', { name: 'boot/in', type: 'symlink', linkname: 'x' }, 'BW-BUNDLE-UNSAFE'],
    [
      'a hard link',
      { name: 'boot/hard', type: 'link', linkname: '/etc/passwd' },
      'BW-BUNDLE-UNSAFE',
    ],
    ['a device', { name: 'boot/null', type: 'character-device' }, 'BW-BUNDLE-UNSAFE'],
    ['a disk', { name: 'boot/sda', type: 'block-device' }, 'BW-BUNDLE-UNSAFE'],
    ['a fifo', { name: 'boot/fifo', type: 'fifo' }, 'BW-BUNDLE-UNSAFE'],
    ['a second image', { name: `boot/vmlinuz-${release}`, content: 'x' }, 'BW-BUNDLE-UNSAFE'],
    ['a second manifest', { name: 'manifest.json', content: '{}' }, 'BW-BUNDLE-UNSAFE'],
    ['a file for a folder', { name: 'boot', content: 'x' }, 'BW-BUNDLE-UNSAFE'],
    [
      'a file below a file',
      { name: `boot/vmlinuz-${release}/x`, content: 'x' },
      'BW-BUNDLE-UNSAFE',
    ],
    [
      'a name with a control character',
      { name: 'boot/a\x1b[2J', content: 'x' },
      'BW-BUNDLE-UNSAFE',
    ],
    ['a file too many', { name: 'boot/initrd.img', content: 'x' }, 'BW-BUNDLE-EXTRA-FILE'],
    ['a folder too many', { name: 'etc', type: 'directory' }, 'BW-BUNDLE-EXTRA-FILE'],
  ];

  test.each(hostile)('refuses %s and writes nothing', async (_, member, code) => {
    const { folder, bundle } = await packed();
    await repack(bundle.archive, (members) => [...members, member]);
    const home = join(folder, 'home');
    const before = readdirSync(folder);
    await expect(unpackBundle(await openBundle(bundle.folder), home)).rejects.toMatchObject({
      code,
    });
    expect(readdirSync(folder)).toEqual(before);
    expect(existsSync('/tmp/bootwright-escaped')).toBe(false);
  });

  test('refuses the trick with a link to be written through', async () => {
    const { folder, bundle } = await packed();
    const image = `boot/vmlinuz-${release}`;
    await repack(bundle.archive, (members) => [
      ...members.filter(({ name }) => !name.startsWith('boot')),
      { name: 'boot', type: 'symlink', linkname: folder },
      ...members.filter(({ name }) => name === image),
    ]);
    await expect(
      unpackBundle(await openBundle(bundle.folder), join(folder, 'home')),
    ).rejects.toMatchObject({ code: 'BW-BUNDLE-UNSAFE' });
    expect(existsSync(join(folder, `vmlinuz-${release}`))).toBe(false);
  });

  test.each([
    [
      'changed',
      (member: RawMember) => [{ ...member, content: 'y'.repeat(29) }],
      'BW-BUNDLE-CORRUPT',
    ],
    [
      'longer',
      (member: RawMember) => [{ ...member, content: 'y'.repeat(99) }],
      'BW-BUNDLE-EXTRA-FILE',
    ],
    ['shorter', (member: RawMember) => [{ ...member, content: 'y' }], 'BW-BUNDLE-CORRUPT'],
    ['left out', () => [], 'BW-BUNDLE-MISSING-FILE'],
  ])('refuses a file that was %s', async (_, change, code) => {
    const { folder, bundle } = await packed();
    await repack(bundle.archive, (members) =>
      members.flatMap((member) =>
        member.name.endsWith('modules.dep') ? change(member) : [member],
      ),
    );
    await expect(
      unpackBundle(await openBundle(bundle.folder), join(folder, 'home')),
    ).rejects.toMatchObject({ code });
    expect(existsSync(join(folder, 'home'))).toBe(false);
  });

  test('never writes outside or anything unlisted, whatever the members are', async () => {
    const { folder, bundle } = await packed();
    const good = await readTar(bundle.archive);
    const part = fc.constantFrom('..', '.', '', 'boot', 'lib', 'x', `vmlinuz-${release}`);
    const member = fc.record({
      name: fc
        .array(part, { minLength: 1, maxLength: 4 })
        .map((parts) => parts.join('/'))
        .filter((name) => name !== ''),
      type: fc.constantFrom(
        'file' as const,
        'directory' as const,
        'symlink' as const,
        'link' as const,
      ),
      linkname: fc.constantFrom('..', '/', folder, 'boot'),
    });
    const members = fc.array(fc.oneof(member, fc.constantFrom(...good.slice(1))), {
      maxLength: 12,
    });
    let run = 0;
    await fc.assert(
      fc.asyncProperty(members, async (others) => {
        run += 1;
        const arena = join(folder, `arena-${run}`);
        mkdirSync(arena);
        const archive = join(arena, 'x.tar.zst');
        await writeTar(archive, [...good.slice(0, 1), ...others]);
        const home = join(arena, 'home');
        // None of these archives is the whole bundle with nothing else in it, or it is and may be unpacked.
        const error: unknown = await unpackBundle(await openBundle(archive), home).catch(
          (thrown: unknown) => thrown,
        );
        if (error !== undefined) {
          expect(error).toMatchObject({ code: expect.stringMatching(/^BW-BUNDLE-/) });
          expect(readdirSync(arena)).toEqual(['x.tar.zst']);
        }
      }),
      { numRuns: 80 },
    );
  });
});
