import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findFleetSymbols } from '../../../../src/kernel/configure/fleet/find-symbols.ts';
import {
  type Fleet,
  type FleetDriver,
  parseFleet,
  readFleet,
  renderFleet,
} from '../../../../src/kernel/configure/fleet/fleet.ts';
import { scratchFolder } from '../../../scratch.ts';

const fleetOf = (...drivers: readonly FleetDriver[]): Fleet => ({
  schema: 'bootwright/fleet',
  version: 1,
  machines: [{ name: 'r640' }],
  drivers: [...drivers],
});

const i40e: FleetDriver = {
  module: 'i40e',
  path: 'kernel/drivers/net/ethernet/intel/i40e/i40e.ko',
  machines: ['r640'],
};

describe('a fleet file', () => {
  test('is read as it was written', () => {
    const fleet = { ...fleetOf(i40e), kernelRelease: '6.12.0', cards: 'one' as const };
    expect(parseFleet(renderFleet(fleet), 'f')).toEqual(fleet);
  });

  test('may be written by hand: the drivers by name are enough', () => {
    const text = `{"schema": "bootwright/fleet", "version": 1, "machines": [],
      "drivers": [{"module": "i40e", "machines": []}]}`;
    expect(parseFleet(text, 'f').drivers).toEqual([{ module: 'i40e', machines: [] }]);
  });

  test.each([
    ['lspci', '18:00.0 Ethernet controller [0200]: X710 [8086:1572]\n', 'BW-FLEET-IS-HARDWARE'],
    ['nothing', '', 'BW-FLEET-IS-HARDWARE'],
    ['broken JSON', '{"schema": ', 'BW-FLEET-INVALID'],
    ['other JSON', '{"packages": []}', 'BW-FLEET-INVALID'],
    ['a list', '[1]', 'BW-FLEET-INVALID'],
    [
      'a newer one',
      renderFleet(fleetOf(i40e)).replace('"version": 1', '"version": 2'),
      'BW-FLEET-INVALID',
    ],
    ['no driver', renderFleet(fleetOf()), 'BW-FLEET-INVALID'],
    [
      'a path out of the tree',
      renderFleet(fleetOf({ ...i40e, path: 'kernel/../x.ko' })),
      'BW-FLEET-INVALID',
    ],
    [
      'control characters',
      renderFleet(fleetOf({ ...i40e, machines: ['a\u001b[2J'] })),
      'BW-FLEET-INVALID',
    ],
  ])('%s is none', (_, text, code) => {
    expect(() => parseFleet(text, 'fleet.json')).toThrow(expect.objectContaining({ code }));
  });

  test('that is not there', async () => {
    await expect(readFleet('/nowhere/fleet.json')).rejects.toMatchObject({
      code: 'BW-FILE-MISSING',
    });
  });
});

/** A tree with those Makefiles. */
function tree(makefiles: Readonly<Record<string, string>>): string {
  const root = scratchFolder();
  for (const [path, text] of Object.entries(makefiles)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

describe('symbols of drivers', () => {
  const makefiles = {
    'drivers/net/ethernet/intel/i40e/Makefile':
      'obj-$(CONFIG_I40E) += i40e.o\ni40e-y := i40e_main.o\n',
    'drivers/net/ethernet/8390/Makefile':
      'obj-$(CONFIG_NE2K_PCI) += ne2k-pci.o 8390.o\nobj-$(CONFIG_PCMCIA_PCNET) += pcnet_cs.o 8390.o\n',
    'drivers/net/Makefile': 'obj-$(CONFIG_VIRTIO_NET) += virtio_net.o\n',
  };

  const symbolsOf = async (...drivers: FleetDriver[]) =>
    (await findFleetSymbols(tree(makefiles), fleetOf(...drivers))).members.map(
      ({ symbols }) => symbols,
    );

  test('are those of the Makefile in the folder of the module', async () => {
    expect(await symbolsOf(i40e)).toEqual([['I40E']]);
  });

  test('are looked for in all folders, where none or another one is named', async () => {
    expect(
      await symbolsOf(
        { module: 'ne2k-pci', machines: [] },
        { module: 'virtio_net', path: 'kernel/drivers/net/moved/virtio_net.ko', machines: [] },
      ),
    ).toEqual([['NE2K_PCI'], ['VIRTIO_NET']]);
  });

  test('are several where several compile a module', async () => {
    expect(await symbolsOf({ module: '8390', machines: [] })).toEqual([
      ['NE2K_PCI', 'PCMCIA_PCNET'],
    ]);
  });

  test('are what the file says, if it says it', async () => {
    expect(await symbolsOf({ module: 'own', symbol: 'OWN_NIC', machines: [] })).toEqual([
      ['OWN_NIC'],
    ]);
  });

  test('of a module that nothing makes: refused, with the nearest names', async () => {
    const unknown = findFleetSymbols(
      tree(makefiles),
      fleetOf({ module: 'virtio_nett', machines: ['r640'] }),
    );
    await expect(unknown).rejects.toMatchObject({
      code: 'BW-FLEET-UNKNOWN-DRIVER',
      message: expect.stringContaining('virtio_nett (needed by r640)'),
      occasion: { hint: expect.stringContaining('virtio_net') },
    });
  });
});
