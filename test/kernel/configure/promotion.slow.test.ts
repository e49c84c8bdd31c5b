import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { configure, parseConfig } from '../../../src/kconfig/index.ts';
import { type ConfigureResult, configureNetboot } from '../../../src/kernel/configure/configure.ts';
import { loadKconfig } from '../../../src/kernel/configure/olddefconfig.ts';
import { renderReport } from '../../../src/kernel/configure/render-report.ts';
import { findScope } from '../../../src/kernel/configure/scope.ts';
import { unwatched } from '../../../src/system/progress.ts';
import { debianConfig, kernelTree, type TreeVersion } from '../../trees.ts';
import { symbolNamed } from './snippet.ts';

/** At most so many raises by hand, and what must be among what is requested. */
const expectations: Record<TreeVersion, { raised: number; requested: string[] }> = {
  '6.1': { raised: 28, requested: ['VIRTIO_PCI', 'USB_XHCI_PCI', 'ROOT_NFS'] },
  '6.12': { raised: 27, requested: ['USB_XHCI_PCI', 'ROOT_NFS'] },
};

const folder = mkdtempSync(join(tmpdir(), 'bootwright-promotion-'));
const cacheFolder = join(folder, 'cache');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each(['6.1', '6.12'] as const)('promotion of Debian %s, whole', (version) => {
  const { raised: mostRaised, requested } = expectations[version];
  let tree = '';
  let shippedConfig = '';
  let result: ConfigureResult;

  beforeAll(async () => {
    tree = await kernelTree(version);
    shippedConfig = join(folder, `debian-${version}.config`);
    writeFileSync(shippedConfig, await debianConfig(version));
    // With `verify`, a result that the tree's own conf would change is an error.
    result = await configureNetboot({
      tree,
      architecture: 'x86',
      shippedConfig,
      scope: 'network-devices',
      folder: join(folder, version),
      cacheFolder,
      verify: true,
      step: unwatched,
    });
  }, 300_000);

  it('builds in everything in scope, by few raises, and enables nothing', () => {
    const { report } = result;
    expect(report.stuck).toEqual([]);
    expect(report.enabled).toEqual([]);
    expect(report.lost.map(({ symbol }) => symbol)).toEqual(['IWLWIFI_OPMODE_MODULAR']);
    expect(report.excluded.map(({ symbol }) => symbol).sort()).toEqual([
      'IEEE802154_FAKELB',
      'IEEE802154_HWSIM',
      'MAC80211_HWSIM',
    ]);
    expect(report.menu.netboot.m).toBe(report.excluded.length);
    expect(report.promoted.length).toBe(report.menu.stock.m - report.excluded.length);
    expect(report.raised.length).toBeLessThanOrEqual(mostRaised);
    expect(report.requested.map(({ symbol }) => symbol)).toEqual(expect.arrayContaining(requested));
    expect(report.raised.map(({ symbol }) => symbol)).not.toContain('VIRTIO_BALLOON');
  });

  it('promotes for a fleet what its machines need, and the tree’s own conf leaves that as it is', async () => {
    const ethernet = 'kernel/drivers/net/ethernet';
    const { report } = await configureNetboot({
      tree,
      architecture: 'x86',
      shippedConfig,
      scope: {
        schema: 'bootwright/fleet',
        version: 1,
        machines: [{ name: 'r640' }],
        drivers: [
          { module: 'i40e', path: `${ethernet}/intel/i40e/i40e.ko`, machines: ['r640'] },
          { module: 'tg3', path: `${ethernet}/broadcom/tg3.ko`, machines: ['r640'] },
          // Looked for in all Makefiles: its symbol is called otherwise.
          { module: 'xen_netfront', machines: [] },
        ],
        buses: [],
      },
      folder: join(folder, `${version}-fleet`),
      cacheFolder,
      verify: true,
      step: unwatched,
    });
    const promoted = report.promoted.map(({ symbol }) => symbol);
    expect(promoted).toEqual(
      expect.arrayContaining(['I40E', 'TIGON3', 'XEN_NETDEV_FRONTEND', 'PHYLIB', 'REALTEK_PHY']),
    );
    // Beside the cards' own, nothing but drivers of PHYs.
    expect(
      report.promoted.filter(
        ({ symbol, location }) =>
          !location.startsWith('drivers/net/phy/') &&
          !['I40E', 'TIGON3', 'XEN_NETDEV_FRONTEND'].includes(symbol),
      ),
    ).toEqual([]);
    expect(report.raised.length).toBeLessThanOrEqual(3);
    expect([...report.stuck, ...report.lost, ...report.enabled]).toEqual([]);
    const requested = report.requested.map(({ symbol }) => symbol);
    expect(requested).toContain('ROOT_NFS');
    expect(requested.filter((symbol) => /^(USB|VIRTIO|HYPERV)/.test(symbol))).toEqual([]);
  }, 120_000);

  it('gives each change a reason and a place in the tree', () => {
    const { report } = result;
    const changes = [
      ...report.promoted,
      ...report.requested,
      ...report.raised,
      ...report.selected,
      ...report.lost,
    ];
    for (const { symbol, reason, location } of changes) {
      expect([symbol, reason]).not.toEqual([symbol, '']);
      const [file = '', line = ''] = location.split(':');
      const text = readFileSync(join(tree, file), 'latin1').split('\n')[Number(line) - 1];
      expect(text?.trim()).not.toBe('');
    }
    for (const { symbol, location } of report.raised) {
      const [file = '', line = ''] = location.split(':');
      const text = readFileSync(join(tree, file), 'latin1').split('\n')[Number(line) - 1] ?? '';
      expect([symbol, text]).toEqual([
        symbol,
        expect.stringMatching(/depends on|if |select|^\s*(config|default|tristate|bool)/),
      ]);
    }
  });

  it('writes its report and its delta, and the report keeps within 80 columns', () => {
    const read = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));
    expect(read(result.reportFile)).toEqual(result.report);
    expect(read(result.deltaFile)).toEqual(result.delta);
    const lines = renderReport(result.report, { width: 80, colour: false }).split('\n');
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
    expect(readdirSync(join(folder, version)).sort()).toEqual([
      'config-delta.json',
      'netboot.config',
      'promotion.json',
      'stock.config',
    ]);
  });

  it('needs each of its raises', async () => {
    const kconfig = await loadKconfig({ tree, arch: 'x86', cacheFolder });
    const read = (path: string) =>
      configure(kconfig, parseConfig(readFileSync(path, 'utf8'), kconfig));
    const stock = read(result.stockConfig);
    const netboot = read(result.netbootConfig);
    const { members } = findScope(kconfig, 'network-devices', (symbol) => stock.tristate(symbol));
    const wanted = [
      ...members.filter((symbol) => stock.tristate(symbol) === 1),
      ...result.report.requested.map(({ symbol }) => symbolNamed(kconfig, symbol)),
    ];
    const lost = new Set(result.report.lost.map(({ symbol }) => symbol));
    const unmetBefore = stock.unmetDependencies().length;
    for (const { symbol } of result.report.raised) {
      const without = netboot.clone();
      without.set(symbolNamed(kconfig, symbol), 'm');
      const isWorse =
        wanted.some((one) => without.tristate(one) < 2) ||
        without.unmetDependencies().length > unmetBefore ||
        [...kconfig.symbols.values()].some(
          (one) =>
            (one.type === 'bool' || one.type === 'tristate') &&
            without.tristate(one) < stock.tristate(one) &&
            !lost.has(one.name ?? ''),
        );
      expect([symbol, isWorse]).toEqual([symbol, true]);
    }
  }, 120_000);

  it('builds in less under the scope wired', async () => {
    const wired = await configureNetboot({
      tree,
      architecture: 'x86',
      shippedConfig,
      scope: 'wired',
      folder: join(folder, `${version}-wired`),
      cacheFolder,
      verify: true,
      step: unwatched,
    });
    const promoted = wired.report.promoted.map(({ symbol }) => symbol);
    expect(promoted).toEqual(
      expect.arrayContaining(['E1000E', 'VIRTIO_NET', 'USB_RTL8152', 'IXGBE']),
    );
    expect(promoted.filter((name) => /^(CFG80211|IWL|ATH|CAN_|PPP)/.test(name))).toEqual([]);
    expect(wired.report.raised.map(({ symbol }) => symbol)).not.toContain('CFG80211');
    expect(wired.report.lost).toEqual([]);
    expect(wired.report.stuck).toEqual([]);
    expect(wired.report.raised.length).toBeLessThan(result.report.raised.length);
  }, 300_000);

  it('remembers what has been confirmed, and confirms anew what has not', async () => {
    const request = {
      tree,
      architecture: 'x86',
      shippedConfig,
      scope: 'network-devices' as const,
      folder: join(folder, `${version}-again`),
      cacheFolder,
      verify: true,
      step: unwatched,
    };
    const again = await configureNetboot(request);
    expect(readFileSync(again.netbootConfig, 'utf8')).toBe(
      readFileSync(result.netbootConfig, 'utf8'),
    );
  }, 120_000);
});
