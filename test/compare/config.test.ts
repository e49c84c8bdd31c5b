import { describe, expect, test } from 'vitest';
import { compareConfigs } from '../../src/compare/config.ts';
import type { DifferenceReport } from '../../src/kernel/configure/difference/report.ts';
import { bundle, makeManifest, stock } from './world.ts';

describe('compareConfigs', () => {
  test('ties each line to what the manifest says of it', () => {
    const { source, lines } = compareConfigs(stock.config, bundle);
    expect(source).toBe('stock');
    expect(lines.map(({ symbol, from, to, cause }) => [symbol, from, to, cause])).toEqual([
      ['8139CP', 'm', 'y', 'promoted'],
      ['8139TOO', 'm', 'y', 'promoted'],
      ['E1000E', 'm', 'y', 'promoted'],
      ['MII', 'm', 'y', 'selected'],
      ['ROOT_NFS', 'n', 'y', 'requested'],
    ]);
    expect(lines[2]).toMatchObject({
      standing: 'explained',
      reason: 'in scope',
      location: 'drivers/net/ethernet/intel/Kconfig:58',
    });
  });

  test('what tools are and can do is the host’s; what nothing says is open', () => {
    const text = 'CONFIG_CC_VERSION_TEXT="gcc 11"\nCONFIG_HZ=250\nCONFIG_X=y\n';
    const config = 'CONFIG_CC_VERSION_TEXT="gcc 12"\nCONFIG_HZ=100\nCONFIG_X=y\n';
    const { lines } = compareConfigs(text, { manifest: makeManifest(), config, stockConfig: '' });
    expect(lines).toMatchObject([
      { symbol: 'CC_VERSION_TEXT', cause: 'host', standing: 'explained' },
      { symbol: 'HZ', from: '250', to: '100', cause: 'not-explained', standing: 'open' },
    ]);
  });

  test('what the tree says counts where the manifest says nothing, but not that a file asks for it', () => {
    const tree: DifferenceReport = {
      schema: 'bootwright/config-difference-explained',
      version: 1,
      differences: [
        {
          symbol: 'A',
          type: 'bool',
          from: 'n',
          to: 'y',
          cause: 'selected',
          reason: 'selected by B',
          location: 'lib/Kconfig:1',
          menu: ['Library routines'],
        },
        {
          symbol: 'HZ',
          type: 'int',
          from: '250',
          to: '100',
          cause: 'asked',
          reason: '',
          location: 'kernel/Kconfig.hz:1',
          menu: [],
        },
      ],
    };
    const sides = {
      manifest: makeManifest(),
      config: 'CONFIG_A=y\nCONFIG_HZ=100\n',
      stockConfig: '',
    };
    const { lines } = compareConfigs('CONFIG_HZ=250\n', sides, tree);
    expect(lines).toMatchObject([
      { symbol: 'A', cause: 'tree', reason: 'selected by B', menu: ['Library routines'] },
      { symbol: 'HZ', cause: 'not-explained', location: 'kernel/Kconfig.hz:1' },
    ]);
  });

  test('without a config of stock, what the build took for it counts', () => {
    const { source, lines } = compareConfigs(undefined, bundle);
    expect(source).toBe('bundle');
    expect(lines).toHaveLength(5);
  });
});
