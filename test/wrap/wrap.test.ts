import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zstdDecompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compareBundles } from '../../src/bundle/difference/compare.ts';
import { layoutOf } from '../../src/bundle/manifest.ts';
import { openBundle } from '../../src/bundle/open.ts';
import { describeBundle } from '../../src/bundle/show.ts';
import { verifyBundle } from '../../src/bundle/verify.ts';
import { describeCoverageReport } from '../../src/coverage/describe.ts';
import { readNetbootDrivers } from '../../src/coverage/netboot-drivers.ts';
import { coverageReport } from '../../src/coverage/report.ts';
import { renderControl } from '../../src/export/deb.ts';
import { renderCopyright, renderReadme } from '../../src/export/describe-package.ts';
import { readCpio } from '../../src/formats/cpio/index.ts';
import { readHardware } from '../../src/hardware/index.ts';
import { unwatched } from '../../src/system/progress.ts';
import { describeWrapped } from '../../src/wrap/describe.ts';
import { type WrappedBundle, type WrapRequest, wrapStock } from '../../src/wrap/wrap.ts';
import { makeImage, release } from '../bundle/parts.ts';
import { makeStock, stockDrivers } from '../coverage/stock.ts';
import { scratchFolder } from '../scratch.ts';

let home = '';
let stock = '';
let wrapped: WrappedBundle;

const config = `#
# Linux/x86 5.14.0 Kernel Configuration
#
CONFIG_RD_GZIP=y
CONFIG_RD_ZSTD=y
`;

async function makeWhole(root: string): Promise<string> {
  const drivers = {
    ...stockDrivers,
    'kernel/fs/nfs/nfs.ko': ['fs-nfs'],
    'kernel/drivers/net/dummy.ko': ['rtnl-link-dummy'],
  };
  const folder = await makeStock(root, release, { drivers });
  const version = `${release} (mockbuild@host) #1 SMP Thu Aug 7 15:22:11 UTC 2025`;
  writeFileSync(join(folder, 'vmlinuz'), makeImage(version));
  writeFileSync(join(folder, 'config'), config);
  mkdirSync(join(folder, 'extra'));
  writeFileSync(join(folder, 'extra/foreign.ko'), 'not of the vendor');
  return root;
}

const wrap = (out: string, more: Partial<WrapRequest> = {}): Promise<WrappedBundle> =>
  wrapStock(
    {
      ...{ paths: [stock], scope: 'wired', modules: 'all', format: 'tar.zst' },
      ...{ folder: join(home, out), ...more },
    },
    unwatched,
  );

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'bootwright-test-'));
  stock = await makeWhole(join(home, 'stock'));
  wrapped = await wrap('one');
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** The members of an initramfs: of the archive that is not compressed, then of the other. */
async function membersOf(
  bytes: Buffer,
): Promise<ReadonlyMap<string, { mode: number; data: Buffer }>> {
  const zstd = bytes.indexOf(Buffer.from([0x28, 0xb5, 0x2f, 0xfd]));
  const members = new Map<string, { mode: number; data: Buffer }>();
  for (const archive of [bytes.subarray(0, zstd), zstdDecompressSync(bytes.subarray(zstd))]) {
    for await (const { name, mode, data } of readCpio(once(archive))) {
      members.set(name, { mode, data: Buffer.concat(await Array.fromAsync(data())) });
    }
  }
  return members;
}

describe('the bundle of a wrapped kernel', () => {
  test('has the image as it was, and says what it is', () => {
    const { manifest } = wrapped.bundle;
    expect(manifest.kernel.bytes).toBe(4096);
    expect(manifest.wrapped).toMatchObject({
      secureBoot: false,
      initramfs: { compression: 'zstd', modules: wrapped.report.modules.length },
    });
    expect(manifest.settings.scope).toBe('wired');
    expect(manifest.timestamp).toBe(Date.UTC(2025, 7, 7, 15, 22, 11) / 1000);
    expect(manifest.id).toMatch(/^kernel-5\.14\.0-570\.32\.1\.el9_6\.x86_64-netboot-/);
  });

  test('holds', async () => {
    const { findings, checked } = await verifyBundle(wrapped.bundle.folder);
    expect(findings).toEqual([]);
    expect(checked.modules).toBe(Object.keys(stockDrivers).length + 2);
  });

  test('does not hold without its initramfs', async () => {
    const { bundle } = await wrap('folder', { format: 'folder' });
    rmSync(join(bundle.folder, layoutOf(release).initramfs));
    expect((await verifyBundle(bundle.folder)).findings).toContainEqual(
      expect.objectContaining({
        code: 'BW-BUNDLE-MISSING-FILE',
        file: layoutOf(release).initramfs,
      }),
    );
  });

  test('is the same bytes again', async () => {
    const again = await wrap('again');
    expect(again.bundle.manifest).toEqual(wrapped.bundle.manifest);
  });

  test('has no modules besides if none are wanted', async () => {
    const { bundle } = await wrap('none', { modules: 'none' });
    expect(bundle.manifest.modules.count).toBe(0);
    expect((await verifyBundle(bundle.folder)).findings).toEqual([]);
  });

  test('is shown as what it is, with what to paste', () => {
    const text = describeBundle(wrapped.bundle.manifest, []);
    expect(text).toContain('What differs from the stock kernel\n  nothing');
    expect(text).toContain(
      `      INITRD ${wrapped.bundle.manifest.id}/boot/initramfs-${release}.img`,
    );
    expect(text).toContain(`BOOTIF=01-\${netX/mac:hexhyp}`);
    expect(text).not.toContain('stripped');
    expect(describeWrapped(wrapped.bundle, wrapped.report)).toContain('initramfs');
  });

  test('is compared with another', async () => {
    const other = await wrap('other', { scope: 'network-devices' });
    const { facts, sizes } = await compareBundles(wrapped.bundle.folder, other.bundle.folder);
    expect(facts).toContainEqual({ what: 'scope', from: 'wired', to: 'network-devices' });
    expect(sizes.map(({ what }) => what)).toContain('initramfs');
  });

  test('is packaged as what it is', () => {
    const { manifest } = wrapped.bundle;
    expect(renderReadme(manifest)).toContain(`      INITRD ${manifest.id}/boot/initramfs-`);
    expect(renderControl(manifest, 1)).toContain('as it was');
    expect(renderCopyright(manifest)).not.toContain('Compiled from');
  });
});

