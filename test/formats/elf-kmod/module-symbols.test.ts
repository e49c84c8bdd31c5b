import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  ModuleFormatError,
  readKernelModule,
  readModuleSymbols,
} from '../../../src/formats/elf-kmod/index.ts';
import { run } from '../../../src/system/process.ts';
import { scratchFolder } from '../../scratch.ts';

/** As include/linux/export-internal.h makes them from 5.19 on. */
const sinceRelative = (name: string, crc: number): string => `
asm(".section \\"___ksymtab+${name}\\",\\"a\\"\\n__ksymtab_${name}:\\n.long 0,0,0\\n.previous\\n"
    ".section \\"___kcrctab+${name}\\",\\"a\\"\\n__crc_${name}:\\n.long ${crc}\\n.previous\\n");
`;

/** As modpost's linker script gives the CRC before: the symbol's own value. */
const absolute = (name: string, crc: number): string => `
asm(".section \\"___ksymtab+${name}\\",\\"a\\"\\n__ksymtab_${name}:\\n.long 0,0,0\\n.previous\\n"
    ".globl __crc_${name}\\n.set __crc_${name}, ${crc}\\n");
`;

async function compile(source: string): Promise<Buffer> {
  const folder = scratchFolder();
  writeFileSync(join(folder, 'a.c'), source);
  await run('gcc', ['-c', '-o', join(folder, 'a.o'), join(folder, 'a.c')]);
  return readFileSync(join(folder, 'a.o'));
}

describe("a module's symbols", () => {
  test('what it needs and what it exports, as the compiler laid it out', async () => {
    const bytes = await compile(`
      extern int needed(int), also_needed;
      extern int perhaps(void) __attribute__((weak));
      ${sinceRelative('given', 0xdeadbeef)}
      ${sinceRelative('also_given', 7)}
      ${absolute('of_old', 0x89abcdef)}
      static int own(void) { return also_needed; }
      int main(void) { return needed(own()) + (perhaps ? perhaps() : 0); }
    `);
    expect(readModuleSymbols(readKernelModule(bytes))).toEqual({
      imports: ['also_needed', 'needed'],
      exports: [
        { name: 'also_given', crc: 7 },
        { name: 'given', crc: 0xdeadbeef },
        { name: 'of_old', crc: 0x89abcdef },
      ],
    });
  });

  test('without CRCs', async () => {
    const bytes = await compile(
      'asm(".section \\"___ksymtab+x\\",\\"a\\"\\n__ksymtab_x:\\n.long 0\\n.previous");',
    );
    expect(readModuleSymbols(readKernelModule(bytes)).exports).toEqual([{ name: 'x' }]);
  });

  test('whatever the bytes are, it ends, and fails as a format does', async () => {
    const bytes = await compile(`extern int needed(void); ${sinceRelative('given', 1)}
      int main(void) { return needed(); }`);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.integer({ min: 0, max: 255 })), {
          minLength: 1,
          maxLength: 8,
        }),
        (changes) => {
          const spoilt = Buffer.from(bytes);
          for (const [at, value] of changes) spoilt[at] = value;
          try {
            readModuleSymbols(readKernelModule(spoilt));
          } catch (error) {
            expect(error).toBeInstanceOf(ModuleFormatError);
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});
