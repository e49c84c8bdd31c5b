import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  claimedId,
  isPartlyKnown,
  parsePciModalias,
  parseUsbModalias,
  pciModalias,
  usbModalias,
  withoutDetails,
} from '../../src/hardware/device-id.ts';

const hex = (digits: number) =>
  fc.integer({ min: 0, max: 16 ** digits - 1 }).map((n) => n.toString(16).padStart(digits, '0'));
const pair = fc.record({ vendor: hex(4), device: hex(4) });

test('a modalias of PCI ids is read as they were', () => {
  fc.assert(
    fc.property(pair, pair, hex(4), hex(2), (ids, subsystem, classCode, face) => {
      const all = { ...ids, subsystem, classCode, interface: face };
      expect(parsePciModalias(pciModalias(all))).toEqual(all);
    }),
  );
});

test('what is not known matches nothing but a wildcard', () => {
  expect(pciModalias({ vendor: '8086', device: '15b7' })).toBe(
    'pci:v00008086d000015B7svXXXXXXXXsdXXXXXXXXbcXXscXXi00',
  );
  expect(parsePciModalias('pci:v00008086d000015B7svXXXXXXXXsdXXXXXXXXbc02sc00i00')).toBeUndefined();
  const card = { vendor: '0bda', device: '8153' };
  expect(usbModalias(card)).toBe('usb:v0BDAp8153dXXXXdcXXdscXXdpXXicXXiscXXipXXinXX');
  expect(parseUsbModalias(usbModalias(card))).toEqual(card);
  expect(parseUsbModalias('usb:v*p*d*')).toBeUndefined();
  expect(isPartlyKnown(usbModalias(card))).toBe(true);
  expect(isPartlyKnown('usb:v0BDAp8153d3000dc00')).toBe(false);
});

test.each([
  ['pci:v000014E4d0000D800sv000014E4sd00001234bc*sc*i*', 'pci:v000014E4d0000D800sv*sd*bc*sc*i*'],
  ['pci:v00008086d*sv*sd*bc02sc00i*', 'pci:v00008086d*sv*sd*bc02sc00i*'],
  ['usb:v0BDAp8153d*dc*dsc*dp*icFFiscFFip00in*', 'usb:v0BDAp8153d*'],
  ['usb:v*p*d*dc*dsc*dp*ic02isc06ip00in*', 'usb:v*p*d*dc*dsc*dp*ic02isc06ip00in*'],
])('%s without details', (pattern, expected) => {
  expect(withoutDetails(pattern)).toBe(expected);
});

test.each([
  ['pci:v00008086d00001572sv*sd*bc*sc*i*', 'pci 8086:1572'],
  ['pci:v000014E4d0000D800sv000014E4sd00001234bc*sc*i*', 'pci 14e4:d800 board 14e4:1234'],
  ['pci:v000014E4d*sv*sd*bc02sc80i*', 'pci 14e4:* class 0280'],
  ['usb:v0BDAp8153d*dc*dsc*dp*icFFisc*ip*in*', 'usb 0bda:8153'],
  ['usb:v*p*d*dc*dsc*dp*ic02isc06ip00in*', 'usb v*p*d*dc*dsc*dp*ic02isc06ip00in*'],
  ['virtio:d00000001v*', 'virtio d00000001v*'],
  ['acpi*:PNP0A08:*', 'acpi PNP0A08:*'],
  ['net-pf-10', undefined],
  ['devname:net/tun', undefined],
  [':x', undefined],
])('%s claims %s', (pattern, expected) => {
  const claimed = claimedId(pattern);
  expect(claimed === undefined ? undefined : `${claimed.bus} ${claimed.id}`).toBe(expected);
});
