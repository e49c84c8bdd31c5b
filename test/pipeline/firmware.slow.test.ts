import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBundle } from '../../src/bundle/open.ts';
import { readMembers } from '../../src/bundle/read-members.ts';
import { verifyBundle } from '../../src/bundle/verify.ts';
import { build } from '../../src/pipeline/build.ts';
import type { FirmwareWish } from '../../src/pipeline/request.ts';
import { proveBundle } from '../../src/proof/prove-bundle.ts';
import { unwatched, watch } from '../../src/system/progress.ts';
import { exampleSrpm, exampleWorkspace } from '../example.ts';
import { writeDriver } from '../kernel/vendor/sample.ts';
import { firmwareDriver } from './firmware-driver.ts';

// One image is compiled once; the tests follow its way and build on each other.
const longest = 40 * 60_000;
const folder = mkdtempSync(join(tmpdir(), 'bootwright-firmware-'));
const collection = join(folder, 'linux-firmware');
let driver: string;

beforeAll(() => {
  driver = writeDriver(join(folder, 'fwprobe'), firmwareDriver);
  mkdirSync(join(collection, 'fwprobe'), { recursive: true });
  writeFileSync(join(collection, 'fwprobe/first.bin'), 'bytes of the first blob');
  writeFileSync(join(collection, 'WHENCE'), 'File: fwprobe/first.bin\nLicence: MIT\n');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Builds the example with the driver in its image; gives the bundle, and what was done for it. */
async function buildWith(wish: Partial<FirmwareWish>) {
  const done: string[] = [];
  const titles = new Map<number, string>();
  const step = watch((event) => {
    if (event.type === 'step-start') titles.set(event.id, event.title);
    if (event.type === 'step-end' && event.outcome === 'done') {
      done.push(titles.get(event.id) ?? '');
    }
  });
  const outcome = await build(
    {
      srpm: await exampleSrpm(),
      workspace: exampleWorkspace,
      architecture: 'x86_64',
      defines: {},
      sandbox: 'auto',
      scope: 'network-devices',
      drivers: [{ folder: driver, builtIn: true }],
      firmware: { collections: [], strict: false, way: 'auto', ...wish },
      debugInfo: 'auto',
      modules: 'none',
      jobs: availableParallelism(),
      ccache: 'auto',
      format: 'folder',
      proofs: [],
    },
    'bundle',
    step,
  );
  if (outcome.bundle === undefined) throw new Error('There is no bundle.');
  return { bundle: outcome.bundle, done };
}

/** What the driver said when the kernel booted, and whether it said so before there was a root. */
async function bootLines(bundle: string): Promise<{ said: string[]; beforeRoot: boolean }> {
  const { proof } = await proveBundle(
    bundle,
    { nic: 'virtio', firmware: 'bios', nfs: 3 },
    unwatched,
  );
  expect(proof.failure).toBeNull();
  const log = readFileSync(join(bundle, 'proofs/bios-virtio-nfs3/console.log'), 'utf8');
  const lines = log.split('\n');
  const root = lines.findIndex((line) => line.includes('VFS: Mounted root (nfs'));
  // The firmware loader speaks in the device's name too, of what it does not find.
  const own = /fwprobe: (?:\d+ bytes: .*|\S+ is not to be had: .*)/;
  const said = lines.flatMap((line) => own.exec(line)?.[0].trim() ?? []);
  const at = lines.findIndex((line) => own.test(line));
  return { said, beforeRoot: at !== -1 && root !== -1 && at < root };
}

const blobOf = (bundle: Awaited<ReturnType<typeof buildWith>>['bundle']) =>
  bundle.manifest.firmware?.blobs.find(({ driver: name }) => name === 'fwprobe');

async function configOf(bundle: string): Promise<string> {
  const opened = await openBundle(bundle);
  const name = `boot/config-${opened.manifest.target.kernelRelease}`;
  return (await readMembers(opened, [name])).get(name)?.toString('utf8') ?? '';
}

test(
  'without firmware: the image tells what is missing, strict refuses it, and the driver has none',
  async () => {
    await expect(buildWith({ strict: true })).rejects.toThrow(
      expect.objectContaining({
        code: 'BW-FIRMWARE-MISSING',
        message: expect.stringMatching(/bnx2.*fwprobe|fwprobe.*bnx2/),
      }),
    );
    const { bundle, done } = await buildWith({});
    expect(done).not.toContain('Compile the kernel');
    expect(blobOf(bundle)).toMatchObject({
      path: 'fwprobe/first.bin',
      need: 'unknown',
      state: 'missing',
      file: 'drivers/net/added/fwprobe/fwprobe',
    });
    expect(bundle.manifest.firmware?.way).toBeNull();
    await expect(bootLines(bundle.folder)).resolves.toEqual({
      said: ['fwprobe: fwprobe/first.bin is not to be had: -2'],
      beforeRoot: true,
    });
  },
  longest,
);

test.each([
  ['built-in', /^CONFIG_EXTRA_FIRMWARE="fwprobe\/first\.bin"$/m],
  ['initramfs', /^CONFIG_INITRAMFS_SOURCE="\.\.\/firmware\/firmware\.cpio"$/m],
] as const)(
  '%s: the driver gets its blob before the root is there',
  async (way, line) => {
    const { bundle, done } = await buildWith({ collections: [collection], way });
    // What the drivers ask for is known from the run before: config and image are made once.
    expect(done.filter((title) => title === 'Compile the kernel')).toHaveLength(1);
    expect(blobOf(bundle)).toMatchObject({ state: 'embedded', bytes: 23, licence: 'MIT' });
    expect(bundle.manifest.firmware?.way).toBe(way);
    expect(bundle.manifest.settings.deviations).toContainEqual({
      what: 'firmware in the image: 1 blob, 23 B',
      reason: `--firmware linux-firmware (${way})`,
    });
    const config = await configOf(bundle.folder);
    expect(config).toMatch(line);
    expect(config).not.toContain(folder);
    await expect(verifyBundle(bundle.folder)).resolves.toMatchObject({ findings: [] });
    await expect(bootLines(bundle.folder)).resolves.toEqual({
      said: ['fwprobe: 23 bytes: bytes of the fir'],
      beforeRoot: true,
    });
    const again = await buildWith({ collections: [collection], way });
    expect(again.done).toEqual([]);
    expect(again.bundle.manifest.id).toBe(bundle.manifest.id);
  },
  longest,
);

test(
  'a blob that has changed is linked anew; without any, the image is what it was',
  async () => {
    const first = await buildWith({ collections: [collection] });
    writeFileSync(join(collection, 'fwprobe/first.bin'), 'other bytes of the blob');
    const second = await buildWith({ collections: [collection] });
    expect(second.done).toContain('Compile the kernel');
    expect(second.bundle.manifest.kernel.sha256).not.toBe(first.bundle.manifest.kernel.sha256);
    const without = await buildWith({});
    expect(blobOf(without.bundle)?.state).toBe('missing');
    const plain = await configOf(without.bundle.folder);
    expect(plain).toMatch(/^CONFIG_EXTRA_FIRMWARE=""$/m);
  },
  longest,
);
