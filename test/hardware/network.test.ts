import { expect, test } from 'vitest';
import {
  isInNetworkMenu,
  isNetworkDevice,
  isNetworkDriver,
  modaliasDevice,
  networkKind,
  networkModalias,
  virtualDriver,
} from '../../src/hardware/index.ts';

const pci = (id: string, classCode: string) =>
  modaliasDevice(
    `pci:v0000${id.replace(':', 'd0000')}sv00000000sd00000000bc${classCode.slice(0, 2)}sc${classCode.slice(2)}i00`,
  );

test.each([
  ['0200', true],
  ['0280', true],
  ['0207', true],
  ['0D11', true],
  ['0D00', false],
  ['0300', false],
])('class %s is one of a network: %j', (classCode, expected) => {
  expect(isNetworkDevice(pci('8086:1572', classCode))).toBe(expected);
});

test.each([
  ['virtio:d00000001v00001AF4', 'virtio_net'],
  ['vmbus:635161f83edfc546913ff2d2f965ed0e', 'hv_netvsc'],
  ['xen:vif', 'xen_netfront'],
  ['virtio:d00000002v00001AF4', undefined],
])('%s is driven by %s', (modalias, driver) => {
  expect(virtualDriver(modalias)).toBe(driver);
  expect(isNetworkDevice(modaliasDevice(modalias))).toBe(driver !== undefined);
});

test('a virtio card is driven through the virtio device in it', () => {
  expect(networkModalias(pci('1AF4:1041', '0200'))).toBe('virtio:d00000001v00001AF4');
  expect(networkModalias(pci('8086:1572', '0200'))).toMatch(/^pci:/);
});

test.each([
  ['kernel/drivers/net/ethernet/intel/e1000e/e1000e.ko.xz', true],
  ['kernel/drivers/net/virtio_net.ko', true],
  ['kernel/drivers/staging/rtl8723bs/r8723bs.ko', true],
  ['kernel/drivers/staging/media/atomisp/atomisp.ko', false],
  ['kernel/drivers/scsi/mpt3sas/mpt3sas.ko', false],
  ['kernel/net/ipv4/ipip.ko', false],
])('%s drives network devices: %j', (path, expected) => {
  expect(isNetworkDriver(path)).toBe(expected);
});

test('not all of them are of the menu Network device support', () => {
  expect(isInNetworkMenu('kernel/drivers/net/virtio_net.ko')).toBe(true);
  expect(isInNetworkMenu('kernel/drivers/infiniband/hw/hfi1/hfi1.ko')).toBe(false);
});

test.each([
  ['0200', [], 'ethernet'],
  ['0280', [], 'wireless'],
  ['0280', ['kernel/drivers/net/ethernet/x.ko'], 'ethernet'],
  ['0280', ['kernel/drivers/net/wireless/x.ko'], 'wireless'],
  ['0207', ['kernel/drivers/net/ethernet/mellanox/mlx5/core/mlx5_core.ko'], 'infiniband'],
  ['0D11', [], 'wireless'],
  ['0202', [], 'other'],
])('class %s with drivers %j is %s', (classCode, drivers, kind) => {
  expect(networkKind(pci('8086:1572', classCode), drivers)).toBe(kind);
});
