import { expect, test } from 'vitest';
import { type ContenderBoots, renderBoots, renderParts } from '../../bench/boots.ts';
import { kernelReleaseSchema } from '../../src/kernel/target.ts';

const contender = (
  name: string,
  imageBytes: number,
  initramfsBytes: number | undefined,
  boots: ContenderBoots['boots'],
): ContenderBoots => ({
  name,
  kernelRelease: kernelReleaseSchema.parse('6.12.117'),
  image: '/image',
  imageBytes,
  modulesFolder: '/modules',
  ...(initramfsBytes === undefined
    ? {}
    : { initramfs: { path: '/initramfs', bytes: initramfsBytes } }),
  boots,
});

const own = contender('own', 30_000_000, undefined, [
  { loader: 2000, image: 3000, kernel: 4000, link: 7000, 'kernel-dhcp': 7500, init: 8000 },
  { loader: 2000, image: 3000, kernel: 5000, link: 8000, 'kernel-dhcp': 8500, init: 9000 },
]);
const rival = contender('rival', 10_000_000, 50_000_000, [
  { loader: 2000, image: 5000, kernel: 8000, link: 20_000, 'kernel-dhcp': 22_000, init: 32_000 },
  { loader: 2000, image: 5000, kernel: 9000, link: 20_000, 'kernel-dhcp': 22_000, init: 36_000 },
]);

test('bytes and times stand beside the rival, boot by boot', () => {
  expect(renderBoots([own, rival], rival).split('\n')).toEqual([
    '|  | kernel, MB | initramfs, MB | both, MB | ratio | kernel to init, s | ratio | power-on to init, s | ratio |',
    '|---|---|---|---|---|---|---|---|---|',
    '| own | 30.0 | – | 30.0 | 0.50 | 4.0 | 0.16 | 8.5 | 0.25 |',
    '| rival | 10.0 | 50.0 | 60.0 | 1.00 | 25.5 | 1.00 | 34.0 | 1.00 |',
  ]);
});

test('the parts of the way are those of each boot, in the middle', () => {
  expect(renderParts([own]).split('\n')[2]).toBe('| own | 2.0 | 1.0 | 1.5 | 3.0 | 0.5 | 0.5 |');
});
