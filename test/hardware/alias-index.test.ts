import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { indexAliases, normalizeAlias } from '../../src/hardware/alias-index.ts';
import { parseBuiltInAliases, parseModulesAlias } from '../../src/hardware/modules-alias.ts';
import { wildcardMatcher } from '../../src/hardware/wildcard.ts';
import { run } from '../../src/system/process.ts';
import { findTool } from '../../src/system/tools.ts';
import { makeStock, stockDrivers } from '../coverage/stock.ts';
import { scratchFolder } from '../scratch.ts';

test('modules.alias is read, and what is none of its lines passed over', () => {
  expect(
    parseModulesAlias(
      '# Aliases extracted from modules themselves.\nalias pci:v1* ne2k-pci\r\nalias x\n\nalias a b c\nsymbol:x y\n',
    ),
  ).toEqual([{ pattern: 'pci:v1*', module: 'ne2k_pci' }]);
});

test('modules.builtin.modinfo tells aliases among other things', () => {
  expect(
    parseBuiltInAliases(
      'e1000e.license=GPL\0e1000e.alias=pci:v00008086d*\0xen-netfront.alias=xen:vif\0',
    ),
  ).toEqual([
    { pattern: 'pci:v00008086d*', module: 'e1000e' },
    { pattern: 'xen:vif', module: 'xen_netfront' },
  ]);
});

test('dashes are underscores, but within brackets', () => {
  expect(normalizeAlias('net-pf-10')).toBe('net_pf_10');
  expect(normalizeAlias('usb:d00[0-9]*-x')).toBe('usb:d00[0-9]*_x');
  expect(normalizeAlias('a[b')).toBeUndefined();
  expect(normalizeAlias('a]b')).toBeUndefined();
});

describe('indexAliases', () => {
  test('finds what comparing with every pattern finds', () => {
    const pattern = fc.string({
      unit: fc.constantFrom('p', ':', 'v', '0', '1', '*', '?', '[01]', '-', '_'),
      maxLength: 8,
    });
    const text = fc.string({
      unit: fc.constantFrom('p', ':', 'v', '0', '1', '-', '_'),
      maxLength: 8,
    });
    fc.assert(
      fc.property(fc.array(pattern), text, (patterns, modalias) => {
        const aliases = patterns.map((each, index) => ({ pattern: each, module: `m${index}` }));
        const expected = aliases.filter(({ pattern: each }) =>
          wildcardMatcher(normalizeAlias(each) ?? '')(modalias.replaceAll('-', '_')),
        );
        expect(indexAliases(aliases).lookup(modalias)).toEqual(
          expected.map(({ module }) => module),
        );
      }),
    );
  });

  test.skipIf(findTool('modprobe') === undefined || findTool('depmod') === undefined)(
    'answers as modprobe --resolve-alias does',
    async () => {
      const root = scratchFolder();
      const release = '6.1.0-test';
      const folder = await makeStock(root, release, {
        drivers: {
          ...stockDrivers,
          'kernel/drivers/net/usb/odd.ko': ['usb:v0846p9030d00[0-9]*dc*', 'acpi*:PNP0A0[38]:*'],
          'kernel/drivers/net/ethernet/any.ko': ['pci:v00008086d*sv*sd*bc02sc00i*', 'net-pf-10'],
        },
      });
      const index = indexAliases(
        parseModulesAlias(readFileSync(join(folder, 'modules.alias'), 'utf8')),
      );
      const questions = [
        'pci:v00008086d00001572sv00008086sd00000006bc02sc00i00',
        'pci:v00008086d00001572sv00008086sd00000006bc03sc00i00',
        'pci:v000014E4d0000D800sv000014E4sd00001234bc02sc00i00',
        'pci:v000014E4d0000D800sv000014E4sd00001235bc02sc00i00',
        'pci:v00008086d00001572svXXXXXXXXsdXXXXXXXXbc02sc00i00',
        'virtio:d00000001v00001AF4',
        'virtio:d00000002v00001AF4',
        'usb:v0BDAp8153d3000dc00dsc00dp00icFFiscFFip00in00',
        'usb:v0BDAp8153d3000dc00dsc00dp00ic03isc01ip00in00',
        'usb:v0846p9030d0012dc00dsc00dp00icFFiscFFip00in00',
        'usb:v0846p9030d0A12dc00dsc00dp00icFFiscFFip00in00',
        'acpi:PNP0A08:PNP0A03:',
        'net-pf-10',
        'net_pf_10',
        'pci:v00001000d0000005Dsv00001028sd00001F47bc01sc04i00',
        'pci:',
      ];
      for (const question of questions) {
        const { stdout } = await run(
          'modprobe',
          ['--dirname', root, '--set-version', release, '--quiet', '--resolve-alias', question],
          { accept: [0, 1] },
        );
        const said = stdout.split('\n').filter((line) => line !== '');
        expect(index.lookup(question).toSorted(), question).toEqual(said.toSorted());
      }
    },
  );
});
