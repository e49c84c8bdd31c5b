import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openBundle } from '../../src/bundle/open.ts';
import { unpackBundle } from '../../src/bundle/unpack.ts';
import { describeVerification, verifyBundle } from '../../src/bundle/verify.ts';
import { scratchFolder } from '../scratch.ts';
import { disturb, pack, release, writeParts } from './parts.ts';

const format = 'folder';

async function packed() {
  const home = scratchFolder();
  return { home, bundle: await pack(writeParts(join(home, 'in')), join(home, 'out'), { format }) };
}

/** Names, modes and times, as find(1) sees them. */
function listing(folder: string): string {
  return execFileSync('sh', ['-c', 'find . -printf "%P %m %T@\\n" | sort'], {
    cwd: folder,
    encoding: 'utf8',
  });
}

test('a folder is served as it lies, and sha256sum checks it', async () => {
  const { bundle } = await packed();
  expect(bundle.archive).toBe(bundle.folder);
  expect(bundle.archiveBytes).toBe(bundle.manifest.bytes);
  expect(listing(bundle.folder)).toBe(
    `
 755 1700000000.0000000000
SHA256SUMS 644 1700000000.0000000000
boot 755 1700000000.0000000000
boot/System.map-${release} 644 1700000000.0000000000
boot/config-${release} 644 1700000000.0000000000
boot/config-${release}.stock 644 1700000000.0000000000
boot/promotion-${release}.json 644 1700000000.0000000000
boot/symvers-${release} 644 1700000000.0000000000
boot/vmlinuz-${release} 644 1700000000.0000000000
lib 755 1700000000.0000000000
lib/modules 755 1700000000.0000000000
lib/modules/${release} 755 1700000000.0000000000
lib/modules/${release}/kernel 755 1700000000.0000000000
lib/modules/${release}/kernel/fs 755 1700000000.0000000000
lib/modules/${release}/kernel/fs/ext4 755 1700000000.0000000000
lib/modules/${release}/kernel/fs/ext4/ext4.ko 644 1700000000.0000000000
lib/modules/${release}/kernel/net 755 1700000000.0000000000
lib/modules/${release}/kernel/net/dummy.ko 644 1700000000.0000000000
lib/modules/${release}/modules.builtin 644 1700000000.0000000000
lib/modules/${release}/modules.dep 644 1700000000.0000000000
manifest.json 644 1700000000.0000000000
sbom.cdx.json 644 1700000000.0000000000
`.slice(1),
  );
  execFileSync('sha256sum', ['--check', '--strict', '--quiet', 'SHA256SUMS'], {
    cwd: bundle.folder,
  });
});

test('the same inputs give the same folder, under any umask', async () => {
  const { home, bundle } = await packed();
  const parts = writeParts(join(home, 'again'));
  disturb(parts);
  const umask = process.umask(0o077);
  onTestFinished(() => {
    process.umask(umask);
  });
  const second = await pack(parts, join(home, 'second'), { format });
  expect(listing(second.folder)).toBe(listing(bundle.folder));
  execFileSync('diff', ['-r', second.folder, bundle.folder]);
});

test('one that is there already stays; a damaged one is replaced, with its proofs', async () => {
  const { home, bundle } = await packed();
  const image = join(bundle.folder, bundle.manifest.kernel.image);
  const { ino } = statSync(image);
  mkdirSync(join(bundle.folder, 'proofs'));
  writeFileSync(join(bundle.folder, 'proofs', 'x.json'), '{}');
  const again = () => pack(writeParts(join(home, 'again')), join(home, 'out'), { format });
  await again();
  expect(statSync(image).ino).toBe(ino);
  writeFileSync(image, 'damaged');
  await again();
  writeFileSync(join(bundle.folder, 'boot', 'more'), 'not ours');
  await again();
  expect(readFileSync(join(bundle.folder, 'proofs', 'x.json'), 'utf8')).toBe('{}');
  rmSync(join(bundle.folder, 'proofs'), { recursive: true });
  expect((await verifyBundle(bundle.folder)).findings).toEqual([]);
});

test('one of as many files as a distro has modules holds', async () => {
  const home = scratchFolder();
  const parts = writeParts(join(home, 'in'));
  for (let at = 0; at < 600; at += 1) {
    writeFileSync(join(parts.moduleTree, `${'x'.repeat(100)}-${at}`), '');
  }
  const bundle = await pack(parts, join(home, 'out'), { format });
  // Checksums of so many bytes were taken for something else once.
  expect(statSync(join(bundle.folder, 'SHA256SUMS')).size).toBeGreaterThan(64 * 1024);
  expect(await verifyBundle(bundle.folder)).toMatchObject({ findings: [], checksums: true });
});

test('an archive that was unpacked is a bundle, which has no checksums', async () => {
  const home = scratchFolder();
  const bundle = await pack(writeParts(join(home, 'in')), join(home, 'out'));
  const plain = join(home, 'plain');
  mkdirSync(plain);
  execFileSync('tar', ['-xpf', bundle.archive, '-C', plain]);
  const verification = await verifyBundle(plain);
  expect(verification).toMatchObject({ id: bundle.manifest.id, findings: [], checksums: false });
  expect(describeVerification(verification)).toContain(
    'There were no SHA256SUMS to check it by, only its manifest.',
  );
  await unpackBundle(await openBundle(plain), join(home, 'copy'));
  execFileSync('diff', ['-r', join(plain, 'boot'), join(home, 'copy', 'boot')]);
  execFileSync('diff', ['-r', join(plain, 'lib'), join(home, 'copy', 'lib')]);
});

test.each<[string, (folder: string, image: string) => void, object]>([
  [
    'a changed file',
    (_, image) => writeFileSync(image, Buffer.alloc(4096)),
    { code: 'BW-BUNDLE-CORRUPT', problem: 'has another SHA-256' },
  ],
  [
    'a file that is gone',
    (_, image) => rmSync(image),
    { code: 'BW-BUNDLE-MISSING-FILE', file: `boot/vmlinuz-${release}` },
  ],
  [
    'a file that was added',
    (folder) => writeFileSync(join(folder, 'lib', 'more'), ''),
    { code: 'BW-BUNDLE-EXTRA-FILE', file: 'lib/more' },
  ],
  [
    'a folder that was added',
    (folder) => mkdirSync(join(folder, 'more')),
    { code: 'BW-BUNDLE-EXTRA-FILE', file: 'more' },
  ],
  [
    'a file that nobody else may read',
    (_, image) => chmodSync(image, 0o600),
    { code: 'BW-BUNDLE-CORRUPT', problem: 'has another mode', expected: '0644', found: '0600' },
  ],
  [
    'a link instead of a file',
    (_, image) => {
      renameSync(image, `${image}.real`);
      symlinkSync(`${image}.real`, image);
    },
    { code: 'BW-BUNDLE-UNSAFE', problem: expect.stringContaining('it is a symlink') },
  ],
  [
    'checksums of something else',
    (folder) => writeFileSync(join(folder, 'SHA256SUMS'), ''),
    { code: 'BW-BUNDLE-CORRUPT', file: 'SHA256SUMS', problem: 'was changed' },
  ],
])('%s is found', async (_, change, finding) => {
  const { bundle } = await packed();
  change(bundle.folder, join(bundle.folder, bundle.manifest.kernel.image));
  const { findings } = await verifyBundle(bundle.folder);
  expect(findings.length).toBeGreaterThan(0);
  expect(findings[0]).toMatchObject(finding);
});
