import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readStock } from '../../../src/coverage/read-stock.ts';
import type { StockIndex } from '../../../src/coverage/stock-index.ts';
import { type MachineNeeds, needsFinder } from '../../../src/coverage/suggest/needs.ts';
import { fleetOf, suggestScope } from '../../../src/coverage/suggest/suggest.ts';
import { readHardware } from '../../../src/hardware/index.ts';
import { parseFleet, renderFleet } from '../../../src/kernel/configure/fleet/fleet.ts';
import { unwatched } from '../../../src/system/progress.ts';
import { release } from '../../bundle/parts.ts';
import { coverageBundle } from '../bundle.ts';
import { makeStock, stockDrivers } from '../stock.ts';

const x710 = '18:00.0 Ethernet controller [0200]: X710 [8086:1572]\n';
const bnxt = '3b:00.0 Ethernet controller [0200]: BCM57416 [14e4:16d8]\n';
const i219 = '00:1f.6 Ethernet controller [0200]: I219 [8086:15b7]\n';
const realtek = '02:00.0 Ethernet controller [0200]: RTL8111 [10ec:8168]\n';
const unheardOf = '04:00.0 Ethernet controller [0200]: Something [abcd:0001]\n';
const someBoards = '05:00.0 Ethernet controller [0200]: BCM57500 [14e4:d800]\n';
const wifi = '06:00.0 Network controller [0280]: Wi-Fi 6 AX200 [8086:2723]\n';
const connectX3 = '07:00.0 Ethernet controller [0200]: MT27500 [15b3:1003]\n';
const virtio = '00:03.0 Ethernet controller [0200]: Virtio network device [1af4:1000]\n';

const mlx4 = 'kernel/drivers/net/ethernet/mellanox/mlx4';
let home = '';
let bundle: Awaited<ReturnType<typeof coverageBundle>>;
let stock: StockIndex;

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'bootwright-test-'));
  bundle = await coverageBundle(home);
  const folder = await makeStock(join(home, 'stock'), release, {
    drivers: {
      ...stockDrivers,
      [`${mlx4}/mlx4_core.ko`]: ['pci:v000015B3d00001003sv*sd*bc*sc*i*'],
      [`${mlx4}/mlx4_en.ko`]: [],
      'kernel/drivers/net/can/peak_canfd/peak_pciefd.ko': ['pci:v0000001Cd00000013sv*sd*bc*sc*i*'],
      'kernel/drivers/net/phy/realtek.ko': ['mdio:0000000000011100110010010001????'],
    },
  });
  stock = await readStock([folder], bundle, unwatched);
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** What machines need, by the lines of lspci that each of them is given by. */
function needs(
  machines: Readonly<Record<string, string>>,
  index: StockIndex | undefined = stock,
): readonly MachineNeeds[] {
  const finder = needsFinder(bundle.netboot, index);
  return Object.entries(machines).map(([name, text]) =>
    finder.needs({ name, hardware: readHardware(Buffer.from(text)) }),
  );
}

const path = (module: string): string | undefined =>
  stock.drivers.find((driver) => driver.module === module)?.path;
const names = (drivers: readonly { readonly module: string }[]): readonly string[] =>
  drivers.map(({ module }) => module);

describe('every card', () => {
  test('gets its driver, each with the machines that need it, the most needed first', () => {
    const { drivers, machines, isSmallest } = suggestScope(
      needs({ one: x710 + bnxt, two: x710 }),
      'every',
      path,
    );
    expect(drivers).toEqual([
      {
        module: 'i40e',
        path: 'kernel/drivers/net/ethernet/intel/i40e/i40e.ko',
        machines: ['one', 'two'],
        cards: 2,
        reason: 'claims 8086:1572',
      },
      expect.objectContaining({ module: 'bnxt_en', machines: ['one'], cards: 1 }),
    ]);
    expect(machines.map(({ served, cards, verdict }) => [served, cards, verdict])).toEqual([
      [2, 2, 'served'],
      [1, 1, 'served'],
    ]);
    expect(isSmallest).toBe(true);
  });

  test('that no driver of this kernel can serve is left out, with the reason', () => {
    const [machine] = suggestScope(
      needs({ one: x710 + realtek + unheardOf + wifi }),
      'every',
      path,
    ).machines;
    expect(machine).toMatchObject({ verdict: 'served', served: 1, cards: 4 });
    expect(machine?.leftOut.map(({ address, why }) => `${address} ${why}`)).toEqual([
      '02:00.0 r8169: R8169: its dependency PHYLINK=n forbids y',
      '04:00.0 this kernel has no driver for it',
      '06:00.0 wireless: the kernel by itself joins no such network',
    ]);
  });

  test('brings the module that makes the network device, where another one claims the card', () => {
    const { drivers } = suggestScope(needs({ one: connectX3 }), 'every', path);
    expect(names(drivers)).toEqual(['mlx4_core', 'mlx4_en']);
  });

  test('of which the board is not known is taken, and does not count', () => {
    const suggestion = suggestScope(needs({ one: someBoards }), 'every', path);
    expect(names(suggestion.drivers)).toEqual(['bnxt_en']);
    expect(suggestion.drivers[0]?.reason).toBe('claims 14e4:d800 of some boards');
    expect(suggestion.machines[0]).toMatchObject({ verdict: 'unknown', served: 0 });
  });

  test('tells the bus that it is on, if that has drivers of its own', () => {
    expect(suggestScope(needs({ one: x710 }), 'every', path).buses).toEqual([]);
    expect(suggestScope(needs({ one: virtio }), 'every', path).buses).toEqual(['virtio']);
  });
});

