import { describe, expect, test } from 'vitest';
import { compareFit } from '../../src/compare/fit.ts';
import { bundlePlacement } from '../../src/compare/modules.ts';
import { bundle, exported, layout, stock, stockModule, vermagic } from './world.ts';

const { places } = bundlePlacement(bundle, []);

describe('compareFit', () => {
  test('modules of stock that are not in the image, with what they need of it and of each other', () => {
    expect(compareFit(stock, bundle, places)).toEqual({
      modules: 2,
      fitting: 2,
      imports: 5,
      unfit: [],
    });
  });

  test('another CRC, a symbol that is gone, one that is there twice, another vermagic', () => {
    const other = (symvers: typeof bundle.symvers, config = bundle.config) =>
      compareFit(stock, { ...bundle, symvers: [layout, ...symvers], config }, places).unfit;
    expect(other([exported('kmalloc', 9)])).toEqual([
      {
        module: 'jbd2',
        path: 'kernel/fs/jbd2/jbd2.ko',
        problem: 'it needs another form of kmalloc than vmlinux has (CRC)',
        problems: 1,
      },
      expect.objectContaining({ module: 'ext4', problems: 1 }),
    ]);
    expect(other([])).toMatchObject([
      { problem: 'it needs kmalloc, which nothing exports' },
      { module: 'ext4' },
    ]);
    expect(other([exported('kmalloc', 1), exported('jbd2_start', 2)])).toMatchObject([
      { module: 'jbd2', problem: 'it exports jbd2_start, as the image does' },
    ]);
    expect(other(bundle.symvers, 'CONFIG_SMP=y\n')[0]?.problem).toContain('its vermagic has');
  });

  test('without MODVERSIONS there are no CRCs to ask for', () => {
    const modules = [
      stockModule('fs/a.ko', {
        imports: { kmalloc: 0 },
        vermagic: vermagic.replace(' modversions', ''),
        hasVersions: false,
      }),
    ];
    const config = bundle.config.replace('CONFIG_MODVERSIONS=y\n', '');
    const symvers = [exported('kmalloc', 0)];
    expect(compareFit({ modules }, { ...bundle, config, symvers }, places).unfit).toEqual([]);
    expect(compareFit({ modules }, { ...bundle, config, symvers: [] }, places).unfit).toMatchObject(
      [{ problem: 'it needs kmalloc, which nothing exports' }],
    );
  });

  test('where files were not given, that nothing exports a symbol is not said', () => {
    const modules = [
      ...stock.modules.filter(({ module }) => module !== 'jbd2'),
      { module: 'jbd2', path: 'kernel/fs/jbd2/jbd2.ko' },
    ];
    expect(compareFit({ modules }, bundle, places)).toMatchObject({ modules: 1, fitting: 1 });
  });

  test('a module whose code is in the image is not looked at', () => {
    const modules = [stockModule('drivers/net/mii.ko', { imports: { gone: 1 } })];
    expect(compareFit({ modules }, bundle, places)).toMatchObject({ modules: 0, unfit: [] });
  });
});
