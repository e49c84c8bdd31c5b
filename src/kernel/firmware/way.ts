/** How blobs come into an image. */
export const firmwareWays = [
  /** Linked into it: EXTRA_FIRMWARE. */
  'built-in',
  /** In the initramfs that is a part of it: INITRAMFS_SOURCE. */
  'initramfs',
] as const;
export type FirmwareWay = (typeof firmwareWays)[number];
