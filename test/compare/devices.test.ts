import { describe, expect, test } from 'vitest';
import { compareDevices } from '../../src/compare/devices.ts';
import { bundlePlacement, stockPlacement } from '../../src/compare/modules.ts';
import { bundle, stock, stockModule } from './world.ts';

const rtl = 'pci:v000010ECd00008139sv*sd*bc*sc*i*';

function compare(facts = stock, kernel = bundle) {
  return compareDevices(facts, kernel, {
    stock: stockPlacement(facts).places,
    bundle: bundlePlacement(kernel, []).places,
  });
}

describe('compareDevices', () => {
  test('counts who serves what', () => {
    const { total, buses, drivers, builtInByStock } = compare();
    expect(total).toEqual({ bus: 'all', ids: 3, image: 3, module: 0, none: 0 });
    expect(buses).toEqual([{ bus: 'pci', ids: 3, image: 3, module: 0, none: 0 }]);
    expect(drivers.find(({ module }) => module === 'e1000e')).toEqual({
      module: 'e1000e',
      stock: 'module',
      now: 'built-in',
      ids: ['pci 8086:10d3', 'pci 8086:15b7'],
    });
    expect(builtInByStock).toBe(1);
  });

  test('of two in the image, the one whose initcall comes first', () => {
    expect(compare().shared).toEqual([
      {
        bus: 'pci',
        ids: ['10ec:8139'],
        drivers: ['8139cp', '8139too'],
        inImage: ['8139cp', '8139too'],
        // modules.order has 8139too first.
        stockFirst: '8139too',
        stockBy: 'modules-order',
        nowFirst: '8139cp',
        nowBy: 'initcalls',
      },
    ]);
  });

  test('without the names of initcalls, the order of linking', () => {
    const initcalls = ['8139too'];
    const builtIn = [...bundle.builtIn].reverse();
    expect(compare(stock, { ...bundle, initcalls, builtIn }).shared).toMatchObject([
      { nowFirst: '8139too', nowBy: 'link-order' },
    ]);
  });

  test('what is in the image comes before what is a module', () => {
    const builtIn = bundle.builtIn.filter((path) => !path.endsWith('8139cp.ko'));
    const modules = [...bundle.modules, 'kernel/drivers/net/ethernet/realtek/8139cp.ko'];
    expect(compare(stock, { ...bundle, builtIn, modules }).shared).toMatchObject([
      { inImage: ['8139too'], nowFirst: '8139too', nowBy: 'image-first' },
    ]);
  });

  test('the same id for other boards is no shared device', () => {
    const board = (subsystem: string): string => `pci:v000010ECd00008139sv${subsystem}sd*bc*sc*i*`;
    const facts = {
      ...stock,
      modules: [
        stockModule('drivers/a.ko', { aliases: [board('00001028')] }),
        stockModule('drivers/b.ko', { aliases: [board('0000103C')] }),
        stockModule('drivers/c.ko', { aliases: [board('0000103C')] }),
      ],
    };
    expect(compare(facts).shared).toMatchObject([{ drivers: ['b', 'c'], nowBy: 'none' }]);
  });

  test('processors and input devices are no driver’s own', () => {
    const aliases = ['cpu:type:x86,ven0000fam*mod*:feature:*0081*', 'input:b*v*p*e*'];
    const facts = {
      ...stock,
      modules: [stockModule('drivers/a.ko', { aliases }), stockModule('drivers/b.ko', { aliases })],
    };
    const { shared, total } = compare(facts);
    expect(shared).toEqual([]);
    expect(total).toMatchObject({ ids: 2, none: 2 });
  });

  test('tells what a module of the bundle claims and none of stock does', () => {
    const aliases = [
      { pattern: rtl, module: '8139too' },
      { pattern: 'pci:v00001234d00000001sv*sd*bc*sc*i*', module: 'vendor' },
    ];
    expect(compare(stock, { ...bundle, aliases }).added).toEqual(['pci 1234:0001']);
  });
});
