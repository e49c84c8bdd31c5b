import { expect, test } from 'vitest';
import { readFirmwareMeans } from '../../../src/kernel/firmware/means.ts';
import { kernelTree } from '../../trees.ts';

const config = 'CONFIG_BLK_DEV_INITRD=y\nCONFIG_INITRAMFS_SOURCE=""\nCONFIG_EXTRA_FIRMWARE=""\n';

// A tree that is not there yet is unpacked first.
test.each(['6.1', '6.12'] as const)(
  'Debian %s can do both',
  { timeout: 10 * 60_000 },
  async (version) => {
    await expect(readFirmwareMeans(await kernelTree(version), config)).resolves.toEqual({
      'built-in': true,
      initramfs: true,
    });
  },
);
