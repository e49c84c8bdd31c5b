import { expect, test } from 'vitest';
import { imageBytes, type SizedModule } from '../../../src/coverage/suggest/module-sizes.ts';
import { estimateImage } from '../../../src/coverage/suggest/price.ts';

const module = (path: string, bytes: number, ...depends: string[]): SizedModule => ({
  path: `kernel/${path}`,
  bytes,
  depends,
});

const modules = new Map([
  ['i40e', module('drivers/net/ethernet/intel/i40e/i40e.ko', 1000)],
  ['tg3', module('drivers/net/ethernet/broadcom/tg3.ko', 400, 'libphy')],
  ['libphy', module('drivers/net/phy/libphy.ko', 200)],
  ['realtek', module('drivers/net/phy/realtek.ko', 30, 'libphy')],
  ['r8152', module('drivers/net/usb/r8152.ko', 300, 'mii', 'usbcore')],
  ['mii', module('drivers/net/mii.ko', 20)],
  ['usbcore', module('drivers/usb/core/usbcore.ko', 500)],
  ['xhci_pci', module('drivers/usb/host/xhci-pci.ko', 40, 'xhci_hcd')],
  ['xhci_hcd', module('drivers/usb/host/xhci-hcd.ko', 250, 'usbcore')],
  ['nfs', module('fs/nfs/nfs.ko', 600, 'sunrpc')],
  ['sunrpc', module('net/sunrpc/sunrpc.ko', 700)],
]);
const measured = {
  modules,
  image: { bytes: 10_000, format: 'zstd', packedBytes: 2000, unpackedBytes: 8000 },
};
const all = [...modules.keys(), 'ext4'];

function inScope(drivers: readonly string[], buses: readonly 'usb'[] = []) {
  const { bytes, inScope: share } = estimateImage(measured, all, { drivers, buses });
  return { bytes, share };
}

test('a scope has its drivers, and what no network driver is the reason of', () => {
  const { bytes, share } = inScope(['i40e']);
  expect(share).toEqual({ modules: 3, bytes: 1000 + 600 + 700 });
  // A quarter, as the whole kernel is packed, of what is left out.
  expect(bytes).toBe(10_000 - (4040 - 2300) / 4);
});

test('drivers that leave their PHY to the library bring all drivers of PHYs', () => {
  expect(inScope(['tg3']).share).toEqual({ modules: 5, bytes: 400 + 200 + 30 + 1300 });
});

test('a bus comes with the cards that sit on it, and with what these need', () => {
  expect(inScope(['r8152'], ['usb']).share.bytes).toBe(300 + 20 + 500 + 40 + 250 + 1300);
});

test('the scope that the bundle has weighs what the bundle weighs', () => {
  const { bytes } = inScope(['i40e', 'tg3', 'r8152'], ['usb']);
  expect(bytes).toBe(10_000);
});

test("stock's own image says what a byte comes to: the two scopes that are known weigh what they do", () => {
  const stockImage = { bytes: 7980, format: 'zstd', packedBytes: 1500, unpackedBytes: 3960 };
  const estimate = (drivers: readonly string[], format = 'zstd') =>
    estimateImage({ ...measured, stockImage: { ...stockImage, format } }, all, {
      drivers,
      buses: [],
    });
  // 4040 bytes of modules have added 2020 to the image.
  expect(estimate(['i40e'])).toMatchObject({
    rate: 0.5,
    basis: 'stock-image',
    bytes: 10_000 - (4040 - 2300) / 2,
  });
  expect(estimate(['i40e'], 'xz')).toMatchObject({ rate: 0.25, basis: 'packing' });
});

test('a driver that the bundle does not have makes the image larger', () => {
  const few = all.filter((name) => name !== 'i40e');
  const { bytes } = estimateImage(measured, few, {
    drivers: ['i40e', 'tg3', 'r8152'],
    buses: ['usb'],
  });
  expect(bytes).toBe(10_000 + 1000 / 4);
});

test('of a module counts what is loaded, but for what only modules have', () => {
  const section = (name: string, size: number, isAllocated: boolean) => ({
    name,
    size,
    isAllocated,
    type: 1,
    link: 0,
    offset: 0,
    content: new Uint8Array(),
  });
  expect(
    imageBytes({
      sections: [
        section('.text', 100, true),
        section('.rodata', 20, true),
        section('.modinfo', 1000, true),
        section('__versions', 1000, true),
        section('.note.Linux', 1000, true),
        section('.gnu.linkonce.this_module', 1000, true),
        section('.rela.text', 1000, false),
        section('.BTF', 1000, false),
      ],
    }),
  ).toBe(120);
});
