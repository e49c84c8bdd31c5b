import { forgeManifest } from '../../fuzz/targets/manifest.ts';
import { type ManifestContent, nameManifest } from '../../src/bundle/manifest.ts';
import { provenance, release, report } from '../bundle/parts.ts';
import { buildModule } from '../formats/elf-kmod/build-module.ts';
import { craftRpm } from '../formats/rpm/build.ts';
import type { HostileInput } from './hostile-kconfig.ts';

const sha256 = '12'.repeat(32);

const content: ManifestContent = {
  schemaVersion: 1,
  ...provenance,
  kernel: { image: `boot/vmlinuz-${release}`, sha256, bytes: 4096, version: `${release} #1` },
  promotion: { report: `boot/promotion-${release}.json`, ...report },
  files: [{ path: `boot/vmlinuz-${release}`, bytes: 4096, mode: '0644', sha256 }],
  bytes: 4096,
  timestamp: 1_700_000_000,
};

/** A manifest with something else in it, and a content key that holds all the same. */
function manifest(what: string, change: object, error: RegExp): HostileInput {
  return {
    target: 'manifest',
    what,
    input: () => Buffer.from(forgeManifest({ ...nameManifest(content), ...change })),
    error,
  };
}

/** As many nested arrays as can still be written by JSON.stringify, of which reading knows no end. */
function nestedManifest(depth: number): Buffer {
  const text = JSON.stringify(nameManifest(content));
  return Buffer.from(`${text.slice(0, -1)},"x":${'['.repeat(depth)}${']'.repeat(depth)}}`);
}

/** A source package with the 32-bit number at an offset from its first header changed. */
function rpm(what: string, offset: number, value: number, error: RegExp): HostileInput {
  return {
    target: 'rpm',
    what,
    input: () => {
      const bytes = craftRpm([{ name: 'kernel.spec', content: '' }]);
      bytes.writeUInt32BE(value, 96 + offset);
      return bytes;
    },
    error,
  };
}

/** A module with so many sections, each with the same long name. */
function manyLongNames(sections: number, length: number): Buffer {
  const module = buildModule([{ name: 'x'.repeat(length), content: Buffer.alloc(0) }]);
  const table = Number(module.readBigUInt64LE(40));
  const header = module.subarray(table + 64, table + 128);
  const names = module.subarray(table + 128, table + 192);
  const all = Buffer.concat([
    module.subarray(0, table + 64),
    ...Array.from({ length: sections }, () => header),
    names,
  ]);
  all.writeUInt16LE(sections + 2, 60);
  all.writeUInt16LE(sections + 1, 62);
  return all;
}

const cpioHeader = (fields: Readonly<Record<number, string>>): Buffer =>
  Buffer.from(
    `\x01070701${Array.from({ length: 13 }, (_, i) => fields[i] ?? '00000000').join('')}x\0`,
  );

/** Bytes that announce more than there is, or nest without end. */
export const hostileBytes: readonly HostileInput[] = [
  manifest(
    'a package name that makes the id too long (was a ZodError)',
    { target: { ...content.target, name: 'x'.repeat(1000) } },
    /changed after packing/,
  ),
  {
    target: 'manifest',
    what: 'unknown values that nest too deeply to be written again (was a RangeError)',
    input: () => nestedManifest(30_000),
    error: /changed after packing/,
  },
  {
    target: 'manifest',
    what: 'nothing but brackets',
    input: () => Buffer.from('['.repeat(1_000_000)),
    error: /not JSON/,
  },
  rpm('a signature of 4 thousand million entries', 8, 0xffffffff, /announces 4294967295 entries/),
  rpm('a signature of 4 GB', 12, 0xfffffff0, /bytes of data/),
  rpm('a signature that ends behind the file', 12, 0x1ffffff, /inside of its signature/),
  rpm('a tag of 4 thousand million values', 28, 0xffffffff, /leads out of its header/),
  rpm('a tag at a negative offset', 24, 0x80000000, /at offset -2147483648/),
  {
    target: 'cpio',
    what: 'a name of 4 GB',
    input: () => cpioHeader({ 11: 'ffffffff' }),
    error: /name has 4294967295 bytes/,
  },
  {
    target: 'cpio',
    what: 'a file of 4 GB, of which nothing is there',
    input: () => cpioHeader({ 6: 'ffffffff', 11: '00000002' }),
    error: /ends inside of a member/,
  },
  {
    target: 'module',
    what: 'thousands of sections of one long name (took gigabytes)',
    input: () => manyLongNames(60_000, 100_000),
  },
  {
    target: 'spec',
    what: 'variables that stand for others many times over (took minutes)',
    input: () => {
      const lines = ['a', 'b', 'c', 'd', 'e'].map(
        (name, i) => `${'abcdef'[i + 1]}=${`$${name}`.repeat(60)}`,
      );
      return Buffer.from(`a=x\n${lines.join('\n')}\nKernelVer=${'$f'.repeat(60)}\n`);
    },
  },
  {
    target: 'spec',
    what: 'blanks where a value might end (took six seconds)',
    input: () => Buffer.from(`a=${' '.repeat(30_000)}x\nKernelVer=$a\n`.repeat(2)),
  },
  {
    target: 'config',
    what: 'one symbol over and over, and lines without end',
    input: () =>
      Buffer.from(`${'CONFIG_A=m\nCONFIG_C1=y\n'.repeat(2500)}CONFIG_S="${'\\'.repeat(9999)}`),
  },
  {
    target: 'defaults',
    what: 'names that all objects have',
    input: () => Buffer.from('{"__proto__": {"quiet": true}, "build": {"constructor": 1}}'),
    error: /no command or option/,
  },
];
