import { expect, test } from 'vitest';
import {
  isKbuildMakefile,
  modulesOfMakefile,
  symbolsOfModule,
} from '../../../src/kernel/vendor/makefile.ts';
import { moduleVersion } from '../../../src/kernel/vendor/version.ts';
import { sampleDriver } from './sample.ts';

test.each<[string, string, string[]]>([
  ['a Makefile that is both', sampleDriver['src/Makefile'] ?? '', ['samplenic']],
  ['several, on several lines', 'obj-m += a.o b-c.o \\\n  d.o\n', ['a', 'b_c', 'd']],
  ['one whose name is a variable', 'DRV := ixgbe\nobj-m += $(DRV).o\n', ['ixgbe']],
  ['one that waits for a symbol', 'obj-$(CONFIG_R8125) += r8125.o # Realtek\n', ['r8125']],
  ['folders', 'obj-m += core/ en/\n', []],
  ['an ordinary Makefile', 'all: main.o\n\tcc -o all main.o\n', []],
  ['one in a comment', '# obj-m := a.o\n', []],
])('the modules of %s', (_, text, modules) => {
  expect(modulesOfMakefile(text)).toEqual(modules);
});

test('a Makefile for kbuild is told from another', () => {
  expect(isKbuildMakefile('obj-m += core/\n')).toBe(true);
  expect(isKbuildMakefile('ifneq ($(KERNELRELEASE),)\n  obj-m:=a.o\nendif\n')).toBe(true);
  expect(isKbuildMakefile('all:\n\tmake -C src\n# obj-m\n')).toBe(false);
});

test('the symbol of a driver of the tree is found, and none of another that ends alike', () => {
  const text =
    'obj-$(CONFIG_E1000E) += e1000e.o\nobj-$(CONFIG_NE2K_PCI) += ne2k-pci.o 8390.o\nobj-y += mii.o\n';
  expect(symbolsOfModule(text, 'e1000e')).toEqual(['E1000E']);
  expect(symbolsOfModule(text, 'ne2k_pci')).toEqual(['NE2K_PCI']);
  expect(symbolsOfModule(text, '000e')).toEqual([]);
  expect(symbolsOfModule(text, 'mii')).toEqual([]);
});

test.each<[string, string[], string | undefined]>([
  ['in place', ['MODULE_VERSION("1.2");'], '1.2'],
  [
    'by a macro of another file',
    ['MODULE_VERSION( DRV_VERSION );', '#  define DRV_VERSION "9.0" EXTRA'],
    '9.0',
  ],
  ['put together', ['#define V __stringify(MAJOR)\nMODULE_VERSION(V);'], undefined],
  ['nowhere', ['MODULE_LICENSE("GPL");'], undefined],
])('a version that stands %s', (_, texts, version) => {
  expect(moduleVersion(texts)).toBe(version);
});
