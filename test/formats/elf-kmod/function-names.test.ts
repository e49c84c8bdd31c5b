import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { functionNames, readKernelModule } from '../../../src/formats/elf-kmod/index.ts';
import { buildModule, symbolSections } from './build-module.ts';

/** A module with `.text` as section 1, `.init.text` as section 2, and a table of symbols. */
function moduleWith(symbols: Parameters<typeof symbolSections>[0]): Buffer {
  return buildModule([
    { name: '.text', content: Buffer.alloc(4) },
    { name: '.init.text', content: Buffer.alloc(4) },
    ...symbolSections(symbols, 3),
  ]);
}

describe('functionNames', () => {
  test('functions that stay, and no others', () => {
    const module = readKernelModule(
      moduleWith([
        { name: 'ext4_mount', info: 2, section: 1 },
        { name: '__pfx_ext4_mount', info: 2, section: 1 },
        { name: 'ext4_ops', info: 1, section: 1 },
        { name: 'ext4_init', info: 2, section: 2 },
        { name: 'kmalloc', info: 2, section: 0 },
        { name: 'ext4_umount', info: 0x12, section: 1 },
      ]),
    );
    expect(functionNames(module, 10)).toEqual(['ext4_mount', 'ext4_umount']);
    expect(functionNames(module, 1)).toEqual(['ext4_mount']);
  });

  test('none without a table, and none of a table that leads nowhere', () => {
    expect(functionNames(readKernelModule(buildModule([])), 10)).toEqual([]);
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 200 }),
        fc.uint8Array({ maxLength: 20 }),
        (table, text) => {
          const module = readKernelModule(
            buildModule([
              { name: '.text', content: Buffer.alloc(1) },
              { name: '.symtab', content: table, type: 2, link: 3 },
              { name: '.strtab', content: text },
            ]),
          );
          expect(functionNames(module, 10).length).toBeLessThanOrEqual(10);
        },
      ),
    );
  });
});
