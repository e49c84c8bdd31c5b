import { describe, expect, test } from 'vitest';
import { aliasFields, overlap } from '../../src/compare/overlap.ts';

const meet = (one: string, other: string): boolean =>
  overlap(aliasFields(one), aliasFields(other)) && overlap(aliasFields(other), aliasFields(one));

describe('overlap', () => {
  test.each([
    ['pci:v00008086d00001572sv*sd*bc*sc*i*', 'pci:v00008086d00001572sv00001028sd*bc*sc*i*', true],
    ['pci:v00008086d00001572sv*sd*bc*sc*i*', 'pci:v00008086d00001573sv*sd*bc*sc*i*', false],
    ['pci:v*d*sv*sd*bc01sc06i01*', 'pci:v*d*sv*sd*bc01sc06i01*', true],
    [
      'usb:v0BDAp8153d*dc*dsc*dp*icFFisc*ip*in*',
      'usb:v0BDAp8153d*dc*dsc*dp*ic02isc06ip00in*',
      false,
    ],
    ['usb:v0BDAp8153d*dc*dsc*dp*ic*isc*ip*in*', 'usb:v0BDAp8153d*dc*dsc*dp*ic02isc06ip00in*', true],
    [
      'usb:v0424p7800d0[0-2]*dc*dsc*dp*ic*isc*ip*in*',
      'usb:v0424p7800d0300dc*dsc*dp*ic*isc*ip*in*',
      // Ranges are not compared: said to meet, since it cannot be ruled out.
      true,
    ],
    ['virtio:d00000001v*', 'virtio:d00000001v*', true],
    ['virtio:d00000001v*', 'virtio:d00000002v*', false],
    ['acpi*:PNP0C0A:*', 'pci:v00008086d00001572sv*sd*bc*sc*i*', false],
  ])('%s and %s: %s', (one, other, expected) => {
    expect(meet(one, other)).toBe(expected);
  });
});
