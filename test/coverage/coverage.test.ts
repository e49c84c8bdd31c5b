import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openBundle } from '../../src/bundle/open.ts';
import { assessBundle, ownDrivers } from '../../src/coverage/assess-bundle.ts';
import { assessMachine, type CoveredDevice } from '../../src/coverage/assess-machine.ts';
import { describeCoverageReport } from '../../src/coverage/describe.ts';
import { readLiveHardware } from '../../src/coverage/live.ts';
import { readMachineFile } from '../../src/coverage/read-machine.ts';
import { readKeptStock, readStock } from '../../src/coverage/read-stock.ts';
import { coverageError, coverageReport } from '../../src/coverage/report.ts';
import type { StockIndex } from '../../src/coverage/stock-index.ts';
import { readHardware } from '../../src/hardware/index.ts';
import { run } from '../../src/system/process.ts';
import { unwatched } from '../../src/system/progress.ts';
import { findTool } from '../../src/system/tools.ts';
import { release } from '../bundle/parts.ts';
import { scratchFolder } from '../scratch.ts';
import { builtIn, coverageBundle, packCoverageBundle } from './bundle.ts';
import { makeStock, stockDrivers } from './stock.ts';

let home = '';
let bundle: Awaited<ReturnType<typeof coverageBundle>>;
let stock: StockIndex;

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'bootwright-test-'));
  bundle = await coverageBundle(home);
  const folder = await makeStock(join(home, 'stock'), release);
  stock = await readStock([folder], bundle, unwatched);
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

function devicesOf(text: string) {
  return readHardware(Buffer.from(text)).devices;
}

function sample(name: string) {
  return devicesOf(readFileSync(new URL(`../hardware/samples/${name}`, import.meta.url), 'utf8'));
}

/** A device in one line. */
function brief({ device, kind, state, drivers, netboots }: CoveredDevice): string {
  const by = drivers.map(({ module, evidence }) => `${module}(${evidence})`);
  return [device.address, kind, state, netboots ? 'netboots' : 'no', ...by].join(' ');
}

describe('stock modules', () => {
  test('are read by the index of depmod, and without it by the modules, packed or not', async () => {
    const expected = Object.entries(stockDrivers)
      .filter(([path]) => path.includes('/net/'))
      .map(([path, aliases]) => ({ path, aliases: aliases.toSorted() }))
      .sort((a, b) => (a.path < b.path ? -1 : 1));
    const plain = (index: StockIndex) =>
      index.drivers.map(({ path, aliases }) => ({
        path,
        aliases: aliases.toSorted(),
      }));
    expect(plain(stock)).toEqual(expected);
    const root = scratchFolder();
    await makeStock(root, release, { depmod: false, packed: true });
    expect(plain(await readStock([root], bundle, unwatched))).toEqual(expected);
  });

  test('need not be named for a bundle that keeps what they say', async () => {
    const home = scratchFolder();
    const folder = await makeStock(join(home, 'stock'), release);
    const keeping = await openBundle(await packCoverageBundle(home, folder));
    expect(await readKeptStock(keeping)).toEqual(stock);
    expect(await readKeptStock(await openBundle(bundle.path))).toBeUndefined();
  });

  test('of another release are refused, whatever their folder is called', async () => {
    const root = scratchFolder();
    const folder = await makeStock(root, '5.14.0-1.el9.x86_64', { depmod: false });
    await expect(readStock([folder], bundle, unwatched)).rejects.toThrow(
      expect.objectContaining({ code: 'BW-STOCK-RELEASE' }),
    );
    const renamed = join(root, 'lib/modules', release);
    renameSync(folder, renamed);
    await expect(readStock([renamed], bundle, unwatched)).rejects.toThrow(
      expect.objectContaining({ code: 'BW-STOCK-RELEASE' }),
    );
  });

  test('of a netboot kernel are told from those of stock', async () => {
    const folder = await makeStock(scratchFolder(), release, {
      drivers: { 'kernel/drivers/net/netdevsim/netdevsim.ko': [] },
      builtIn,
    });
    await expect(readStock([folder], bundle, unwatched)).rejects.toThrow(
      expect.objectContaining({ code: 'BW-STOCK-IS-NETBOOT' }),
    );
  });

  test('what is none', async () => {
    const folder = scratchFolder();
    mkdirSync(join(folder, 'broken/kernel/drivers/net'), { recursive: true });
    writeFileSync(join(folder, 'broken/kernel/drivers/net/x.ko'), 'no module');
    mkdirSync(join(folder, 'bare', release, 'kernel'), { recursive: true });
    for (const [name, code] of [
      ['.', 'BW-STOCK-NOT'],
      ['broken', 'BW-MODULES-UNREADABLE'],
      ['bare', 'BW-STOCK-NOT'],
    ] as const) {
      await expect(readStock([join(folder, name)], bundle, unwatched), name).rejects.toThrow(
        expect.objectContaining({ code }),
      );
    }
  });

  test('names that would act on a terminal are passed over', async () => {
    const root = scratchFolder();
    await makeStock(root, release, {
      depmod: false,
      drivers: { ...stockDrivers, 'kernel/drivers/net/\x1b[31mred.ko': [] },
      builtIn: ['kernel/drivers/net/\x1b[31mred.ko'],
    });
    const { drivers, builtIn: names } = await readStock([root], bundle, unwatched);
    expect(drivers).toHaveLength(stock.drivers.length);
    expect(names).toEqual([]);
  });

  test('links to modules of other kernels are not followed', async () => {
    const root = scratchFolder();
    const folder = await makeStock(root, release, { depmod: false });
    symlinkSync('/', join(folder, 'kernel/drivers/net/weak'));
    symlinkSync('/nowhere', join(folder, 'kernel/drivers/net/weak.ko'));
    expect((await readStock([folder], bundle, unwatched)).drivers).toHaveLength(
      stock.drivers.length,
    );
  });
});

