import { relative } from 'node:path';
import type { ConfigSetting } from '../compile/index.ts';
import { embeddedBlobs, type FirmwareBlob } from './choose.ts';
import type { FirmwareWay } from './way.ts';

/** Where the blobs of an image lie, and where the kernel that gets them is made. */
export interface FirmwarePlaces {
  /** The kernel's sources, absolute. */
  readonly tree: string;
  /** Folder of the objects, absolute. */
  readonly objects: string;
  /** Folder of the blobs, absolute. */
  readonly blobs: string;
  /** Initramfs with the blobs in it, absolute. */
  readonly archive: string;
}

/**
 * The values by which blobs come into an image. Paths are relative, so that they are the same in
 * every workspace: a kernel shows its config.
 *
 * @returns none where nothing is embedded
 */
export function firmwareSettings(
  blobs: readonly FirmwareBlob[],
  way: FirmwareWay,
  places: FirmwarePlaces,
): readonly ConfigSetting[] {
  const names = embeddedBlobs(blobs).map(({ path }) => path);
  if (names.length === 0) return [];
  const reason = `--firmware: ${names.length === 1 ? 'a blob' : `${names.length} blobs`} that built-in drivers ask for before there is a root`;
  if (way === 'initramfs') {
    // Relative to the folder of the objects, where kbuild works (usr/Makefile).
    const archive = relative(places.objects, places.archive);
    return [{ symbol: 'INITRAMFS_SOURCE', value: archive, reason }];
  }
  return [
    { symbol: 'EXTRA_FIRMWARE', value: names.join(' '), reason },
    // Relative to the sources (drivers/base/firmware_loader/builtin/Makefile, firmware/Makefile).
    { symbol: 'EXTRA_FIRMWARE_DIR', value: relative(places.tree, places.blobs), reason },
  ];
}
