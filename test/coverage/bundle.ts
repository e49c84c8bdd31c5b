import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { layoutOf } from '../../src/bundle/manifest.ts';
import { openBundle } from '../../src/bundle/open.ts';
import { readNetbootDrivers } from '../../src/coverage/netboot-drivers.ts';
import {
  indexStock,
  keepStockIndex,
  openStock,
  renderStockIndex,
} from '../../src/kernel/stock/index.ts';
import { sha256 } from '../../src/system/files.ts';
import { makeModule, pack, provenance, release, report, writeParts } from '../bundle/parts.ts';

/** In the image of the bundle: what its promotion raised, and the drivers of buses. */
export const builtIn: readonly string[] = [
  'kernel/drivers/net/ethernet/intel/e1000e/e1000e.ko',
  'kernel/drivers/net/ethernet/intel/i40e/i40e.ko',
  'kernel/drivers/net/ethernet/broadcom/bnxt/bnxt_en.ko',
  'kernel/drivers/net/virtio_net.ko',
  'kernel/drivers/net/usb/r8152.ko',
  'kernel/drivers/net/wireless/intel/iwlwifi/iwlwifi.ko',
  'kernel/drivers/virtio/virtio_pci.ko',
  'kernel/drivers/usb/host/xhci-pci.ko',
];

const modules = [
  'kernel/drivers/net/netdevsim/netdevsim.ko',
  'kernel/drivers/net/ethernet/realtek/r8169.ko',
];

/**
 * Packs a bundle whose kernel has those drivers; r8169 stays a module, since it is stuck.
 *
 * @param stock - the folder of the stock modules of which it keeps what they say of themselves
 */
export async function packCoverageBundle(folder: string, stock?: string): Promise<string> {
  const parts = writeParts(join(folder, 'in'));
  const write = (name: string, content: string | Uint8Array): void => {
    mkdirSync(dirname(join(parts.moduleTree, name)), { recursive: true });
    writeFileSync(join(parts.moduleTree, name), content);
  };
  for (const path of modules) write(path, makeModule());
  write('modules.builtin', builtIn.map((path) => `${path}\n`).join(''));
  write('modules.dep', modules.map((path) => `${path}:\n`).join(''));
  write('modules.alias', 'alias pci:v000010ECd00008168sv*sd*bc*sc*i* r8169\n');
  writeFileSync(
    parts.promotionReport,
    JSON.stringify({
      ...report,
      stuck: [
        {
          symbol: 'R8169',
          from: 'm',
          to: 'm',
          reason: 'its dependency PHYLINK=n forbids y',
          location: 'drivers/net/ethernet/realtek/Kconfig:98',
        },
      ],
    }),
  );
  const kept = stock === undefined ? undefined : await keepIndex(stock, join(folder, 'in'));
  const packed = await pack({ ...parts, ...kept?.parts }, join(folder, 'out'), {
    provenance: {
      ...provenance,
      modules: { ...provenance.modules, count: 4 },
      ...(kept === undefined ? {} : { stockIndex: kept.stockIndex }),
    },
  });
  return packed.folder;
}

/** Writes down what stock modules say of themselves, for a bundle to keep. */
async function keepIndex(path: string, folder: string) {
  await using stock = await openStock({ paths: [path], parts: ['modules', 'indexes'], release });
  const index = keepStockIndex(await indexStock(stock), builtIn);
  const text = renderStockIndex(index);
  const stockIndex = join(folder, 'stock-modules.json');
  writeFileSync(stockIndex, text);
  return {
    parts: { stockIndex },
    stockIndex: {
      modules: index.modules.length,
      promoted: Object.keys(index.promoted).length,
      path: layoutOf(release).stockIndex,
      sha256: sha256(text),
    },
  };
}

/** The drivers of that bundle. */
export async function coverageBundle(folder: string) {
  const path = await packCoverageBundle(folder);
  const bundle = await openBundle(path);
  return { path, manifest: bundle.manifest, netboot: await readNetbootDrivers(bundle) };
}
