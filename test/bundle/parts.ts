import { chmodSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BuiltParts } from '../../src/bundle/content.ts';
import type { Provenance } from '../../src/bundle/manifest.ts';
import { packBundle } from '../../src/bundle/pack.ts';
import { kernelTargetSchema } from '../../src/kernel/target.ts';
import { unwatched } from '../../src/system/progress.ts';

export const release = '5.14.0-570.32.1.el9_6.x86_64';

/** The head of an x86 kernel image, with nothing to run behind it. */
export function makeImage(version = `${release} (mockbuild@host) #1 SMP netboot`): Buffer {
  const image = Buffer.alloc(4096);
  image.writeUInt16LE(0xaa55, 0x1fe);
  image.write('HdrS', 0x202, 'latin1');
  image.writeUInt16LE(0x020f, 0x206);
  image.writeUInt16LE(0x0600, 0x20e);
  image.write(version, 0x800, 'latin1');
  return image;
}

/** A relocatable ELF file with the sections of a module: enough to be read, nothing to be loaded. */
export function makeModule({
  vermagic = `${release} SMP preempt mod_unload modversions `,
  signed = true,
  debug = false,
} = {}): Buffer {
  const contents: [string, Buffer][] = [
    ['.modinfo', Buffer.from(`license=GPL\0vermagic=${vermagic}\0`)],
    ...(debug ? [['.debug_info', Buffer.alloc(64)] satisfies [string, Buffer]] : []),
  ];
  const names = ['', ...contents.map(([name]) => name), '.shstrtab'];
  const nameTable = Buffer.from(names.map((name) => `${name}\0`).join(''));
  const sections: [string, Buffer][] = [...contents, ['.shstrtab', nameTable]];
  const headers = Buffer.alloc(64 * (sections.length + 1));
  let offset = 64;
  for (const [index, [name, content]] of sections.entries()) {
    const at = 64 * (index + 1);
    headers.writeUInt32LE(nameTable.indexOf(`\0${name}\0`) + 1, at);
    headers.writeUInt32LE(name === '.shstrtab' ? 3 : 1, at + 4);
    headers.writeBigUInt64LE(BigInt(offset), at + 24);
    headers.writeBigUInt64LE(BigInt(content.length), at + 32);
    headers.writeBigUInt64LE(1n, at + 48);
    offset += content.length;
  }
  const head = Buffer.alloc(64);
  head.write('\x7fELF\x02\x01\x01', 0, 'latin1');
  head.writeUInt16LE(1, 16);
  head.writeUInt16LE(62, 18);
  head.writeUInt32LE(1, 20);
  head.writeBigUInt64LE(BigInt(offset), 40);
  head.writeUInt16LE(64, 52);
  head.writeUInt16LE(64, 58);
  head.writeUInt16LE(sections.length + 1, 60);
  head.writeUInt16LE(sections.length, 62);
  const elf = Buffer.concat([head, ...sections.map(([, content]) => content), headers]);
  if (!signed) return elf;
  const trailer = Buffer.alloc(12);
  trailer.writeUInt8(2, 2);
  trailer.writeUInt32BE(32, 8);
  return Buffer.concat([
    elf,
    Buffer.alloc(32, 0x30),
    trailer,
    Buffer.from('~Module signature appended~\n'),
  ]);
}

const noChange = { from: 'm', to: 'y', reason: '' };

export const report = {
  promoted: [
    { symbol: 'E1000E', ...noChange, reason: 'in scope', location: 'drivers/net/Kconfig:7' },
    { symbol: 'VIRTIO_NET', ...noChange, reason: 'in scope', location: 'drivers/net/Kconfig:9' },
  ],
  requested: [{ symbol: 'ROOT_NFS', from: 'n', to: 'y', reason: 'the root is on NFS' }],
  raised: [
    {
      symbol: 'CAN',
      ...noChange,
      reason: 'CAN_DEV depends on it',
      location: 'drivers/net/can/Kconfig:3',
    },
  ],
  selected: [{ symbol: 'MII', ...noChange, reason: 'selected by E1000E' }],
  excluded: [{ symbol: 'NETDEVSIM', from: 'm', to: 'm', reason: 'a simulator' }],
  stuck: [],
  lost: [
    {
      symbol: 'IWLWIFI_OPMODE_MODULAR',
      from: 'y',
      to: null,
      reason: 'holds only while the drivers are modules',
    },
  ],
  enabled: [],
  pinned: [{ symbol: 'FOO', from: 'n', to: 'n', reason: 'FOO=y would be the default' }],
  settings: [
    {
      symbol: 'MODULE_SIG_KEY',
      from: '"certs/signing_key.pem"',
      to: '"/keys/x.pem"',
      reason: 'signed by our own key',
    },
  ],
};

