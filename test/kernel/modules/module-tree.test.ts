import { describe, expect, test } from 'vitest';
import { isModuleFile, moduleName, verifyBuiltIn } from '../../../src/kernel/modules/index.ts';
import {
  parseDepmodOutput,
  parseExportedSymbols,
  parseModuleList,
  parseModulesDep,
} from '../../../src/kernel/modules/module-tree.ts';

describe('index files', () => {
  test('modules.order, of an installed tree and of the objects', () => {
    expect(parseModuleList('kernel/fs/fat/fat.ko\n\n')).toEqual(['kernel/fs/fat/fat.ko']);
    expect(parseModuleList('fs/fat/fat.o\n')).toEqual(['fs/fat/fat.ko']);
  });

  test('modules.dep', () => {
    expect([...parseModulesDep('kernel/a.ko: kernel/b.ko kernel/c.ko\nkernel/b.ko:\n')]).toEqual([
      ['kernel/a.ko', ['kernel/b.ko', 'kernel/c.ko']],
      ['kernel/b.ko', []],
    ]);
  });

  test('Module.symvers', () => {
    expect([
      ...parseExportedSymbols(
        '0x12345678\tprintk\tvmlinux\tEXPORT_SYMBOL\t\n0x1\tb\tdrivers/b\t\n',
      ),
    ]).toEqual(['printk', 'b']);
  });

  test('what depmod says', () => {
    expect(
      parseDepmodOutput(
        'depmod: WARNING: /m/lib/modules/6.1/kernel/a.ko needs unknown symbol foo\ndepmod: WARNING: could not open modules.order\n',
      ),
    ).toEqual([
      { kind: 'unknown-symbol', module: '/m/lib/modules/6.1/kernel/a.ko', symbol: 'foo' },
      { kind: 'other', text: 'could not open modules.order' },
    ]);
  });
});

test('a module’s name is that of its file, with underscores', () => {
  expect(moduleName('kernel/drivers/net/ethernet/8390/ne2k-pci.ko.xz')).toBe('ne2k_pci');
  expect(isModuleFile('a/b.ko.zst')).toBe(true);
  expect(isModuleFile('modules.dep')).toBe(false);
});

describe('verifyBuiltIn', () => {
  test('takes names with dashes for those with underscores', () => {
    expect(() => verifyBuiltIn(['ne2k_pci', 'e1000e'], ['ne2k-pci'])).not.toThrow();
  });

  test('names what is not in the image', () => {
    expect(() => verifyBuiltIn(['e1000e'], ['e1000e', 'igb', 'igc'])).toThrow(/igb, igc/);
  });
});
