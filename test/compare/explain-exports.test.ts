import { describe, expect, test } from 'vitest';
import type { ConfigLine } from '../../src/compare/config.ts';
import { explainExports, type SymbolContext } from '../../src/compare/explain-exports.ts';
import type { SymbolDifference } from '../../src/compare/exports.ts';
import { makeManifest, stockModule } from './world.ts';

const difference = (
  name: string,
  provider: string,
  what: SymbolDifference['what'] = 'missing',
): SymbolDifference => ({ name, what, provider, from: '0x1', to: what === 'missing' ? '' : '0x2' });

const line = (symbol: string, from: string, to: string, location = ''): ConfigLine => ({
  symbol,
  from,
  to,
  location,
  cause: 'lost',
  standing: 'explained',
  reason: '',
  menu: [],
});

const wifi = 'drivers/net/wireless/intel/iwlwifi';

function context(other: Partial<SymbolContext> = {}): SymbolContext {
  return {
    manifest: makeManifest(),
    config: [],
    stock: {
      modules: [
        stockModule(`${wifi}/iwlwifi.ko`, { exports: ['iwl_send'] }),
        stockModule(`${wifi}/mvm/iwlmvm.ko`, { imports: { iwl_send: 1 } }),
      ],
    },
    stockPlaces: new Map([
      ['iwlwifi', 'module'],
      ['iwlmvm', 'module'],
    ]),
    bundlePlaces: new Map([
      ['iwlwifi', 'built-in'],
      ['iwlmvm', 'built-in'],
    ]),
    ...other,
  };
}

describe('missing', () => {
  const missing = [difference('iwl_send', `${wifi}/iwlwifi`)];

  test('is explained where all that need it are in the image, with the option that went', () => {
    const config = [line('IWLWIFI_OPMODE_MODULAR', 'y', 'n', `${wifi}/Kconfig:87`)];
    expect(explainExports(missing, context({ config }))).toEqual([
      {
        what: 'missing',
        cause: 'users-built-in',
        standing: 'explained',
        reason:
          'of iwlwifi, which exports them only as a module; no module of stock that is not in the image needs them; of its options there went IWLWIFI_OPMODE_MODULAR (y -> n)',
        location: `${wifi}/Kconfig:87`,
        users: ['iwlmvm'],
        symbols: missing,
      },
    ]);
  });

  test('is open where a module of stock needs it', () => {
    const bundlePlaces = new Map([['iwlwifi', 'built-in'] as const, ['iwlmvm', 'module'] as const]);
    expect(explainExports(missing, context({ bundlePlaces }))).toMatchObject([
      {
        cause: 'not-explained',
        standing: 'open',
        reason: 'of iwlwifi, which is there, but does not export them',
        users: ['iwlmvm'],
      },
    ]);
  });

  test('is open where its module is nowhere, unless the bundle was to have none', () => {
    const bundlePlaces = new Map();
    expect(explainExports(missing, context({ bundlePlaces }))).toMatchObject([
      { cause: 'module-absent', standing: 'open' },
    ]);
    const manifest = makeManifest({}, { modules: 'none' });
    expect(explainExports(missing, context({ bundlePlaces, manifest }))).toMatchObject([
      { cause: 'modules-left-out', standing: 'explained' },
    ]);
  });

  test('from the image is never explained; what could be it is named', () => {
    const config = [line('SYSFS_DEPRECATED', 'y', 'n')];
    expect(explainExports([difference('kmalloc', 'vmlinux')], context({ config }))).toMatchObject([
      {
        cause: 'not-explained',
        standing: 'open',
        reason: 'of the image itself; options of stock that are off now: SYSFS_DEPRECATED (y -> n)',
      },
    ]);
  });
});

describe('changed', () => {
  test('is open whatever could be its cause, and the cause said as a guess', () => {
    const changed = [difference('module_layout', 'vmlinux', 'crc')];
    const config = [line('DEBUG_INFO_BTF', 'y', 'n', 'lib/Kconfig.debug:376')];
    expect(explainExports(changed, context({ config }))).toMatchObject([
      {
        cause: 'option',
        standing: 'open',
        reason:
          'not proven; could be debug information, since struct module has fields for BTF: DEBUG_INFO_BTF (y -> n)',
        location: 'lib/Kconfig.debug:376',
      },
    ]);
    expect(explainExports(changed, context())).toMatchObject([
      {
        cause: 'not-explained',
        reason: 'not explained: nothing was found that shapes types and differs',
      },
    ]);
  });

  test('with the headers, the structures that an option shapes are named', () => {
    const changed = [difference('module_layout', 'vmlinux', 'crc')];
    const config = [line('DEBUG_INFO_BTF', 'y', 'n', 'lib/Kconfig.debug:376')];
    const shapes = [
      {
        symbol: 'DEBUG_INFO_BTF',
        from: 'y',
        to: 'n',
        type: 'struct module',
        location: 'include/linux/module.h:512',
      },
    ];
    expect(explainExports(changed, context({ config, shapes }))).toMatchObject([
      {
        cause: 'option',
        reason:
          'not proven; could be what the headers make of options: struct module by DEBUG_INFO_BTF (y -> n)',
        location: 'include/linux/module.h:512',
      },
    ]);
    expect(explainExports(changed, context({ config, shapes: [] }))).toMatchObject([
      { cause: 'not-explained' },
    ]);
  });
});

describe('added', () => {
  test('of a driver that stock does not have, or of an option that is newly on', () => {
    const config = [line('ROOT_NFS', 'n', 'y')];
    const added = [
      difference('vendor_x', 'updates/vendor', 'added'),
      difference('nfs_root', 'vmlinux', 'added'),
    ];
    expect(explainExports(added, context({ config })).map(({ cause }) => cause)).toEqual([
      'new-driver',
      'newly-on',
    ]);
    expect(explainExports(added.slice(1), context())).toMatchObject([
      { cause: 'not-explained', standing: 'open' },
    ]);
  });
});

test('those of one cause are together, the most first', () => {
  const bundlePlaces = new Map();
  const manifest = makeManifest({}, { modules: 'none' });
  const groups = explainExports(
    [difference('a', 'vmlinux'), difference('b', 'fs/b/b'), difference('c', 'fs/c/c')],
    context({ bundlePlaces, manifest }),
  );
  expect(groups.map(({ symbols }) => symbols.map(({ name }) => name))).toEqual([['b', 'c'], ['a']]);
});