describe('a machine', () => {
  const covered = (text: string, index: StockIndex | undefined = stock) => {
    const { devices, verdict } = assessMachine(devicesOf(text), bundle.netboot, index);
    return { verdict, devices: devices.map(brief) };
  };

  test('of a server, by ids', () => {
    const { devices, verdict } = assessMachine(
      sample('dell-r640.lspci-nnk.txt'),
      bundle.netboot,
      stock,
    );
    expect(verdict).toBe('netboots');
    expect(devices.map(brief)).toEqual([
      '18:00.0 ethernet built-in netboots i40e(id)',
      '18:00.1 ethernet built-in netboots i40e(id)',
      '3b:00.0 ethernet built-in netboots bnxt_en(id)',
      // mlx5_core is in neither tree.
      '5e:00.0 ethernet absent no',
    ]);
  });

  test('whose only card has a module: not before the root is there, and why', () => {
    const { devices, verdict } = assessMachine(
      devicesOf('02:00.0 Ethernet controller [0200]: Realtek RTL8111 [10ec:8168]\n'),
      bundle.netboot,
      stock,
    );
    expect(verdict).toBe('does-not');
    expect(devices[0]?.drivers[0]).toEqual({
      module: 'r8169',
      place: 'module',
      reason: 'R8169: its dependency PHYLINK=n forbids y',
      location: 'drivers/net/ethernet/realtek/Kconfig:98',
      evidence: 'id',
    });
  });

  test('with wireless cards only does not netboot, though their driver is built in', () => {
    expect(covered('03:00.0 Network controller [0280]: Wi-Fi 6 AX200 [8086:2723]\n')).toEqual({
      verdict: 'does-not',
      devices: ['03:00.0 wireless built-in no iwlwifi(id)'],
    });
  });

  test('of virtio and USB: each card once, by its inner device', () => {
    const { devices } = assessMachine(sample('qemu.modalias.txt'), bundle.netboot, stock);
    expect(devices.map(brief)).toEqual([
      '00:03.0 ethernet built-in netboots virtio_net(id)',
      '00:04.0 ethernet absent no',
      '1-1:1.0 ethernet built-in netboots r8152(id)',
    ]);
  });

  test('by lshw, which tells of a USB device no more than its id', () => {
    const { devices } = assessMachine(
      devicesOf(
        '*-network\nproduct: USB 10/100/1G/2.5G LAN [BDA:8153]\nbus info: usb@2:1\nconfiguration: driver=r8152\n',
      ),
      bundle.netboot,
      stock,
    );
    expect(devices.map(brief)).toEqual(['2:1 ethernet built-in netboots r8152(id)']);
  });

  test('needs the driver of its bus in the image, too', () => {
    const { virtio_pci: _, ...kept } = Object.fromEntries(bundle.netboot.builtIn);
    const netboot = { ...bundle.netboot, builtIn: new Map(Object.entries(kept)) };
    const { devices, verdict } = assessMachine(
      devicesOf('00:03.0 Ethernet controller [0200]: Virtio network device [1af4:1041]\n'),
      netboot,
      stock,
    );
    expect(verdict).toBe('does-not');
    expect(devices[0]?.note).toContain('virtio_pci');
  });

  test('a driver that claims only some boards', () => {
    const text = '3b:00.0 Ethernet controller [0200]: Broadcom thing [14e4:d800]\n';
    expect(covered(text)).toEqual({
      verdict: 'unknown',
      devices: ['3b:00.0 ethernet built-in no bnxt_en(some-boards)'],
    });
    expect(covered(`${text}\tSubsystem: Broadcom thing [14e4:1234]\n`).verdict).toBe('netboots');
    expect(covered(`${text}\tSubsystem: Broadcom thing [14e4:1235]\n`).devices).toEqual([
      '3b:00.0 ethernet absent no',
    ]);
  });

  test('that a driver does not claim an id counts for more than that it was named', () => {
    const text =
      '18:00.0 Ethernet controller [0200]: Newer X710 [8086:9999]\n\tKernel driver in use: i40e\n';
    expect(covered(text)).toEqual({ verdict: 'does-not', devices: ['18:00.0 ethernet absent no'] });
    expect(assessMachine(devicesOf(text), bundle.netboot, undefined).devices.map(brief)).toEqual([
      '18:00.0 ethernet built-in netboots i40e(name)',
    ]);
  });

  test('without stock: what is not named is not known', () => {
    const { devices, verdict } = assessMachine(
      devicesOf('18:00.0 Ethernet controller [0200]: X710 [8086:1572]\n'),
      bundle.netboot,
      undefined,
    );
    expect(verdict).toBe('unknown');
    expect(devices.map(brief)).toEqual(['18:00.0 ethernet unknown no']);
  });

  test('without a network device', () => {
    expect(covered('00:00.0 Host bridge [0600]: X [8086:2020]\n')).toEqual({
      verdict: 'no-network-device',
      devices: [],
    });
  });
});