test('what network drivers claim besides cards is no card', () => {
  const suggestion = suggestScope(
    needs({
      one: 'pci:v0000001Cd00000013sv0000001Csd00000004bc02sc80i00\nmdio:00000000000111001100100100011000\n',
    }),
    'every',
    path,
  );
  expect(suggestion.drivers).toEqual([]);
  expect(suggestion.machines).toMatchObject([
    { cards: 1, leftOut: [{ why: 'its network is not one that a machine boots from' }] },
  ]);
});

describe('one card', () => {
  test('of each machine is served by as few drivers as can be', () => {
    const suggestion = suggestScope(
      needs({ one: x710 + bnxt, two: bnxt + i219, three: bnxt }),
      'one',
      path,
    );
    expect(names(suggestion.drivers)).toEqual(['bnxt_en']);
    expect(suggestion.machines.every(({ verdict }) => verdict === 'served')).toBe(true);
  });

  test('is that of the smaller driver, where either would do', () => {
    const weigh = (module: string): number => (module === 'i40e' ? 900 : 100);
    const { drivers } = suggestScope(needs({ one: x710 + i219 }), 'one', path, weigh);
    expect(names(drivers)).toEqual(['e1000e']);
  });

  test('does not rely on a driver for some boards', () => {
    const { drivers, machines } = suggestScope(needs({ one: someBoards, two: i219 }), 'one', path);
    expect(names(drivers)).toEqual(['e1000e']);
    expect(machines.map(({ verdict }) => verdict)).toEqual(['unknown', 'served']);
  });
});

test('machines without a card that can be served, or without any', () => {
  const { machines, drivers } = suggestScope(
    needs({
      realtek,
      wifi,
      nothing: '00:1f.2 SATA controller [0106]: C620 [8086:a1d2]\n',
    }),
    'every',
    path,
  );
  expect(drivers).toEqual([]);
  expect(machines.map(({ name, verdict }) => `${name} ${verdict}`)).toEqual([
    'realtek not-served',
    'wifi not-served',
    'nothing no-network-device',
  ]);
});

test('without stock, drivers go by their names', () => {
  const finder = needsFinder(bundle.netboot, undefined);
  const read = (text: string) =>
    finder.needs({ name: 'm', hardware: readHardware(Buffer.from(text)) });
  expect(read(`${x710}\tKernel modules: i40e\n`).cards).toMatchObject([
    { drivers: ['i40e'], evidence: 'named as the driver of 8086:1572', isSure: true },
  ]);
  expect(read(x710)).toMatchObject({ cards: [], leftOut: [{ isOpen: true }] });
});

test('what a bundle left as a module although it could be built in counts as well', () => {
  // igb is no part of the image, and nothing forbids it.
  const igb = 'kernel/drivers/net/ethernet/intel/igb/igb.ko';
  const wider: StockIndex = {
    ...stock,
    drivers: [
      ...stock.drivers,
      { module: 'igb', path: igb, aliases: ['pci:v00008086d00001521sv*sd*bc*sc*i*'] },
    ],
  };
  const i350 = '01:00.0 Ethernet controller [0200]: I350 [8086:1521]\n';
  expect(needs({ one: i350 }, wider)[0]?.cards).toMatchObject([{ drivers: ['igb'] }]);
});

test('a suggestion is a fleet file that can be read again', () => {
  const suggestion = suggestScope(needs({ 'one.txt': x710 + virtio }), 'one', path);
  const fleet = fleetOf(suggestion, release);
  expect(parseFleet(renderFleet(fleet), 'fleet.json')).toEqual(fleet);
  expect(fleet).toMatchObject({
    schema: 'bootwright/fleet',
    version: 1,
    kernelRelease: release,
    machines: [{ name: 'one.txt' }],
    drivers: [{ machines: ['one.txt'] }],
  });
});
