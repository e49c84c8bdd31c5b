import { describe, expect, it } from 'vitest';
import { chooseModules, type ModuleSource } from '../../../src/wrap/modules/choose.ts';
import type { StockModule } from '../../../src/wrap/modules/stock-module.ts';

function module(path: string, more: Partial<StockModule> = {}): StockModule {
  const name = path.slice(path.lastIndexOf('/') + 1, -3).replaceAll('-', '_');
  const nothing = { aliases: [], depends: [], wants: [], firmware: [] };
  return { name, path: `kernel/${path}`, ...nothing, signed: true, ...more };
}

const net = 'drivers/net';
const e1000e = module(`${net}/ethernet/intel/e1000e/e1000e.ko`, {
  aliases: ['pci:v00008086d000010D3sv*sd*bc*sc*i*'],
  depends: ['ptp'],
});
const iwlwifi = module(`${net}/wireless/intel/iwlwifi/iwlwifi.ko`, {
  aliases: ['pci:v00008086d*'],
});
const netdevsim = module(`${net}/netdevsim/netdevsim.ko`, { aliases: ['pci:v*'] });
const bonding = module(`${net}/bonding/bonding.ko`, { aliases: ['rtnl-link-bond'] });
const vxlan = module(`${net}/vxlan/vxlan.ko`, { aliases: ['rtnl-link-vxlan'] });
const asix = module(`${net}/usb/asix.ko`, { aliases: ['usb:v0B95p*'], depends: ['usbnet'] });
const usbnet = module(`${net}/usb/usbnet.ko`);
const bnx2x = module(`${net}/ethernet/broadcom/bnx2x/bnx2x.ko`, {
  aliases: ['pci:v000014E4d*'],
  depends: ['libcrc32c'],
});
const rest = [
  module('drivers/ptp/ptp.ko', { depends: ['pps_core'] }),
  module('drivers/pps/pps_core.ko'),
  module('drivers/usb/host/xhci-pci.ko', { depends: ['xhci_hcd'] }),
  module('drivers/usb/host/xhci-hcd.ko'),
  module('lib/libcrc32c.ko', { wants: ['crc32c'] }),
  module('fs/nfs/nfs.ko', { depends: ['sunrpc'] }),
  module('net/sunrpc/sunrpc.ko'),
];
const crc32c = module('crypto/crc32c_generic.ko', { aliases: ['crypto-crc32c'] });

function sourceOf(modules: readonly StockModule[]): ModuleSource {
  return {
    named: async (name) => modules.find((each) => each.name === name),
    providing: async (alias) =>
      [crc32c].filter(({ aliases }) => aliases.some((each) => each.replaceAll('-', '_') === alias)),
  };
}

async function choose(
  candidates: readonly StockModule[],
  scope: 'wired' | 'network-devices' = 'wired',
) {
  const { chosen, leftOut } = await chooseModules(
    candidates,
    scope,
    sourceOf([...candidates, ...rest]),
  );
  return {
    chosen: chosen.map(({ name }) => name),
    leftOut: Object.fromEntries(leftOut.map(({ name, reason }) => [name, reason])),
    why: Object.fromEntries(chosen.map(({ name, why }) => [name, why])),
  };
}

describe('chooseModules', () => {
  it('takes the drivers that claim devices, with all that they need', async () => {
    const { chosen, why } = await choose([e1000e]);
    expect(chosen).toEqual(['e1000e', 'pps_core', 'ptp', 'nfs', 'sunrpc']);
    expect(why).toMatchObject({ ptp: 'e1000e needs it', nfs: 'to mount the root' });
  });

  it('leaves out what no cable leads to, and devices that are not there', async () => {
    const { chosen, leftOut } = await choose([e1000e, iwlwifi, netdevsim]);
    expect(chosen).not.toContain('iwlwifi');
    expect(leftOut).toEqual({
      iwlwifi: 'outside of the scope wired: wireless LAN',
      netdevsim: 'makes devices that are not there',
    });
  });

  it('takes wireless drivers in the scope of all network devices, but no simulator', async () => {
    const { chosen, leftOut } = await choose([iwlwifi, netdevsim], 'network-devices');
    expect(chosen).toContain('iwlwifi');
    expect(Object.keys(leftOut)).toEqual(['netdevsim']);
  });

  it('leaves out what claims no device, but not what init calls for or a driver needs', async () => {
    const { chosen, leftOut } = await choose([bonding, vxlan, asix, usbnet]);
    expect(leftOut).toEqual({ vxlan: 'claims no device by which it would be loaded' });
    expect(chosen).toEqual(expect.arrayContaining(['bonding', 'usbnet', 'asix']));
  });

  it('takes the bus of the cards, only if there is such a card', async () => {
    expect((await choose([asix])).chosen).toEqual(expect.arrayContaining(['xhci_pci', 'xhci_hcd']));
    expect((await choose([e1000e])).chosen).not.toContain('xhci_pci');
  });

  it('takes what is asked for by what it does: a checksum that a soft dependency names', async () => {
    const { chosen, why } = await choose([bnx2x]);
    expect(chosen).toContain('crc32c_generic');
    expect(why.crc32c_generic).toBe('libcrc32c wants crc32c');
  });
});