describe('its initramfs', () => {
  test('has init, busybox, the drivers of cables packed, and what every boot needs not', async () => {
    const { folder } = (await wrap('laid', { format: 'folder' })).bundle;
    const image = readFileSync(join(folder, layoutOf(release).initramfs));
    expect(image.length % 4).toBe(0);
    const members = await membersOf(image);
    expect(members.get('init')?.mode).toBe(0o100755);
    expect(members.get('sbin/modprobe')?.data.toString()).toContain('unxz');
    expect(members.get('bin/sh')?.data.toString()).toBe('busybox');
    const modules = [...members.keys()].filter((name) => /\.ko/.test(name));
    expect(modules.map((name) => name.slice(name.lastIndexOf('/') + 1)).sort()).toEqual([
      'bnxt_en.ko.xz',
      'e1000e.ko.xz',
      'i40e.ko.xz',
      'nfs.ko',
      'r8152.ko.xz',
      'r8169.ko.xz',
      'virtio_net.ko.xz',
    ]);
    // modprobe goes by the names under which they are loaded.
    expect(members.get(`lib/modules/${release}/modules.dep`)?.data.toString()).toContain(
      'kernel/drivers/net/virtio_net.ko:',
    );
  });

  test('tells in its report what is left out, and why', () => {
    expect(
      Object.fromEntries(wrapped.report.leftOut.map(({ name, reason }) => [name, reason])),
    ).toEqual({
      dummy: 'claims no device by which it would be loaded',
      iwlwifi: 'outside of the scope wired: wireless LAN',
      netdevsim: 'makes devices that are not there',
    });
  });
});

describe('its coverage, without stock beside it', () => {
  const report = async (machine?: string) => {
    const bundle = await openBundle(wrapped.bundle.folder);
    const netboot = await readNetbootDrivers(bundle);
    const hardware = machine === undefined ? undefined : readHardware(Buffer.from(machine));
    return coverageReport(bundle.manifest, netboot, undefined, hardware);
  };

  test('tells which machine it serves, by ids', async () => {
    const made = await report('02:00.0 Ethernet controller [0200]: Intel [8086:10d3]\n');
    expect(made.machine?.verdict).toBe('netboots');
    expect(describeCoverageReport(made)).toMatch(/8086:10d3 +e1000e +in the initramfs/);
  });

  test('and which not', async () => {
    const made = await report('02:00.0 Network controller [0280]: Intel Wi-Fi [8086:2723]\n');
    expect(made.machine?.verdict).toBe('does-not');
  });

  test('tells what of stock it serves', async () => {
    const made = await report();
    expect(made.coverage?.counts.initramfs).toMatchObject({ drivers: 6, ids: 8 });
    expect(describeCoverageReport(made)).toContain('outside of the scope wired: wireless LAN');
  });
});

describe('what is refused', () => {
  test('modules without an image', async () => {
    const root = scratchFolder();
    await makeStock(root, release);
    await expect(wrap('no', { paths: [root] })).rejects.toMatchObject({ code: 'BW-WRAP-KERNEL' });
  });

  test('an image of another release', async () => {
    const root = await makeWhole(scratchFolder());
    writeFileSync(join(root, 'lib/modules', release, 'vmlinuz'), makeImage('6.0.0 (a@b) #1'));
    await expect(wrap('no', { paths: [root] })).rejects.toMatchObject({ code: 'BW-WRAP-KERNEL' });
  });

  test('a kernel that unpacks nothing that can be made', async () => {
    const root = await makeWhole(scratchFolder());
    writeFileSync(join(root, 'lib/modules', release, 'config'), '# CONFIG_RD_ZSTD is not set\n');
    await expect(wrap('no', { paths: [root] })).rejects.toMatchObject({
      code: 'BW-WRAP-COMPRESSION',
    });
  });

  test('a busybox that is none', async () => {
    const busybox = join(scratchFolder(), 'busybox');
    writeFileSync(busybox, '#!/bin/sh\n', { mode: 0o755 });
    await expect(wrap('no', { busybox })).rejects.toMatchObject({ code: 'BW-WRAP-BUSYBOX' });
    await expect(wrap('no', { busybox: `${busybox}.no` })).rejects.toMatchObject({
      code: 'BW-WRAP-BUSYBOX',
    });
  });
});
