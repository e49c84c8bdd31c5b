import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { chooseWay, readFirmwareMeans } from '../../../src/kernel/firmware/means.ts';
import { scratchFolder } from '../../scratch.ts';

const config = 'CONFIG_BLK_DEV_INITRD=y\nCONFIG_INITRAMFS_SOURCE=""\nCONFIG_EXTRA_FIRMWARE=""\n';

function tree(files: Readonly<Record<string, string>>): string {
  const folder = scratchFolder();
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

const kconfig = 'config EXTRA_FIRMWARE\n\tstring\n';
const loader = 'static int fw_get_filesystem_firmware(struct device *device)\n';
const late = 'async_schedule_domain(do_populate_rootfs)\n';

describe('what a kernel can do', () => {
  const cases: readonly [
    string,
    Readonly<Record<string, string>>,
    string,
    { readonly builtIn: true | RegExp; readonly initramfs: true | RegExp },
  ][] = [
    ['2.6.18', {}, config, { builtIn: /2\.6\.27/, initramfs: /3\.7/ }],
    ['2.6.32', { 'drivers/base/Kconfig': kconfig }, config, { builtIn: true, initramfs: /3\.7/ }],
    [
      '3.10',
      {
        'drivers/base/Kconfig': kconfig,
        'drivers/base/firmware_class.c': loader,
        'init/initramfs.c': 'rootfs_initcall(populate_rootfs);\n',
      },
      config,
      { builtIn: true, initramfs: true },
    ],
    [
      'one that unpacks late, and drivers wait',
      {
        'drivers/base/firmware_loader/Kconfig': kconfig,
        'drivers/base/firmware_loader/main.c': `${loader}wait_for_initramfs();\n`,
        'init/initramfs.c': late,
      },
      config,
      { builtIn: true, initramfs: true },
    ],
    [
      'one that unpacks late, and drivers do not wait',
      {
        'drivers/base/firmware_loader/Kconfig': kconfig,
        'drivers/base/firmware_loader/main.c': loader,
        'init/initramfs.c': late,
      },
      config,
      { builtIn: true, initramfs: /do not wait/ },
    ],
    [
      'a config with blobs and an initramfs of its own',
      { 'drivers/base/Kconfig': kconfig, 'drivers/base/firmware_class.c': loader },
      'CONFIG_BLK_DEV_INITRD=y\nCONFIG_INITRAMFS_SOURCE="own.cpio"\nCONFIG_EXTRA_FIRMWARE="own.fw"\n',
      { builtIn: /own\.fw/, initramfs: /own\.cpio/ },
    ],
    [
      'a config without an initramfs',
      { 'drivers/base/Kconfig': kconfig, 'drivers/base/firmware_class.c': loader },
      '# CONFIG_BLK_DEV_INITRD is not set\n',
      { builtIn: true, initramfs: /BLK_DEV_INITRD/ },
    ],
  ];

  test.each(cases)('%s', async (_, files, text, { builtIn, initramfs }) => {
    const means = await readFirmwareMeans(tree(files), text);
    const matching = (want: true | RegExp) => (want === true ? true : expect.stringMatching(want));
    expect(means).toEqual({ 'built-in': matching(builtIn), initramfs: matching(initramfs) });
  });
});

describe('the way that is taken', () => {
  test('linked in where the kernel can, else by its initramfs', () => {
    expect(chooseWay({ 'built-in': true, initramfs: true }, 'auto')).toBe('built-in');
    expect(chooseWay({ 'built-in': true, initramfs: true }, 'initramfs')).toBe('initramfs');
    expect(chooseWay({ 'built-in': 'no', initramfs: true }, 'auto')).toBe('initramfs');
  });

  test('none, and the one that was asked for is not there', () => {
    const means = { 'built-in': 'it is too old', initramfs: 'nor that' };
    expect(() => chooseWay(means, 'auto')).toThrow(
      expect.objectContaining({
        code: 'BW-FIRMWARE-MEANS',
        message: 'built-in: it is too old; initramfs: nor that.',
      }),
    );
    expect(() => chooseWay({ ...means, initramfs: true }, 'built-in')).toThrow(
      expect.objectContaining({ code: 'BW-FIRMWARE-MEANS', message: 'built-in: it is too old.' }),
    );
  });
});
