import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { verifyBundle } from '../../src/bundle/verify.ts';
import { type ExportFormat, exportBundle, exportFormats } from '../../src/export/export-bundle.ts';
import { unwatched } from '../../src/system/progress.ts';
import { makeImage, pack, writeParts } from '../bundle/parts.ts';
import { scratchFolder } from '../scratch.ts';

const isRoot = process.getuid?.() === 0;
const { signal } = new AbortController();

/** Two bundles of the same release: the second one's kernel differs. */
async function twoBundles(home: string): Promise<readonly [string, string]> {
  const first = await pack(writeParts(join(home, 'a')), join(home, 'bundles'));
  const parts = writeParts(join(home, 'b'));
  writeFileSync(parts.image, Buffer.concat([makeImage(), Buffer.alloc(512)]));
  const second = await pack(parts, join(home, 'bundles'));
  expect(second.manifest.id).not.toBe(first.manifest.id);
  return [first.folder, second.folder];
}

async function exportOf(bundle: string, format: ExportFormat, folder: string): Promise<string> {
  return (await exportBundle(bundle, { format, folder, signal }, unwatched)).path;
}

const say = (command: string, args: readonly string[]): string =>
  execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

/** All files and folders below a folder, but those of a packager's own database. */
function leftIn(root: string): readonly string[] {
  return say('find', [root, '-mindepth', '1', '-printf', '%P\n'])
    .split('\n')
    .filter((name) => name !== '' && !/^(var|etc|root)(\/|$)/.test(name));
}

test.each(exportFormats)('the same bundle gives the same bytes (%s)', async (format) => {
  const home = scratchFolder();
  const [bundle] = await twoBundles(home);
  const path = await exportOf(bundle, format, join(home, 'out'));
  const umask = process.umask(0o077);
  const processors =
    say('taskset', ['-cp', String(process.pid)])
      .split(': ')[1]
      ?.trim() ?? '';
  process.env.XZ_DEFAULTS = '-0';
  onTestFinished(() => {
    process.umask(umask);
    delete process.env.XZ_DEFAULTS;
    say('taskset', ['-acp', processors, String(process.pid)]);
  });
  say('taskset', ['-acp', '0', String(process.pid)]);
  const copy = join(home, 'copy', basename(bundle));
  cpSync(bundle, copy, { recursive: true });
  const again = await exportOf(copy, format, join(home, 'with a space'));
  expect(basename(again)).toBe(basename(path));
  expect(readFileSync(again).equals(readFileSync(path))).toBe(true);
  expect(readdirSync(join(home, 'with a space'))).toEqual([basename(path)]);
});

