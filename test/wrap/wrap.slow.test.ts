import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseInitramfsReport } from '../../src/bundle/initramfs-report.ts';
import { layoutOf } from '../../src/bundle/manifest.ts';
import { verifyBundle } from '../../src/bundle/verify.ts';
import { openStock } from '../../src/kernel/stock/index.ts';
import { exportedRoot, openLab, reportUrl } from '../../src/lab/lab.ts';
import { labNetwork } from '../../src/lab/network.ts';
import { makeGuestRoot } from '../../src/proof/guest/root.ts';
import { type BundleProofOptions, proveBundle } from '../../src/proof/prove-bundle.ts';
import { sha256File } from '../../src/system/files.ts';
import { unwatched } from '../../src/system/progress.ts';
import { type WrappedBundle, wrapStock } from '../../src/wrap/wrap.ts';
import { stockKernelPackage } from '../stock-package.ts';

const folder = mkdtempSync(join(tmpdir(), 'bootwright-wrapped-'));
let deb: string;
let wrapped: WrappedBundle;

const wrap = (modules: 'all' | 'none', out: string): Promise<WrappedBundle> =>
  wrapStock(
    { paths: [deb], scope: 'wired', modules, format: 'folder', folder: join(folder, out) },
    unwatched,
  );

beforeAll(async () => {
  deb = await stockKernelPackage();
  wrapped = await wrap('all', 'one');
});
afterAll(() => rmSync(folder, { recursive: true }));

test('the image is the vendor’s, byte for byte', async () => {
  const { manifest } = wrapped.bundle;
  await using stock = await openStock({ paths: [deb], parts: ['image', 'indexes'] });
  expect(manifest.kernel.sha256).toBe(await sha256File((await stock.file('image')) ?? ''));
  expect(manifest.wrapped?.sources).toEqual([
    { fileName: deb.slice(deb.lastIndexOf('/') + 1), sha256: await sha256File(deb) },
  ]);
});

test('the initramfs has the drivers of cables, NFS, and no other network’s', () => {
  const { folder: home, manifest } = wrapped.bundle;
  const path = join(home, layoutOf(manifest.target.kernelRelease).initramfsReport);
  const { modules } = parseInitramfsReport(readFileSync(path, 'utf8'), path);
  const names = modules.map(({ name }) => name);
  expect(names).toEqual(
    expect.arrayContaining(['e1000e', 'virtio_net', 'mlx5_core', 'r8152', 'nfsv4', 'xhci_pci']),
  );
  for (const name of ['iwlwifi', 'netdevsim', 'vxlan', 'can_dev', 'ext4']) {
    expect(names).not.toContain(name);
  }
});

test('the same package gives the same initramfs', async () => {
  const again = await wrap('none', 'again');
  const initramfs = ({ bundle: { manifest } }: WrappedBundle) =>
    manifest.files.find(({ path }) => path.endsWith('.img'));
  expect(initramfs(again)).toEqual(initramfs(wrapped));
});

test('it holds', async () => {
  expect((await verifyBundle(wrapped.bundle.folder)).findings).toEqual([]);
});

const machines: readonly BundleProofOptions[] = [
  { nic: 'virtio', firmware: 'bios', nfs: 3 },
  { nic: 'e1000e', firmware: 'uefi', nfs: 4 },
  { nic: 'e1000', firmware: 'bios', nfs: 3, trouble: 'second-card' },
  { nic: 'virtio', firmware: 'uefi', nfs: 3, loader: 'grub' },
  { nic: 'virtio', firmware: 'bios', nfs: 3, medium: 'cd' },
  { nic: 'virtio', firmware: 'uefi', nfs: 4, loader: 'shim' },
];
test.each(machines)('it boots: %j', { timeout: 300_000 }, async (machine) => {
  const { proof, record } = await proveBundle(wrapped.bundle.folder, machine, unwatched);
  expect(proof.failure).toBeNull();
  expect(proof.checks).toContainEqual(
    expect.objectContaining({ id: 'card-driver-in-initramfs', verdict: 'passed' }),
  );
  expect(existsSync(record)).toBe(true);
});

/** Boots with a command line of one's own, and waits until the console says something. */
async function bootUntil(commandLine: string, pattern: RegExp, seconds: number): Promise<string> {
  const { folder: home, manifest } = wrapped.bundle;
  const layout = layoutOf(manifest.target.kernelRelease);
  const said: string[] = [];
  const seen = Promise.withResolvers<string>();
  const lab = await openLab({
    ...{ card: 'virtio', firmware: 'bios', loader: 'ipxe', transport: 'http' },
    ...{ accelerator: 'tcg', memory: 1024, secondCard: false },
    nfsVersion: commandLine.includes('vers=4') ? 4 : 3,
    image: join(home, layout.image),
    initramfs: join(home, layout.initramfs),
    commandLine: `console=ttyS0,115200 panic=1 no_timer_check ${commandLine}`,
    logs: join(folder, 'logs'),
    fillRoot: (root) =>
      makeGuestRoot(root, {
        ...{
          kernelRelease: manifest.target.kernelRelease,
          modules: [],
          reportUrl,
          kind: 'read-only',
        },
        modulesFolder: join(home, layout.modules),
      }),
    onObservation: (observation) => {
      if (observation.type !== 'console') return;
      said.push(observation.text);
      if (pattern.test(observation.text)) seen.resolve(said.join('\n'));
    },
  });
  try {
    await lab.switchOn();
    const late = AbortSignal.timeout(seconds * 1000);
    late.addEventListener('abort', () =>
      seen.reject(new Error(`It does not say ${pattern}:\n${said.join('\n').slice(-3000)}`)),
    );
    return await seen.promise;
  } finally {
    await lab.close();
  }
}

test.each([3, 4])('its root over NFS %d and IPv6', { timeout: 300_000 }, async (version) => {
  const options = `vers=${version},nolock,port=2049,mountport=20048`;
  const root = `[${labNetwork.server6}]:${exportedRoot}`;
  const said = await bootUntil(
    `ip=auto6 root=/dev/nfs nfsroot=${root},${options}`,
    /^bootwright-guest: init/,
    180,
  );
  expect(said).toMatch(/bootwright-init: address: eth0 fd77::\S+, from a router's prefix/);
  expect(said).toContain(`bootwright-init: root-mounted: ${root} is mounted`);
});
