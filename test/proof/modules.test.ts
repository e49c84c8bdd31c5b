import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  availableModules,
  builtInModules,
  chooseModules,
  moduleName,
} from '../../src/proof/modules.ts';

test.each([
  ['kernel/fs/ext4/ext4.ko', 'ext4'],
  ['kernel/drivers/net/ethernet/8390/ne2k-pci.ko.xz', 'ne2k_pci'],
  ['crc32c-intel.ko.zst', 'crc32c_intel'],
  ['virtio_net', 'virtio_net'],
])('%s is %s', (path, name) => {
  expect(moduleName(path)).toBe(name);
});

test('modules.builtin', () => {
  expect([...builtInModules('kernel/a/b-c.ko\nkernel/d.ko\n')]).toEqual(['b_c', 'd']);
  expect(builtInModules('').size).toBe(0);
});

test('all that a kernel has', () => {
  const all = availableModules('kernel/fs/overlayfs/overlay.ko.xz: a.ko\n', 'kernel/d-e.ko\n');
  expect([...all].sort()).toEqual(['d_e', 'overlay']);
});

test('prefers harmless modules, and one with dependencies', () => {
  const dep = `kernel/drivers/watchdog/softdog.ko:
kernel/fs/overlayfs/overlay.ko:
kernel/fs/xfs/xfs.ko: kernel/lib/libcrc32c.ko
kernel/lib/libcrc32c.ko:
kernel/drivers/gpu/drm/drm.ko: kernel/drivers/i2c/i2c-core.ko kernel/drivers/video/a.ko
`;
  expect(chooseModules(dep)).toEqual(['xfs', 'overlay']);
});

test('takes what there is', () => {
  expect(chooseModules('kernel/fs/fat/fat.ko:\n')).toEqual(['fat']);
  expect(chooseModules('kernel/drivers/a.ko:\n')).toEqual(['a']);
  expect(chooseModules('')).toEqual([]);
});

test('never names one that is not there', () => {
  const name = fc.constantFrom('kernel/fs/ext4/ext4.ko', 'kernel/lib/x-y.ko.xz', 'kernel/net/z.ko');
  fc.assert(
    fc.property(fc.array(fc.tuple(name, fc.array(name))), (lines) => {
      const dep = lines.map(([path, needs]) => `${path}: ${needs.join(' ')}\n`).join('');
      const names = lines.map(([path]) => moduleName(path));
      for (const chosen of chooseModules(dep)) expect(names).toContain(chosen);
    }),
  );
});
