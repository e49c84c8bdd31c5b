import { describe, expect, test } from 'vitest';
import { stockPlace } from '../../../src/kernel/stock/places.ts';

const el = '5.14.0-570.el9.x86_64';
const debian = '6.12.117+deb12-amd64';
const all = ['modules', 'indexes', 'image', 'config', 'system-map', 'symvers'] as const;

describe("what of a kernel's packages is wanted", () => {
  test.each([
    [`./lib/modules/${el}/vmlinuz`, `lib/modules/${el}/vmlinuz`],
    [`./lib/modules/${el}/symvers.gz`, `lib/modules/${el}/symvers.gz`],
    [`./lib/modules/${el}/symvers.xz`, `lib/modules/${el}/symvers.xz`],
    [`./lib/modules/${el}/kernel/fs/xfs/xfs.ko.xz`, `lib/modules/${el}/kernel/fs/xfs/xfs.ko.xz`],
    [`./lib/modules/${el}/modules.builtin.modinfo`, `lib/modules/${el}/modules.builtin.modinfo`],
    [`/boot/symvers-3.10.0-1.el7.x86_64.gz`, `boot/symvers-3.10.0-1.el7.x86_64.gz`],
    [`./usr/src/kernels/${el}/Module.symvers`, `usr/src/kernels/${el}/Module.symvers`],
    [`./boot/vmlinuz-${debian}`, `boot/vmlinuz-${debian}`],
    [
      `./usr/lib/modules/${debian}/kernel/lib/crc7.ko.xz`,
      `lib/modules/${debian}/kernel/lib/crc7.ko.xz`,
    ],
    [
      `./usr/src/linux-headers-${debian}/Module.symvers`,
      `usr/src/linux-headers-${debian}/Module.symvers`,
    ],
  ])('%s', (name, place) => {
    expect(stockPlace(name, all)).toBe(place);
  });

  test.each([
    `./lib/modules/${el}/.vmlinuz.hmac`,
    `./lib/modules/${el}/build`,
    `./usr/src/kernels/${el}/Makefile`,
    `./usr/share/doc/kernel/COPYING`,
    `./boot/initrd.img-${debian}`,
    `./usr/src/linux-headers-${debian}/scripts/Module.symvers`,
  ])('not %s', (name) => {
    expect(stockPlace(name, all)).toBeUndefined();
  });

  test('only what is asked for', () => {
    const name = `./lib/modules/${el}/kernel/drivers/net/tun.ko.xz`;
    expect(stockPlace(name, ['network-drivers'])).toBeDefined();
    expect(
      stockPlace(`./lib/modules/${el}/kernel/fs/xfs/xfs.ko`, ['network-drivers']),
    ).toBeUndefined();
    expect(stockPlace(name, ['image', 'indexes'])).toBeUndefined();
    expect(stockPlace(`./lib/modules/${el}/vmlinuz`, ['modules'])).toBeUndefined();
  });
});