export const config = `#
# Automatically generated file; DO NOT EDIT.
# Linux/x86 5.14.0 Kernel Configuration
#
CONFIG_E1000E=y
CONFIG_VIRTIO_NET=y
CONFIG_ROOT_NFS=y
`;

export const provenance: Provenance = {
  target: kernelTargetSchema.parse({
    distro: 'el9_6',
    name: 'kernel',
    version: '5.14.0',
    release: '570.32.1.el9_6',
    architecture: 'x86_64',
    kernelRelease: release,
  }),
  source: {
    fileName: 'kernel-5.14.0-570.32.1.el9_6.src.rpm',
    sha256: 'ab'.repeat(32),
    spec: 'kernel.spec',
    supplied: [{ name: '_buildshell', value: '/bin/bash', reason: '/bin/sh is not bash' }],
  },
  toolchain: [{ name: 'gcc', version: 'gcc (Debian 12.2.0-14) 12.2.0' }],
  settings: { scope: 'network-devices', debugInfo: 'keep', modules: 'all', deviations: [] },
  configDelta: [
    { symbol: 'CC_VERSION_TEXT', from: 'gcc 11', to: 'gcc 12', reason: 'the compiler differs' },
  ],
  modules: { count: 2, bytesBefore: 87_300_000, bytesAfter: 7_100_000, signed: true },
  certificate: { subject: 'CN=Bootwright build key', sha256: 'cd'.repeat(32) },
};

/** Writes everything that a bundle is packed from into a folder. */
export function writeParts(folder: string): BuiltParts {
  const file = (name: string, content: string | Uint8Array): string => {
    const path = join(folder, name);
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(path, content);
    return path;
  };
  const tree = `lib/modules/${release}`;
  file(`${tree}/kernel/fs/ext4/ext4.ko`, makeModule());
  file(`${tree}/kernel/net/dummy.ko`, makeModule());
  file(`${tree}/modules.dep`, 'kernel/fs/ext4/ext4.ko:\nkernel/net/dummy.ko:\n');
  file(`${tree}/modules.builtin`, 'kernel/drivers/net/e1000e.ko\n');
  return {
    image: file('bzImage', makeImage()),
    config: file('netboot.config', config),
    stockConfig: file('stock.config', config.replaceAll('=y', '=m')),
    systemMap: file('System.map', 'ffffffff81000000 T _text\n'),
    moduleSymvers: file('Module.symvers', '0x12345678\tmii\tvmlinux\tEXPORT_SYMBOL\t\n'),
    promotionReport: file('report.json', JSON.stringify(report)),
    moduleTree: join(folder, tree),
  };
}

/** Gives every file of the parts other times and modes, as another build on another host would. */
export function disturb(parts: BuiltParts): void {
  for (const path of Object.values(parts)) {
    utimesSync(path, 1_234_567, 1_234_567);
    if (path !== parts.moduleTree) chmodSync(path, 0o700);
  }
  chmodSync(join(parts.moduleTree, 'modules.dep'), 0o600);
}

/** Packs a bundle of these parts. */
export function pack(
  parts: BuiltParts,
  folder: string,
  options: Partial<Parameters<typeof packBundle>[0]> = {},
) {
  return packBundle({
    parts,
    provenance,
    format: 'tar.zst',
    folder,
    timestamp: 1_700_000_000,
    step: unwatched,
    ...options,
  });
}
