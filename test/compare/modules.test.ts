import { describe, expect, test } from 'vitest';
import type { BundleFacts, StockFacts } from '../../src/compare/facts.ts';
import { bundlePlacement, compareModules, stockPlacement } from '../../src/compare/modules.ts';
import { bundle, makeManifest, stock, stockModule } from './world.ts';

/** Compares by what two kernels have. */
function compare(
  facts: StockFacts,
  kernel: BundleFacts,
  openConfig: Parameters<typeof compareModules>[3],
  merged: readonly string[] = [],
) {
  const placements = { stock: stockPlacement(facts), bundle: bundlePlacement(kernel, merged) };
  return compareModules(placements, kernel.manifest, merged, openConfig);
}

describe('compareModules', () => {
  test('says where each is, and why', () => {
    const modules = compare(stock, bundle, []);
    expect(modules.find(({ module }) => module === 'e1000e')).toEqual({
      module: 'e1000e',
      path: 'kernel/drivers/net/ethernet/intel/e1000e/e1000e.ko',
      stock: 'module',
      now: 'built-in',
      reason: 'E1000E: in scope',
      standing: 'explained',
    });
    expect(modules.find(({ module }) => module === 'ext4')).toMatchObject({
      stock: 'module',
      now: 'module',
      reason: '',
    });
    expect(modules.find(({ module }) => module === 'binfmt_script')).toMatchObject({
      stock: 'built-in',
      now: 'built-in',
    });
  });

  test('one that is gone is open, unless the bundle was to have none', () => {
    const without = { ...bundle, modules: [] };
    const ofExt4 = (kernel: typeof bundle) =>
      compare(stock, kernel, []).find(({ module }) => module === 'ext4');
    expect(ofExt4(without)).toMatchObject({ now: 'absent', standing: 'open' });
    const manifest = makeManifest({}, { modules: 'none' });
    expect(ofExt4({ ...without, manifest })).toMatchObject({
      now: 'absent',
      standing: 'explained',
      reason: 'the bundle has no modules (--modules none)',
    });
    const lost = makeManifest({
      lost: [{ symbol: 'EXT4', from: 'm', to: 'n', reason: 'BLOCK=n' }],
    });
    expect(ofExt4({ ...without, manifest: lost })).toMatchObject({
      standing: 'explained',
      reason: 'EXT4: BLOCK=n',
    });
  });

  test('what follows from the config is explained unless an open line can be the cause', () => {
    const kernel = { ...bundle, builtIn: [...bundle.builtIn, 'kernel/lib/odd-name.ko'] };
    const facts = { ...stock, modules: [...stock.modules, stockModule('lib/odd-name.ko')] };
    for (const [line, standing] of [
      [{ from: '250', to: '100' }, 'explained'],
      [{ from: 'm', to: 'y' }, 'open'],
    ] as const) {
      expect(
        compare(facts, kernel, [line]).find(({ module }) => module === 'odd_name'),
      ).toMatchObject({
        now: 'built-in',
        standing,
        reason: 'by a symbol that is called otherwise',
      });
    }
  });

  test('a driver that was given, packed or not', () => {
    const kernel = { ...bundle, modules: [...bundle.modules, 'updates/vendor.ko.xz'] };
    expect(
      compare(stock, kernel, [{ from: 'n', to: 'y' }]).find(({ module }) => module === 'vendor'),
    ).toMatchObject({
      stock: 'absent',
      now: 'module',
      path: 'updates/vendor.ko',
      standing: 'explained',
    });
  });

  test('one that stock has in its image and the bundle nowhere is open', () => {
    const kernel = { ...bundle, builtIn: bundle.builtIn.slice(1) };
    expect(
      compare(stock, kernel, []).find(({ module }) => module === 'binfmt_script'),
    ).toMatchObject({ stock: 'built-in', now: 'absent', standing: 'open' });
  });

  test('one whose code another module took in is built in', () => {
    const without = { ...bundle, modules: bundle.modules.slice(1) };
    expect(
      compare(stock, without, [], ['jbd2']).find(({ module }) => module === 'jbd2'),
    ).toMatchObject({ stock: 'module', now: 'built-in', standing: 'explained' });
  });

  test('what a bundle says of stock’s modules beside it', () => {
    const placed = {
      sources: [],
      trusted: [],
      untouched: 0,
      resigned: 0,
      types: 'removed' as const,
      inImage: [],
      rebuilt: [{ path: 'kernel/fs/jbd2/jbd2.ko', why: ['it needs another form of kmalloc'] }],
      missing: [{ path: 'kernel/fs/ext4/ext4.ko', why: ['the tree does not make it'] }],
    };
    const manifest = { ...makeManifest({}, { modules: 'stock' }), stock: placed };
    const modules = compare(
      stock,
      { ...bundle, modules: bundle.modules.slice(0, 1), manifest },
      [],
    );
    expect(modules.find(({ module }) => module === 'jbd2')).toMatchObject({
      now: 'module',
      reason: 'compiled from the tree: it needs another form of kmalloc',
      standing: 'explained',
    });
    expect(modules.find(({ module }) => module === 'ext4')).toMatchObject({
      now: 'absent',
      reason: 'it neither fits nor can be compiled: the tree does not make it',
      standing: 'open',
    });
  });
});