describe.runIf(isRoot)('packages', () => {
  test('of two bundles are installed side by side by rpm, and leave nothing', async () => {
    const home = scratchFolder();
    const bundles = await twoBundles(home);
    const paths = [];
    for (const bundle of bundles) paths.push(await exportOf(bundle, 'rpm', join(home, 'out')));
    const names = paths.map((path) => say('rpm', ['-qp', '--qf', '%{NAME}', path]));
    for (const path of paths) {
      expect(say('rpm', ['-K', path])).toMatch(/digests OK/);
      expect(say('rpm', ['-qp', '--scripts', '--triggers', path])).toBe('');
      // Kernel modules in it must not make it require or provide anything of a kernel.
      expect(say('rpm', ['-qp', '--requires', path])).toMatch(/^(rpmlib\(.*\n)+$/);
      expect(say('rpm', ['-qp', '--qf', '%{BUILDHOST} %{BUILDTIME} %{ARCH}', path])).toBe(
        'bootwright 1700000000 noarch',
      );
    }
    const root = join(home, 'root');
    mkdirSync(root);
    const rpm = (...args: string[]) => say('rpm', ['--root', root, '--dbpath', '/db', ...args]);
    rpm('-i', '--nodeps', ...paths);
    for (const bundle of bundles) {
      const folder = join(root, 'usr/lib/bootwright', basename(bundle));
      expect(await verifyBundle(folder)).toMatchObject({ findings: [], checksums: true });
    }
    expect(rpm('-V', '--nodeps', ...names.filter((name) => name !== ''))).toBe('');
    rpm('-e', names[0] ?? '');
    expect(readdirSync(join(root, 'usr/lib/bootwright'))).toEqual([basename(bundles[1])]);
    rpm('-e', names[1] ?? '');
    // What was there only for them is gone; rpm's database, /usr, /usr/lib and the like stay.
    const ofOthers = /^(db(\/.*)?|usr(\/(lib|share|share\/doc))?)$/;
    expect(leftIn(root).filter((name) => !ofOthers.test(name))).toEqual([]);
  });

  test('of two bundles are installed side by side by dpkg, and leave nothing', async () => {
    const home = scratchFolder();
    const bundles = await twoBundles(home);
    const root = join(home, 'root');
    mkdirSync(join(root, 'var/lib/dpkg/info'), { recursive: true });
    mkdirSync(join(root, 'var/lib/dpkg/updates'));
    for (const name of ['status', 'available']) writeFileSync(join(root, 'var/lib/dpkg', name), '');
    const dpkg = (...args: string[]) =>
      say('dpkg', [`--root=${root}`, '--force-not-root', ...args]);
    const names = [];
    for (const bundle of bundles) {
      const path = await exportOf(bundle, 'deb', join(home, 'out'));
      names.push(say('dpkg-deb', ['-f', path, 'Package']).trim());
      dpkg('-i', path);
    }
    for (const bundle of bundles) {
      const folder = join(root, 'usr/lib/bootwright', basename(bundle));
      expect(await verifyBundle(folder)).toMatchObject({ findings: [], checksums: true });
    }
    expect(dpkg('--verify', ...names)).toBe('');
    writeFileSync(join(root, 'usr/share/doc', names[0] ?? '', 'README'), 'changed');
    expect(dpkg('--verify', ...names)).toContain('README');
    dpkg('--purge', names[0] ?? '');
    expect(readdirSync(join(root, 'usr/lib/bootwright'))).toEqual([basename(bundles[1])]);
    dpkg('--purge', names[1] ?? '');
    expect(existsSync(join(root, 'usr'))).toBe(false);
  });
});

test('a boot medium has what both firmwares look for', async () => {
  const home = scratchFolder();
  const [bundle] = await twoBundles(home);
  const path = await exportOf(bundle, 'iso', join(home, 'out'));
  const torito = say('xorriso', ['-indev', path, '-report_el_torito', 'plain']);
  expect(torito).toMatch(/boot img : +1 +BIOS +y +none/);
  expect(torito).toMatch(/boot img : +2 +UEFI +y +none/);
  const area = say('xorriso', ['-indev', path, '-report_system_area', 'plain']);
  expect(area).toMatch(/System area summary:.*grub2-mbr.*GPT/);
  // The EFI system partition, by its type's GUID as it lies on the disk.
  expect(area).toContain('28732ac11ff8d211ba4b00a0c93ec93b');
  const copy = join(home, 'copy');
  mkdirSync(copy);
  say('xorriso', ['-osirrox', 'on', '-indev', path, '-extract', '/', copy]);
  const folder = join(copy, basename(bundle));
  expect(readFileSync(join(folder, 'vmlinuz'))).toEqual(makeImage());
  expect(readFileSync(join(copy, 'manifest.json'))).toEqual(
    readFileSync(join(bundle, 'manifest.json')),
  );
  expect(readFileSync(join(copy, 'README.TXT'), 'utf8')).toContain(basename(bundle));
});

test('what has gone wrong leaves nothing', async () => {
  const home = scratchFolder();
  const [bundle] = await twoBundles(home);
  const folder = join(home, 'out');
  const options = { format: 'iso', folder, iso: { append: ['a b'] }, signal } as const;
  await expect(exportBundle(bundle, options, unwatched)).rejects.toMatchObject({
    code: 'BW-EXPORT-COMMAND-LINE',
  });
  await expect(
    exportBundle(bundle, { format: 'rpm', folder, signal: AbortSignal.abort() }, unwatched),
  ).rejects.toThrow();
  expect(readdirSync(folder)).toEqual([]);
});
