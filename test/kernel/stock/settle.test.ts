import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { withProviders } from '../../../src/kernel/stock/closure.ts';
import {
  describeMisfit,
  exportersOf,
  type ImageFacts,
  misfitsOf,
} from '../../../src/kernel/stock/fit.ts';
import type { ModuleFacts } from '../../../src/kernel/stock/module-facts.ts';
import { settleModules } from '../../../src/kernel/stock/settle.ts';

const image: ImageFacts = {
  exports: new Map([
    ['module_layout', 1],
    ['printk', 2],
    ['kfree', 3],
  ]),
  builtIn: new Set(['kernel/drivers/net/e1000.ko']),
  kernelRelease: '6.12.0',
  vermagicFlags: ['SMP', 'modversions'],
  sameTypes: false,
  vendorSigned: false,
};

function module(
  name: string,
  versions: Readonly<Record<string, number>>,
  more: Partial<ModuleFacts> = {},
): ModuleFacts {
  return {
    path: `kernel/${name}.ko`,
    name,
    vermagic: '6.12.0 SMP modversions ',
    versions: new Map([['module_layout', 1], ...Object.entries(versions)]),
    imports: Object.keys(versions),
    exports: [],
    hasTypes: true,
    usesTypes: false,
    rebuilt: false,
    trusted: false,
    ...more,
  };
}

const byPath = (...modules: ModuleFacts[]): Map<string, ModuleFacts> =>
  new Map(modules.map((each) => [each.path, each]));

const misfits = (each: ModuleFacts, others: readonly ModuleFacts[] = [], of = image): string[] =>
  misfitsOf(each, of, exportersOf(of, [each, ...others])).map(describeMisfit);

/** A tree that makes nothing. */
const nothing = async (): Promise<Map<string, ModuleFacts>> => new Map();