describe('a bundle', () => {
  test('serves these ids of stock, and those not, for these reasons', () => {
    const { counts, drivers } = assessBundle(bundle.netboot, stock);
    expect(counts).toEqual({
      'built-in': { drivers: 6, ids: 8, buses: { pci: 6, usb: 1, virtio: 1 } },
      initramfs: { drivers: 0, ids: 0, buses: {} },
      module: { drivers: 2, ids: 1, buses: { pci: 1 } },
      absent: { drivers: 0, ids: 0, buses: {} },
    });
    const reasons = drivers.filter(({ place }) => place === 'module');
    expect(reasons.map(({ module, reason }) => `${module}: ${reason}`)).toEqual([
      'netdevsim: NETDEVSIM: a simulator',
      'r8169: R8169: its dependency PHYLINK=n forbids y',
    ]);
  });

  test('by itself tells drivers, not ids', () => {
    const { builtIn: names, modules } = ownDrivers(bundle.netboot);
    expect(names).toEqual(['bnxt_en', 'e1000e', 'i40e', 'iwlwifi', 'r8152', 'virtio_net']);
    expect(modules.map(({ module }) => module)).toEqual(['netdevsim', 'r8169']);
  });
});

describe('this machine', () => {
  /** A sysfs of a machine with a card of its own and a virtio disk. */
  function makeSys(): string {
    const sys = scratchFolder();
    const device = (bus: string, name: string, modalias: string): string => {
      const folder = join(sys, 'bus', bus, 'devices', name);
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, 'modalias'), `${modalias}\n`);
      return folder;
    };
    device('virtio', 'virtio0', 'virtio:d00000002v00001AF4');
    const modalias = 'pci:v00008086d00001572sv00008086sd00000006bc02sc00i00';
    const card = device('pci', '0000:18:00.0', modalias);
    mkdirSync(join(card, 'net/eno1'), { recursive: true });
    mkdirSync(join(sys, 'module/i40e'), { recursive: true });
    mkdirSync(join(sys, 'bus/pci/drivers/i40e'), { recursive: true });
    symlinkSync(join(sys, 'module/i40e'), join(sys, 'bus/pci/drivers/i40e/module'));
    symlinkSync(join(sys, 'bus/pci/drivers/i40e'), join(card, 'driver'));
    mkdirSync(join(sys, 'class/dmi/id'), { recursive: true });
    writeFileSync(join(sys, 'class/dmi/id/sys_vendor'), 'Dell Inc.\n');
    writeFileSync(join(sys, 'class/dmi/id/product_name'), 'PowerEdge R640\n');
    return sys;
  }

  test('is read out of sysfs', async () => {
    const { system, devices } = await readLiveHardware(makeSys());
    expect(system).toEqual({ vendor: 'Dell Inc.', product: 'PowerEdge R640' });
    expect(devices).toHaveLength(2);
    expect(devices[0]).toMatchObject({ address: '18:00.0', classCode: '0200', drivers: ['i40e'] });
    expect(devices[0]?.text).toMatch(/^eno1 pci:/);
  });

  test('cannot be read where sysfs is hidden', async () => {
    await expect(readLiveHardware(scratchFolder())).rejects.toThrow(
      expect.objectContaining({ code: 'BW-HARDWARE-NO-SYSFS' }),
    );
  });
});

