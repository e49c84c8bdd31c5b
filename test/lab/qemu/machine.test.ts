import { describe, expect, test } from 'vitest';
import { checkCombination } from '../../../src/lab/lab.ts';
import { cardNames } from '../../../src/lab/qemu/cards.ts';
import { machineArguments } from '../../../src/lab/qemu/machine.ts';

const machine = {
  card: 'e1000',
  accelerator: 'tcg',
  memory: 512,
  monitor: '/run/q.sock',
  uuid: '00000000-0000-4000-8000-000000000001',
} as const;

describe('machineArguments', () => {
  test('BIOS', () => {
    expect(machineArguments({ ...machine, firmware: 'bios' }).join(' ')).toBe(
      '-name bootwright-proof -nodefaults -nographic -no-user-config -accel tcg -M pc -m 512 ' +
        '-uuid 00000000-0000-4000-8000-000000000001 -serial stdio -qmp unix:/run/q.sock,server=on,wait=off -no-reboot ' +
        '-netdev tap,id=net0,ifname=tap0,script=no,downscript=no -device e1000,netdev=net0,mac=52:54:00:77:00:10,bootindex=1',
    );
  });

  test('a second card is the first on the bus, has no ROM, and leads nowhere', () => {
    const text = machineArguments({ ...machine, secondCard: true, firmware: 'bios' }).join(' ');
    expect(text).toContain(
      '-no-reboot -netdev tap,id=net1,ifname=tap1,script=no,downscript=no ' +
        '-device e1000,netdev=net1,mac=52:54:00:77:00:11,romfile= ' +
        '-netdev tap,id=net0,ifname=tap0,script=no,downscript=no ' +
        '-device e1000,netdev=net0,mac=52:54:00:77:00:10,bootindex=1',
    );
  });

  test.each([
    [
      'cd',
      '-drive if=none,id=medium,format=raw,readonly=on,media=cdrom,file=/run/m.iso -device ide-cd,drive=medium,bootindex=0',
    ],
    [
      'usb',
      '-drive if=none,id=medium,format=raw,readonly=on,file=/run/m.iso -device qemu-xhci -device usb-storage,drive=medium,bootindex=0',
    ],
  ] as const)('a medium (%s) is booted first, and the card has no ROM', (kind, words) => {
    const medium = { kind, image: '/run/m.iso' };
    const text = machineArguments({ ...machine, firmware: 'bios', medium }).join(' ');
    expect(text).toMatch(/-device e1000,netdev=net0,mac=52:54:00:77:00:10,romfile= -drive if=none/);
    expect(text.endsWith(words)).toBe(true);
  });

  test('UEFI has its code read-only and variables of its own', () => {
    const text = machineArguments({
      ...machine,
      firmware: 'uefi',
      uefi: { code: '/run/c.fd', variables: '/run/v.fd' },
    }).join(' ');
    expect(text).toContain(
      '-M q35 -m 512 -uuid 00000000-0000-4000-8000-000000000001 -serial stdio',
    );
    expect(text).toContain(
      '-drive if=pflash,format=raw,unit=0,readonly=on,file=/run/c.fd -drive if=pflash,format=raw,unit=1,readonly=off,file=/run/v.fd',
    );
  });
});

test('a machine that is set to HTTP Boot does not try PXE', () => {
  const text = machineArguments({ ...machine, firmware: 'uefi', method: 'http-boot' }).join(' ');
  expect(text).toContain(
    '-fw_cfg name=opt/org.tianocore/IPv4PXESupport,string=no -fw_cfg name=opt/org.tianocore/IPv6PXESupport,string=no -netdev',
  );
  expect(machineArguments({ ...machine, firmware: 'uefi' })).not.toContain('-fw_cfg');
});

test('a card that UEFI has a driver for boots without its ROM, and only there', () => {
  const device = (card: 'virtio' | 'e1000', firmware: 'bios' | 'uefi') =>
    machineArguments({ ...machine, card, firmware }).at(-1);
  expect(device('virtio', 'uefi')).toMatch(/^virtio-net-pci,.*,romfile=$/);
  expect(device('virtio', 'bios')).not.toContain('romfile');
  expect(device('e1000', 'uefi')).not.toContain('romfile');
});

describe('checkCombination', () => {
  test.each([
    ['bios', 'pxelinux', 'proxy-dhcp'],
    ['bios', 'ipxe', 'proxy-dhcp'],
    ['uefi', 'ipxe', 'proxy-dhcp'],
    ['uefi', 'ipxe', 'http-boot'],
  ] as const)('%s comes to %s by %s', (firmware, loader, method) => {
    const path = { loader, transport: 'http' } as const;
    expect(() => checkCombination('virtio', firmware, path, method)).not.toThrow();
  });

  test.each([
    ['bios', 'pxelinux', 'http-boot'],
    ['uefi', 'grub', 'proxy-dhcp'],
    ['uefi', 'grub', 'http-boot'],
  ] as const)('%s does not come to %s by %s', (firmware, loader, method) => {
    const path = { loader, transport: 'http' } as const;
    expect(() => checkCombination('virtio', firmware, path, method)).toThrow(
      expect.objectContaining({ code: 'BW-PROOF-COMBINATION' }),
    );
  });

  test.each(cardNames)('%s boots by BIOS, through pxelinux and iPXE', (card) => {
    for (const loader of ['pxelinux', 'ipxe'] as const) {
      expect(() => checkCombination(card, 'bios', { loader, transport: 'http' })).not.toThrow();
    }
  });

  test.each([
    ['i82559er', 'uefi', 'ipxe', 'http'],
    ['virtio', 'bios', 'grub', 'http'],
    ['virtio', 'uefi', 'pxelinux', 'http'],
    ['virtio', 'bios', 'shim', 'tftp'],
    // What is signed has no HTTP, and the boot ROM of that card is not signed.
    ['virtio', 'uefi', 'shim', 'http'],
    ['e1000', 'uefi', 'shim', 'tftp'],
  ] as const)('refuses %s by %s through %s over %s', (card, firmware, loader, transport) => {
    expect(() => checkCombination(card, firmware, { loader, transport })).toThrow(
      expect.objectContaining({ code: 'BW-PROOF-COMBINATION' }),
    );
  });
});