describe('whether a stock module fits', () => {
  test('one that needs only what is there', () => {
    expect(misfits(module('a', { printk: 2, kfree: 3 }))).toEqual([]);
  });

  test('one that needs another module', () => {
    const provider = module('b', {}, { exports: [{ name: 'b_call', crc: 9 }] });
    expect(misfits(module('a', { b_call: 9 }), [provider])).toEqual([]);
    expect(misfits(module('a', { b_call: 8 }), [provider])).toEqual([
      'it needs another form of b_call than b has (CRC)',
    ]);
    expect(misfits(module('a', { b_call: 9 }))).toEqual(['it needs b_call, which nothing exports']);
  });

  test.each([
    [
      'another layout of struct module',
      { versions: new Map([['module_layout', 5]]) },
      'it needs another form of module_layout than vmlinux has (CRC)',
    ],
    ['no versions', { versions: new Map() }, 'it has no CRC for module_layout'],
    [
      'another release',
      { vermagic: '6.11.0 SMP modversions ' },
      'its vermagic is of "6.11.0", not "6.12.0"',
    ],
    [
      'numbers of types',
      { usesTypes: true },
      "it registers functions by numbers of types (.BTF_ids) that are the stock image's",
    ],
    [
      'what the image exports, too',
      { exports: [{ name: 'kfree', crc: 3 }] },
      'it exports kfree, as the image does',
    ],
  ] as const)('%s', (_, more, problem) => {
    expect(misfits(module('a', {}, more))).toEqual([problem]);
  });

  test('one that is not as the vendor has signed it, where the vendor signs', () => {
    const signed = { ...image, vendorSigned: true };
    expect(misfits(module('a', {}), [], signed)).toEqual([
      expect.stringMatching(/no signature of its content by stock's own certificate/),
    ]);
    expect(misfits(module('a', {}, { trusted: true }), [], signed)).toEqual([]);
    expect(misfits(module('a', {}, { rebuilt: true }), [], signed)).toEqual([]);
  });

  test('numbers of types hold where the types are the same, or nobody looks', () => {
    for (const sameTypes of [true, undefined]) {
      expect(misfits(module('a', {}, { usesTypes: true }), [], { ...image, sameTypes })).toEqual(
        [],
      );
    }
    expect(misfits(module('a', {}, { usesTypes: true, rebuilt: true }))).toEqual([]);
  });
});

describe('which modules there are in the end', () => {
  test('those that fit are left alone: nothing is made', async () => {
    const stock = byPath(module('a', { printk: 2 }), module('b', { kfree: 3 }));
    const settled = await settleModules(stock, image, () => {
      throw new Error('nothing is to be rebuilt');
    });
    expect(settled.present).toEqual(stock);
    expect(settled.rebuilt.size + settled.missing.size).toBe(0);
  });

  test('what does not fit is rebuilt, and again what needs a form of it that has changed', async () => {
    const old = module('core', { printk: 8 }, { exports: [{ name: 'core_call', crc: 20 }] });
    const user = module('user', { core_call: 20 });
    const asked: (readonly string[])[] = [];
    const settled = await settleModules(byPath(old, user), image, async (paths) => {
      asked.push(paths);
      const tree = byPath(
        module('core', { printk: 2 }, { exports: [{ name: 'core_call', crc: 21 }], rebuilt: true }),
        module('user', { core_call: 21 }, { rebuilt: true }),
      );
      return new Map([...tree].filter(([path]) => paths.includes(path)));
    });
    expect(asked).toEqual([['kernel/core.ko'], ['kernel/user.ko']]);
    expect([...settled.rebuilt.keys()]).toEqual(['kernel/core.ko', 'kernel/user.ko']);
    expect(settled.missing.size).toBe(0);
  });

  test('what cannot be made takes along what needs it, and each says why', async () => {
    const core = module('core', { gone: 1 }, { exports: [{ name: 'core_call', crc: 20 }] });
    const settled = await settleModules(
      byPath(core, module('user', { core_call: 20 }), module('other', { kfree: 3 })),
      image,
      nothing,
    );
    expect([...settled.present.keys()]).toEqual(['kernel/other.ko']);
    const why = [...settled.missing].map(([path, found]) => [path, ...found.map(describeMisfit)]);
    expect(why).toEqual([
      ['kernel/core.ko', 'it needs gone, which nothing exports', 'the tree does not make it'],
      ['kernel/user.ko', 'it needs core_call, which nothing exports', 'the tree does not make it'],
    ]);
  });

  test('one that does not fit although it was rebuilt is not there', async () => {
    const settled = await settleModules(byPath(module('a', { gone: 1 })), image, async () =>
      byPath(module('a', { gone: 1 }, { rebuilt: true })),
    );
    expect(settled.present.size + settled.rebuilt.size).toBe(0);
    expect(settled.missing.get('kernel/a.ko')).toHaveLength(2);
  });

  test('whatever is given: what is there lacks nothing, and nothing is lost unsaid', async () => {
    const names = ['a', 'b', 'c', 'd', 'e'];
    const anyModule = (name: string) =>
      fc
        .record({
          needs: fc.dictionary(
            fc.constantFrom('printk', ...names.map((n) => `of_${n}`)),
            fc.nat(2),
          ),
          crc: fc.nat(2),
          usesTypes: fc.boolean(),
        })
        .map(({ needs, crc, usesTypes }) =>
          module(name, needs, { exports: [{ name: `of_${name}`, crc }], usesTypes }),
        );
    await fc.assert(
      fc.asyncProperty(
        fc.tuple(...names.map(anyModule)),
        fc.tuple(...names.map(anyModule)),
        fc.subarray(names),
        async (stock, tree, makeable) => {
          const settled = await settleModules(byPath(...stock), image, async (paths) => {
            const made = tree.filter(
              ({ path, name }) => paths.includes(path) && makeable.includes(name),
            );
            return byPath(...made.map((each) => ({ ...each, rebuilt: true })));
          });
          const find = exportersOf(image, settled.present.values());
          for (const each of settled.present.values()) {
            expect(misfitsOf(each, image, find)).toEqual([]);
          }
          expect([...settled.present.keys(), ...settled.missing.keys()].sort()).toEqual(
            stock.map(({ path }) => path),
          );
        },
      ),
    );
  });
});

describe('what is compiled beside a module', () => {
  test('all modules whose symbols it needs, but not the image', () => {
    const modules = byPath(
      module('a', { b_call: 1, printk: 2 }),
      module('b', { c_call: 1 }, { exports: [{ name: 'b_call' }, { name: 'printk' }] }),
      module('c', {}, { exports: [{ name: 'c_call' }] }),
      module('d', { b_call: 1 }),
    );
    const goals = withProviders(['kernel/a.ko'], modules, (symbol) => image.exports.has(symbol));
    expect(goals).toEqual(['kernel/a.ko', 'kernel/b.ko', 'kernel/c.ko']);
  });
});
