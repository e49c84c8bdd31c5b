import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { zstdCompressSync } from 'node:zlib';
import { run } from '../../../src/system/process.ts';

export const release = '6.12.117+deb12-amd64';

/** A made-up WHENCE for {@link layOutFirmware}. */
export const whence = `Driver: bnx2
File: bnx2/plain.fw
File: bnx2/packed.fw
File: bnx2/zipped.fw
Link: bnx2/named.fw -> plain.fw

Licence: Redistributable. See LICENCE.bnx2

${'-'.repeat(70)}
`;

/** What the blobs of {@link layOutFirmware} have in them, by the names that drivers ask for. */
export const contents: Readonly<Record<string, string>> = {
  'bnx2/plain.fw': 'plain bytes',
  'bnx2/packed.fw': 'bytes packed by xz',
  'bnx2/zipped.fw': 'bytes packed by zstd',
  'bnx2/linked.fw': 'plain bytes',
  'alias/plain.fw': 'plain bytes',
  'newer.fw': 'the newer bytes',
};

/** Writes a folder as distros have theirs: packed files, links, and a newer blob for one kernel. */
export async function layOutFirmware(root: string): Promise<string> {
  const write = (name: string, content: string | Uint8Array): void => {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), content);
  };
  write('bnx2/plain.fw', 'plain bytes');
  write('bnx2/packed.fw', 'bytes packed by xz');
  // As the kernel needs it: CRC32 (lib/xz).
  await run('xz', ['--check=crc32', join(root, 'bnx2/packed.fw')]);
  write('bnx2/zipped.fw.zst', zstdCompressSync(Buffer.from('bytes packed by zstd')));
  symlinkSync('plain.fw', join(root, 'bnx2/linked.fw'));
  symlinkSync('bnx2', join(root, 'alias'));
  write('newer.fw', 'older bytes');
  write(`updates/${release}/newer.fw`, 'the newer bytes');
  return root;
}

/** Packs such a folder as Debian does; gives the package's path. */
export async function packFirmwareDeb(home: string): Promise<string> {
  const tree = join(home, 'firmware-test');
  await layOutFirmware(join(tree, 'usr/lib/firmware'));
  mkdirSync(join(tree, 'DEBIAN'), { recursive: true });
  writeFileSync(
    join(tree, 'DEBIAN/control'),
    'Package: firmware-test\nVersion: 1\nArchitecture: all\nMaintainer: nobody <nobody@example.org>\nDescription: test\n',
  );
  mkdirSync(join(tree, 'usr/share/doc/firmware-test'), { recursive: true });
  writeFileSync(
    join(tree, 'usr/share/doc/firmware-test/copyright'),
    'Files: *\nCopyright: 2010 Somebody\nLicense: Broadcom\n Permission is granted.\n',
  );
  await run('dpkg-deb', ['--build', '--root-owner-group', tree, `${tree}.deb`]);
  rmSync(tree, { recursive: true });
  return `${tree}.deb`;
}

/** Packs such a folder as EL does, with its WHENCE among the documents; gives the package's path. */
export async function packFirmwareRpm(home: string): Promise<string> {
  const files = join(home, 'files');
  await layOutFirmware(join(files, 'usr/lib/firmware'));
  mkdirSync(join(files, 'usr/share/doc/linux-firmware'), { recursive: true });
  writeFileSync(join(files, 'usr/share/doc/linux-firmware/WHENCE'), whence);
  const spec = join(home, 'firmware.spec');
  writeFileSync(
    spec,
    `Name: linux-firmware
Version: 1
Release: 1
Summary: test
License: test
BuildArch: noarch
%description
test
%install
cp -a ${files}/. %{buildroot}/
%files
/usr/lib/firmware
/usr/share/doc/linux-firmware/WHENCE
`,
  );
  await run('rpmbuild', [
    ...['-bb', '--define', `_topdir ${join(home, 'rpm')}`],
    ...['--define', '__os_install_post %{nil}', spec],
  ]);
  return join(home, 'rpm/RPMS/noarch/linux-firmware-1-1.noarch.rpm');
}
