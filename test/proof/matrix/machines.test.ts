import { expect, test } from 'vitest';
import { defaultBootPath } from '../../../src/lab/boot/place.ts';
import { checkCombination } from '../../../src/lab/lab.ts';
import { cardNames, cards } from '../../../src/lab/qemu/cards.ts';
import { describeMachine, machinesOf, matrixNames } from '../../../src/proof/matrix/machines.ts';
import { machinesAtOnce } from '../../../src/proof/matrix/prove-matrix.ts';

test.each(matrixNames)('the machines of %s can be had, and none comes twice', (name) => {
  const machines = machinesOf(name);
  for (const { nic, firmware, loader, boot } of machines) {
    expect(() =>
      checkCombination(
        nic,
        firmware,
        defaultBootPath(nic, firmware, loader === undefined ? {} : { loader }),
        boot,
      ),
    ).not.toThrow();
  }
  const titles = machines.map(describeMachine);
  expect(new Set(titles).size).toBe(titles.length);
});

test('full has every card on every firmware by both versions of NFS, and every way to boot', () => {
  const titles = machinesOf('full').map(describeMachine);
  for (const nic of cardNames) {
    for (const firmware of cards[nic].firmwares) {
      for (const nfs of [3, 4] as const) {
        expect(titles).toContain(describeMachine({ nic, firmware, nfs }));
      }
    }
  }
  for (const path of ['pxelinux over TFTP', 'ipxe over HTTP', 'ipxe over TFTP']) {
    expect(titles).toContain(`BIOS, virtio, ${path}, NFS 3`);
  }
  for (const path of ['ipxe over TFTP', 'grub over HTTP', 'grub over TFTP']) {
    expect(titles).toContain(`UEFI, e1000, ${path}, NFS 3`);
  }
});

test('quick is a part of what full would find', () => {
  expect(machinesOf('quick').length).toBeLessThan(10);
});

test('as many at once as there are processors, as long as memory lasts', () => {
  expect(machinesAtOnce(2, 20e9)).toBe(2);
  expect(machinesAtOnce(64, 20e9)).toBe(14);
  expect(machinesAtOnce(4, 0.5e9)).toBe(1);
});
