import type { FirmwareName } from '../qemu/cards.ts';
import type { LoaderName } from './loaders.ts';

/**
 * How a firmware comes to its boot loader: by PXE, from the server that gave it its address; by PXE,
 * from a proxyDHCP server beside the one that gives addresses (PXE 2.1, 2.2.3); or by UEFI's HTTP Boot,
 * from a URL (UEFI 2.10, 24.7).
 */
export const bootMethodNames = ['pxe', 'proxy-dhcp', 'http-boot'] as const;
export type BootMethod = (typeof bootMethodNames)[number];

/** In words, for titles. */
export const bootMethodTitles: Readonly<Record<BootMethod, string>> = {
  pxe: 'PXE',
  'proxy-dhcp': 'proxyDHCP beside a foreign DHCP server',
  'http-boot': 'HTTP Boot',
};

/**
 * Why a loader cannot be come to by a method.
 *
 * @returns undefined if it can
 */
export function obstacle(
  method: BootMethod,
  firmware: FirmwareName,
  loader: LoaderName,
): string | undefined {
  if (method === 'pxe') return undefined;
  // GRUB looks for its configuration on the server of which it has its address.
  if (loader === 'grub' || loader === 'shim')
    return `The loader ${loader} does not find its files by ${bootMethodTitles[method]}.`;
  if (method === 'http-boot' && firmware !== 'uefi') return 'A BIOS knows no HTTP Boot.';
  return undefined;
}
