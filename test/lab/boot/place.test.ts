import { expect, test } from 'vitest';
import { defaultBootPath } from '../../../src/lab/boot/place.ts';

test.each([
  ['virtio', 'bios', 'pxelinux', 'http'],
  ['virtio', 'uefi', 'ipxe', 'http'],
  ['rtl8139', 'bios', 'ipxe', 'http'],
  ['vmxnet3', 'bios', 'ipxe', 'http'],
  ['rtl8139', 'uefi', 'ipxe', 'http'],
  ['pcnet', 'bios', 'pxelinux', 'tftp'],
  ['pcnet', 'uefi', 'ipxe', 'tftp'],
  ['i82559er', 'bios', 'pxelinux', 'tftp'],
] as const)(
  '%s boots by %s through %s over %s, unless asked otherwise',
  (card, firmware, loader, transport) => {
    expect(defaultBootPath(card, firmware)).toEqual({ loader, transport });
    expect(defaultBootPath(card, firmware, { transport: 'http' }).transport).toBe('http');
  },
);

test('shim goes with TFTP, unless asked otherwise', () => {
  expect(defaultBootPath('virtio', 'uefi', { loader: 'shim' }).transport).toBe('tftp');
  expect(defaultBootPath('virtio', 'uefi', { loader: 'shim', transport: 'http' }).transport).toBe(
    'http',
  );
});
