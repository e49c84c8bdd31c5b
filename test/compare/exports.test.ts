import { describe, expect, test } from 'vitest';
import { compareExports } from '../../src/compare/exports.ts';
import type { ExportedSymbol } from '../../src/formats/symvers/index.ts';
import { bundle, exported, makeManifest, stockModule } from './world.ts';

/** A bundle that exports those. */
const exporting = (...symvers: readonly ExportedSymbol[]) => ({ ...bundle, symvers });

describe('compareExports', () => {
  test('counts what is equal, and of it what moved into the image', () => {
    const symvers = [exported('a', 1), exported('b', 2, 'fs/b/b'), exported('c', 3, 'fs/c/c')];
    const kernel = exporting(exported('a', 1), exported('b', 2), exported('c', 3, 'fs/c/c'));
    expect(compareExports({ modules: [], symvers }, kernel)).toEqual({
      source: 'symvers',
      stock: 3,
      bundle: 3,
      shared: 3,
      equal: 3,
      moved: 1,
      unknown: 0,
      withoutCrcs: false,
      differences: [],
    });
  });

  test('finds what is missing, added, changed, and exported otherwise', () => {
    const symvers = [
      exported('gone', 1),
      exported('changed', 2),
      exported('licence', 3, 'vmlinux', 'EXPORT_SYMBOL'),
      { ...exported('space', 4), namespace: 'OLD' },
    ];
    const kernel = exporting(
      exported('changed', 7),
      exported('licence', 3),
      exported('space', 4),
      exported('new', 5),
    );
    expect(compareExports({ modules: [], symvers }, kernel).differences).toEqual([
      { name: 'gone', what: 'missing', provider: 'vmlinux', from: '0x00000001', to: '' },
      { name: 'changed', what: 'crc', provider: 'vmlinux', from: '0x00000002', to: '0x00000007' },
      {
        name: 'licence',
        what: 'kind',
        provider: 'vmlinux',
        from: 'EXPORT_SYMBOL',
        to: 'EXPORT_SYMBOL_GPL',
      },
      { name: 'space', what: 'namespace', provider: 'vmlinux', from: 'OLD', to: '' },
      { name: 'new', what: 'added', provider: 'vmlinux', from: '', to: '0x00000005' },
    ]);
  });

  test('without symvers, what modules import counts, and who exports it is known', () => {
    const modules = [
      stockModule('fs/jbd2/jbd2.ko', { imports: { kmalloc: 1 }, exports: ['jbd2_start'] }),
      stockModule('fs/ext4/ext4.ko', { imports: { kmalloc: 1, jbd2_start: 2 } }),
    ];
    const comparison = compareExports(
      { modules },
      exporting(exported('kmalloc', 1), exported('module_layout', 0xaa), exported('more', 9)),
    );
    expect(comparison).toMatchObject({ source: 'imports', stock: 3, shared: 2, equal: 2 });
    // That "more" is new cannot be told.
    expect(comparison.differences).toEqual([
      { name: 'jbd2_start', what: 'missing', provider: 'fs/jbd2/jbd2', from: '0x00000002', to: '' },
    ]);
  });

  test('what may be of a module whose file was not given is not called missing', () => {
    const modules = [
      stockModule('fs/ext4/ext4.ko', { imports: { kmalloc: 1, jbd2_start: 2 } }),
      { module: 'jbd2', path: 'kernel/fs/jbd2/jbd2.ko' },
    ];
    expect(
      compareExports(
        { modules },
        exporting(exported('kmalloc', 1), exported('module_layout', 0xaa)),
      ),
    ).toMatchObject({
      source: 'imports',
      equal: 2,
      moved: 0,
      unknown: 1,
      differences: [],
    });
  });

  test('says that nothing is known, and that there are no CRCs', () => {
    const symvers = [exported('a', 0)];
    expect(compareExports({ modules: [] }, exporting(...symvers)).source).toBe('none');
    expect(compareExports({ modules: [], symvers }, exporting(...symvers)).withoutCrcs).toBe(true);
  });

  test('where the bundle’s modules are stock’s own, they export what they do in stock', () => {
    const symvers = [exported('a', 1), exported('b', 2, 'fs/b/b'), exported('c', 3, 'fs/c/c')];
    const placed = {
      sources: [],
      trusted: [],
      untouched: 1,
      resigned: 0,
      types: 'kept' as const,
      inImage: [],
      rebuilt: [{ path: 'kernel/fs/c/c.ko', why: ['it needs another form of a'] }],
      missing: [],
    };
    const kernel = {
      ...exporting(exported('a', 1)),
      modules: ['kernel/fs/b/b.ko.xz', 'kernel/fs/c/c.ko'],
      manifest: { ...makeManifest({}, { modules: 'stock' }), stock: placed },
    };
    expect(compareExports({ modules: [], symvers }, kernel)).toMatchObject({
      bundle: 2,
      equal: 2,
      unknown: 1,
      differences: [],
    });
  });
});