describe('files of a machine', () => {
  test.each([
    ['an empty file', '', 'BW-HARDWARE-EMPTY'],
    ['a web page', '<html><body>lspci</body></html>', 'BW-HARDWARE-HTML'],
    ['bytes', '\0\0\0', 'BW-HARDWARE-BINARY'],
    ['prose', 'nothing of that kind', 'BW-HARDWARE-UNKNOWN'],
    ['lspci without -nn', '00:1f.6 Ethernet controller: Intel\n', 'BW-HARDWARE-NO-IDS'],
    ['dmidecode', 'System Information\n\tManufacturer: Dell Inc.\n', 'BW-HARDWARE-NO-DEVICES'],
  ])('%s is told, with a hint', async (_, text, code) => {
    const path = join(scratchFolder(), 'machine.txt');
    writeFileSync(path, text);
    const error = await readMachineFile(path).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code, hint: expect.stringMatching(/lspci|raw/) });
  });

  test('that are not there, or are folders', async () => {
    const folder = scratchFolder();
    for (const path of [folder, join(folder, 'gone')]) {
      await expect(readMachineFile(path)).rejects.toThrow(/folder|gone/);
    }
  });
});

describe('for a person', () => {
  const text = (machine?: string, index?: StockIndex): string => {
    const hardware = machine === undefined ? undefined : readHardware(Buffer.from(machine));
    return describeCoverageReport(
      coverageReport(bundle.manifest, bundle.netboot, index, hardware),
    ).replaceAll(bundle.manifest.id, 'ID');
  };

  test('a machine', () => {
    const folder = new URL('../hardware/samples/', import.meta.url);
    const dmi = readFileSync(new URL('dell.dmidecode.txt', folder), 'utf8');
    const lspci = readFileSync(new URL('workstation.mail.txt', folder), 'utf8');
    expect(text(dmi + lspci, stock)).toBe(`Dell Inc. PowerEdge R640, with ID
  00:1f.6  8086:15b7  e1000e   built in
      Intel Corporation Ethernet Connection (2) I219-LM (rev 31)
  02:00.0  10ec:8168  r8169    a module: not before the root is there
      Realtek Semiconductor Co., Ltd. RTL8111/8168/8411 PCI Express Gigabit
        Ethernet Controller (rev 15)
      R8169: its dependency PHYLINK=n forbids y
      drivers/net/ethernet/realtek/Kconfig:98
  03:00.0  8086:2723  iwlwifi  built in
      Intel Corporation Wi-Fi 6 AX200 (rev 1a)
      wireless: the kernel by itself joins no such network

Netboots by 1 of 3 network cards: 00:1f.6 (e1000e).`);
  });

  test('a bundle', () => {
    expect(text(undefined, stock)).toBe(`ID

Network device ids of the stock kernel ${release}
  built in   8 ids of 6 drivers: pci 6, usb 1, virtio 1
  a module   1 id of 2 drivers: pci 1
  not there  0 ids of 0 drivers

Built in, with the number of ids
    bnxt_en(2) e1000e(2) i40e(1) iwlwifi(1) r8152(1) virtio_net(1)

Modules: not before the root is there
  NETDEVSIM: a simulator
      netdevsim(0)
  R8169: its dependency PHYLINK=n forbids y
    (drivers/net/ethernet/realtek/Kconfig:98)
      r8169(1)`);
  });

  test('without stock it says what cannot be said, and how to get it', () => {
    for (const machine of [undefined, '18:00.0 0200: 8086:1572\n']) {
      expect(text(machine)).toContain('does not tell which devices it claims');
      expect(text(machine)).toContain('Give --stock with');
    }
    expect(text('18:00.0 0200: 8086:1572\n')).toContain('not known without --stock');
  });

  test('within 80 columns', () => {
    const long = `18:00.0 Ethernet controller [0200]: ${'Some Vendor '.repeat(30)}[8086:1572]\n`;
    for (const told of [text(long, stock), text(long), text(undefined, stock), text()]) {
      for (const line of told.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    }
  });

  test.each([
    ['18:00.0 0200: 8086:1572\n', undefined],
    ['02:00.0 0200: 10ec:8168\n', 'BW-COVERAGE-NOT-SERVED'],
    ['02:00.0 0200: 14e4:d800\n', 'BW-COVERAGE-UNKNOWN'],
    ['02:00.0 0300: 102b:0532\n', 'BW-COVERAGE-NO-CARD'],
  ])('the verdict on %j is %s', (machine, code) => {
    const hardware = readHardware(Buffer.from(machine));
    const report = coverageReport(bundle.manifest, bundle.netboot, stock, hardware);
    expect(coverageError(report)?.code).toBe(code);
  });
});

describe('packages of stock', () => {
  /** Makes a .deb of the tree: control and data, as dpkg-deb does. */
  async function makeDeb(tree: string, folder: string): Promise<string> {
    mkdirSync(join(tree, 'DEBIAN'), { recursive: true });
    writeFileSync(
      join(tree, 'DEBIAN/control'),
      'Package: linux-image-test\nVersion: 1\nArchitecture: amd64\nMaintainer: x <x@example.org>\nDescription: test\n',
    );
    const path = join(folder, 'linux-image.deb');
    await run('dpkg-deb', ['--build', '--root-owner-group', tree, path]);
    return path;
  }

  /** Makes an .rpm of the tree. */
  async function makeRpm(tree: string, folder: string): Promise<string> {
    const spec = join(folder, 'kernel.spec');
    writeFileSync(
      spec,
      [
        'Name: kernel-modules-core',
        'Version: 5.14.0',
        'Release: 1',
        'Summary: test',
        'License: GPL',
        'BuildArch: noarch',
        '%description',
        'test',
        '%files',
        '/lib/modules',
        '',
      ].join('\n'),
    );
    const define = (name: string, value: string) => ['--define', `${name} ${value}`];
    await run('rpmbuild', [
      '-bb',
      ...define('_topdir', join(folder, 'top')),
      ...define('_rpmdir', folder),
      ...define('_rpmfilename', 'kernel.rpm'),
      ...define('_binaries_in_noarch_packages_terminate_build', '0'),
      ...define('__os_install_post', '%{nil}'),
      '--buildroot',
      tree,
      '--noclean',
      spec,
    ]);
    return join(folder, 'kernel.rpm');
  }

  const kinds = [
    { tool: 'dpkg-deb', make: makeDeb },
    { tool: 'rpmbuild', make: makeRpm },
  ];
  for (const { tool, make } of kinds) {
    describe.skipIf(findTool(tool) === undefined)(`by ${tool}`, () => {
      test('are read as the tree that they would be', async () => {
        const tree = scratchFolder();
        const folder = await makeStock(tree, release, { depmod: false });
        const files = Object.keys(stockDrivers).map((path) => join(folder, path));
        await run('xz', ['--', ...files]);
        const package_ = await make(tree, scratchFolder());
        const before = readdirSync(tmpdir()).filter((name) => name.startsWith('bootwright-stock-'));
        const read = await readStock([package_], bundle, unwatched);
        const sorted = read.drivers.map((each) => ({ ...each, aliases: each.aliases.toSorted() }));
        expect(sorted).toEqual(
          stock.drivers.map((each) => ({ ...each, aliases: each.aliases.toSorted() })),
        );
        const after = readdirSync(tmpdir()).filter((name) => name.startsWith('bootwright-stock-'));
        expect(after).toEqual(before);
      });

      test('of another release, and broken ones', async () => {
        const tree = scratchFolder();
        await makeStock(tree, '5.14.0-1.el9.x86_64', { depmod: false });
        const package_ = await make(tree, scratchFolder());
        await expect(readStock([package_], bundle, unwatched)).rejects.toThrow(
          expect.objectContaining({
            code: 'BW-STOCK-RELEASE',
            message: expect.stringContaining('5.14.0-1.el9.x86_64'),
          }),
        );
        const broken = join(scratchFolder(), 'broken');
        const bytes = readFileSync(package_);
        writeFileSync(broken, bytes.subarray(0, bytes.length - 200));
        await expect(readStock([broken], bundle, unwatched)).rejects.toThrow(
          expect.objectContaining({ code: 'BW-STOCK-NOT' }),
        );
      });
    });
  }

  test('what is none, and folders beside them', async () => {
    const folder = scratchFolder();
    const file = join(folder, 'file');
    writeFileSync(file, 'a file');
    for (const [paths, code] of [
      [[join(folder, 'gone')], 'BW-FILE-MISSING'],
      [[file], 'BW-STOCK-NOT'],
      [[file, folder], 'BW-STOCK-NOT'],
    ] as const) {
      await expect(readStock(paths, bundle, unwatched)).rejects.toThrow(
        expect.objectContaining({ code }),
      );
    }
  });
});
