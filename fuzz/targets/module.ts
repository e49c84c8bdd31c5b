import { generateKeyPairSync } from 'node:crypto';
import {
  functionNames,
  ModuleFormatError,
  readKernelModule,
  readModuleSymbols,
} from '../../src/formats/elf-kmod/index.ts';
import { checkModule } from '../../src/kernel/modules/check-module.ts';
import {
  appendSignature,
  buildModule,
  modinfoSection,
  symbolSections,
  versionsSection,
} from '../../test/formats/elf-kmod/build-module.ts';
import type { Random } from '../random.ts';
import type { Target } from '../target.ts';

const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });

const expectation = {
  kernelRelease: '6.0.0-1.el9.x86_64',
  vermagicFlags: ['SMP', 'mod_unload'],
  publicKeys: [publicKey],
};

function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  return Buffer.concat([
    Buffer.from([tag, 0x82, content.length >> 8, content.length & 255]),
    content,
  ]);
}

const oid = (hex: string): Buffer => der(0x06, Buffer.from(hex, 'hex'));

/** A detached PKCS#7 message as sign-file writes it, of a signature of zeros. */
function pkcs7(): Buffer {
  const sha256 = der(0x30, oid('608648016503040201'));
  const rsa = der(0x30, oid('2a864886f70d010101'));
  const signer = der(0x30, der(0x02), der(0x30), sha256, rsa, der(0x04, Buffer.alloc(128)));
  const data = der(0x30, der(0x02), der(0x31, sha256), der(0x30), der(0x31, signer));
  return der(0x30, oid('2a864886f70d010702'), der(0xa0, data));
}

/** Changes a field of a section header. */
function mutateSection(input: Uint8Array, random: Random): Uint8Array | undefined {
  const bytes = Buffer.from(input);
  if (bytes.length < 128) return undefined;
  const table = Number(bytes.readBigUInt64LE(40));
  const count = bytes.readUInt16LE(60);
  const at = table + 64 * random.below(count) + (random.pick([0, 4, 24, 32]) ?? 0);
  if (!Number.isSafeInteger(at) || at + 8 > bytes.length) return undefined;
  if (random.oneIn(4)) bytes.writeUInt32LE(random.below(12), at);
  else bytes.writeBigUInt64LE(BigInt(random.below(bytes.length + 2)), at);
  return bytes;
}

/** A kernel module: ELF, .modinfo, versions, signature. */
export const moduleTarget: Target = {
  name: 'module',
  words: ['.modinfo', '__versions', '__version_ext_crcs', '__version_ext_names', 'vermagic='],
  seeds: () => {
    const plain = buildModule([
      modinfoSection('license=GPL', 'vermagic=6.0.0-1.el9.x86_64 SMP mod_unload '),
      versionsSection({ printk: 0x12345678, kmalloc: 1 }),
    ]);
    const extended = buildModule([
      modinfoSection('vermagic=6.0.0-1.el9.x86_64'),
      { name: '__version_ext_crcs', content: Buffer.alloc(8) },
      { name: '__version_ext_names', content: Buffer.from('printk\0kmalloc\0') },
      { name: '.debug_info', content: Buffer.alloc(8), type: 8 },
    ]);
    const named = buildModule([
      { name: '.text', content: Buffer.alloc(4) },
      ...symbolSections(
        [
          { name: 'probe', info: 2, section: 1 },
          { name: '__ksymtab_call', info: 0x10, section: 1 },
          { name: 'kmalloc', info: 0x10, section: 0 },
        ],
        2,
      ),
    ]);
    return [
      plain,
      extended,
      named,
      appendSignature(plain, pkcs7()),
      appendSignature(plain, Buffer.alloc(9)),
    ];
  },
  mutate: mutateSection,
  async run(input) {
    const codes = checkModule(input, expectation).map(({ code }) => code);
    // What cannot be read, or is signed wrongly, has no symbols to be read.
    if (codes.includes('BW-MODULES-UNREADABLE') || codes.includes('BW-MODULES-SIGNATURE')) return;
    const module = readKernelModule(input);
    readModuleSymbols(module);
    functionNames(module, 32);
  },
  isOwnError: (error) => error instanceof ModuleFormatError,
};
