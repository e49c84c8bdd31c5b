import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  debugSections,
  ModuleFormatError,
  modinfoValue,
  readDetachedSignature,
  readKernelModule,
} from '../../../src/formats/elf-kmod/index.ts';
import { appendSignature, buildModule, modinfoSection, versionsSection } from './build-module.ts';

const sample = buildModule([
  modinfoSection('license=GPL', 'alias=pci:v1', 'alias=pci:v2', '', 'vermagic=6.1 SMP '),
  versionsSection({ module_layout: 0xdeadbeef, printk: 7 }),
  { name: '.debug_info', content: Buffer.alloc(40) },
  { name: '.rela.debug_info', content: Buffer.alloc(24), type: 4 },
  { name: '.bss', content: Buffer.alloc(0), type: 8 },
]);

/** Whatever the bytes are, the reader answers or throws its own error. */
function readsOrRefuses(bytes: Uint8Array): void {
  try {
    const { signature } = readKernelModule(bytes);
    if (signature?.kind === 'pkcs7') readDetachedSignature(signature.pkcs7);
  } catch (error) {
    expect(error).toBeInstanceOf(ModuleFormatError);
  }
}

describe('readKernelModule', () => {
  test('reads modinfo in its order, versions and sections', () => {
    const module = readKernelModule(sample);
    expect(module.machine).toBe(62);
    expect(module.modinfo).toEqual([
      { key: 'license', value: 'GPL' },
      { key: 'alias', value: 'pci:v1' },
      { key: 'alias', value: 'pci:v2' },
      { key: 'vermagic', value: '6.1 SMP ' },
    ]);
    expect(modinfoValue(module, 'alias')).toBe('pci:v1');
    expect(modinfoValue(module, 'author')).toBeUndefined();
    expect(module.versions).toEqual([
      { name: 'module_layout', crc: 0xdeadbeef },
      { name: 'printk', crc: 7 },
    ]);
    expect(debugSections(module)).toEqual(['.debug_info', '.rela.debug_info']);
    expect(module.signature).toBeUndefined();
  });

  test('reads the symbol versions of 6.14 and later', () => {
    const crcs = Buffer.alloc(8);
    crcs.writeUInt32LE(5, 0);
    crcs.writeUInt32LE(6, 4);
    const module = readKernelModule(
      buildModule([
        { name: '__version_ext_crcs', content: crcs },
        { name: '__version_ext_names', content: Buffer.from('one\0two\0') },
      ]),
    );
    expect(module.versions).toEqual([
      { name: 'one', crc: 5 },
      { name: 'two', crc: 6 },
    ]);
  });

  test('finds the signature behind the ELF file', () => {
    const { signature } = readKernelModule(appendSignature(sample, Buffer.from('PKCS')));
    expect(signature?.signedLength).toBe(sample.length);
    expect(signature).toMatchObject({ kind: 'pkcs7', pkcs7: Buffer.from('PKCS') });
  });

  test.each([
    ['nothing', Buffer.alloc(0), 'not-a-module'],
    ['text', Buffer.from('hello'.repeat(50)), 'not-a-module'],
    ['a 32-bit file', Buffer.from(sample).fill(1, 4, 5), 'not-a-module'],
    ['an executable', Buffer.from(sample).fill(2, 16, 17), 'not-a-module'],
    ['a cut-off file', sample.subarray(0, sample.length - 1), 'out-of-bounds'],
    ['a table far away', Buffer.from(sample).fill(0xff, 40, 48), 'out-of-bounds'],
    ['a signature of another kind', appendSignature(sample, Buffer.from('x'), 0), 'bad-signature'],
    ['a bare one of no algorithm', appendSignature(sample, Buffer.from('x'), 1), 'bad-signature'],
    ['a signature of no length', appendSignature(sample, Buffer.alloc(0)), 'bad-signature'],
    ['nothing but the marker', Buffer.from('~Module signature appended~\n'), 'bad-signature'],
  ])('refuses %s', (_, bytes, problem) => {
    expect(() => readKernelModule(bytes)).toThrow(
      expect.objectContaining({ name: 'ModuleFormatError', problem }),
    );
  });

  test('refuses a signature that claims more bytes than there are', () => {
    const signed = appendSignature(sample, Buffer.from('PKCS'));
    signed.writeUInt32BE(0xffffffff, signed.length - 28 - 4);
    expect(() => readKernelModule(signed)).toThrow(/claims to have 4294967295 bytes/);
  });

  test('keeps what it was given, whatever the names and values are', () => {
    const text = fc.stringMatching(/^[!-<>-~]{1,20}$/);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(text, text)),
        fc.dictionary(text, fc.integer({ min: 0, max: 0xffffffff })),
        (entries, versions) => {
          const module = readKernelModule(
            buildModule([
              modinfoSection(...entries.map(([key, value]) => `${key}=${value}`)),
              versionsSection(versions),
            ]),
          );
          expect(module.modinfo).toEqual(entries.map(([key, value]) => ({ key, value })));
          expect(module.versions).toEqual(
            Object.entries(versions).map(([name, crc]) => ({ name, crc })),
          );
        },
      ),
    );
  });

  test('answers or refuses, for any bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 400 }), readsOrRefuses), { numRuns: 300 });
  });

  test('answers or refuses, for a module with any bytes changed', () => {
    const signed = appendSignature(sample, Buffer.from('308203', 'hex'));
    const change = fc.tuple(fc.nat(signed.length - 1), fc.nat(255));
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 8 }), (changes) => {
        const bytes = Buffer.from(signed);
        for (const [at, value] of changes) bytes[at] = value;
        readsOrRefuses(bytes);
      }),
      { numRuns: 3000 },
    );
  });
});
