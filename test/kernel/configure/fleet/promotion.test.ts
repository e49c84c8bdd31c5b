import { describe, expect, test } from 'vitest';
import type { FleetScope } from '../../../../src/kernel/configure/fleet/find-symbols.ts';
import type { FleetBus } from '../../../../src/kernel/configure/fleet/fleet.ts';
import { entry, names, promoteSnippet, valueIn } from '../snippet.ts';

const driver = (name: string, ...lines: string[]): string =>
  `config ${name}\n\ttristate "${name} driver"\n${lines.map((line) => `\t${line}\n`).join('')}`;

/** A fleet of one machine, r640, that needs the drivers of those symbols. */
function fleet(symbols: readonly string[], buses?: readonly FleetBus[]): FleetScope {
  return {
    name: 'fleet',
    members: symbols.map((symbol) => ({
      driver: { module: symbol.toLowerCase(), machines: ['r640'] },
      symbols: [symbol],
    })),
    buses,
  };
}

describe('scope fleet', () => {
  test("promotes the fleet's drivers and what they need, and leaves all others", async () => {
    const result = await promoteSnippet(
      driver('WANTED', 'depends on BUS', 'select LIB') +
        driver('OTHER') +
        'config LIB\n\ttristate\n',
      driver('BUS'),
      { WANTED: 'm', OTHER: 'm', BUS: 'm' },
      { scope: fleet(['WANTED']) },
    );
    expect(names(result, 'promoted')).toEqual(['WANTED']);
    expect(entry(result, 'promoted', 'WANTED').reason).toBe(
      'in scope fleet, for r640, a module in stock',
    );
    expect(names(result, 'raised')).toEqual(['BUS']);
    expect(names(result, 'selected')).toEqual(['LIB']);
    expect(valueIn(result.netboot, 'OTHER')).toBe('m');
    expect(entry(result, 'excluded', 'OTHER').reason).toBe(
      'outside of the scope fleet: no machine of it needs this',
    );
    expect(result.report.scope).toBe('fleet');
  });

  test('takes a driver that has its place outside of the menu of network devices', async () => {
    const result = await promoteSnippet(
      driver('OTHER'),
      driver('FIREWIRE_NET'),
      { OTHER: 'm', FIREWIRE_NET: 'm' },
      { scope: fleet(['FIREWIRE_NET']) },
    );
    expect(names(result, 'promoted')).toEqual(['FIREWIRE_NET']);
  });

  test('a driver that stock has built in needs nothing', async () => {
    const result = await promoteSnippet(
      driver('WANTED'),
      '',
      { WANTED: 'y' },
      { scope: fleet(['WANTED']) },
    );
    expect(names(result, 'promoted')).toEqual([]);
  });

  test.each([
    ['that stock leaves out', 'OFF', /OFF is off in stock/],
    ['that the tree does not define', 'NOSUCH', /No Kconfig file .* defines NOSUCH/],
  ])('refuses a driver %s', async (_, symbol, message) => {
    await expect(
      promoteSnippet(driver('OFF'), '', {}, { scope: fleet([symbol]) }),
    ).rejects.toMatchObject({
      code: 'BW-FLEET-DRIVER-OFF',
      message: expect.stringMatching(message),
    });
  });

  test('but takes one that is asked for, or that something else stands in for', async () => {
    const asked = await promoteSnippet(
      driver('OFF'),
      '',
      {},
      { scope: fleet(['OFF']), wishes: { promote: ['OFF'], exclude: [] } },
    );
    expect(names(asked, 'requested')).toEqual(['OFF']);
    const replaced = await promoteSnippet(
      driver('WANTED'),
      '',
      { WANTED: 'm' },
      {
        scope: fleet(['WANTED']),
        settings: [{ symbol: 'WANTED', value: 'n', reason: 'a vendor’s takes its place' }],
      },
    );
    expect(valueIn(replaced.netboot, 'WANTED')).toBe('n');
  });

  test('asks for the buses that the fleet is on, and for all where that is not told', async () => {
    const outside = driver('VIRTIO_PCI') + driver('USB_XHCI_HCD') + driver('HYPERV');
    const values = { NIC: 'm', VIRTIO_PCI: 'm', USB_XHCI_HCD: 'm', HYPERV: 'm' };
    const requested = async (buses?: readonly FleetBus[]): Promise<readonly string[]> => {
      const scope = fleet(['NIC'], buses);
      return names(
        await promoteSnippet(driver('NIC'), outside, values, { scope, requested: undefined }),
        'requested',
      );
    };
    expect(await requested(['usb'])).toEqual(['USB_XHCI_HCD']);
    expect(await requested([])).toEqual([]);
    expect(await requested()).toEqual(['VIRTIO_PCI', 'HYPERV', 'USB_XHCI_HCD']);
  });
});

describe('drivers of PHYs', () => {
  const phys = {
    'drivers/net/phy/Kconfig': `config PHYLINK
	tristate
	select PHYLIB
menuconfig PHYLIB
	tristate "PHY library"
if PHYLIB
config REALTEK_PHY
	tristate "Realtek PHYs"
config SFP
	tristate "Pluggable modules"
	depends on PHYLINK
config OFF_PHY
	tristate "stock has it off"
endif
`,
  };
  const network = `source "drivers/net/phy/Kconfig"\n${driver('OWN_PHY')}${driver('TIGON', 'select PHYLIB')}${driver('MAC', 'select MAC_LIB')}config MAC_LIB\n\ttristate\n\tselect PHYLIB\n${driver('DONGLE', 'depends on PHYLIB')}${driver('SWITCH', 'select PHYLINK')}${driver('OTHER', 'select PHYLINK')}`;
  const values = {
    PHYLIB: 'm',
    REALTEK_PHY: 'm',
    OWN_PHY: 'm',
    TIGON: 'm',
    MAC: 'm',
    DONGLE: 'm',
    SFP: 'm',
    SWITCH: 'm',
    OTHER: 'm',
  };
  const promoted = async (symbol: string) =>
    promoteSnippet(network, '', values, { scope: fleet([symbol]), files: phys });

  test.each(['TIGON', 'MAC', 'DONGLE'])(
    'come with %s, which leaves its PHY to the library',
    async (symbol) => {
      const result = await promoted(symbol);
      expect(new Set(names(result, 'promoted'))).toEqual(
        new Set([symbol, 'PHYLIB', 'REALTEK_PHY']),
      );
      expect(entry(result, 'promoted', 'REALTEK_PHY').reason).toBe(
        `in scope fleet: which PHYs its cards have is not known (${symbol}), a module in stock`,
      );
    },
  );

  test('that are for pluggable modules come with a driver that uses these, and never bring one', async () => {
    const result = await promoted('SWITCH');
    expect(new Set(names(result, 'promoted'))).toEqual(
      new Set(['SWITCH', 'PHYLIB', 'REALTEK_PHY', 'SFP']),
    );
    expect(names(result, 'selected')).toEqual(['PHYLINK']);
    expect(valueIn((await promoted('TIGON')).netboot, 'OTHER')).toBe('m');
  });

  test('stay where every driver of the fleet knows its PHY itself', async () => {
    const result = await promoted('OWN_PHY');
    expect(names(result, 'promoted')).toEqual(['OWN_PHY']);
    expect(entry(result, 'excluded', 'REALTEK_PHY').reason).toBe(
      'outside of the scope fleet: no driver of the fleet looks for it',
    );
  });
});
