import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { changeSource } from '../../../src/kernel/source/index.ts';
import { parseWantedDriver, readVendorDrivers } from '../../../src/kernel/vendor/index.ts';
import { findRivals, requireUsable, rivalSettings } from '../../../src/kernel/vendor/rivals.ts';
import { scratchFolder } from '../../scratch.ts';
import { sampleDriver, writeDriver } from './sample.ts';

const read = async (folder: string, builtIn = false) => {
  const [driver] = await readVendorDrivers([{ folder, builtIn }]);
  if (driver === undefined) throw new Error('no driver');
  return driver;
};

test('what is wanted of a driver stands behind its folder', () => {
  expect(parseWantedDriver('dir')).toEqual({ folder: 'dir', builtIn: false });
  expect(parseWantedDriver('a=b/dir=y')).toEqual({ folder: 'a=b/dir', builtIn: true });
  expect(parseWantedDriver('dir=m')).toEqual({ folder: 'dir', builtIn: false });
});

test('a driver is known by its sources alone', async () => {
  const folder = writeDriver(join(scratchFolder(), 'samplenic-3.8.7'));
  const driver = await read(folder);
  expect(driver).toMatchObject({
    name: 'samplenic-3.8.7',
    kbuildFolder: 'src',
    makefiles: ['src/Makefile'],
    version: '3.8.7-sample',
    modules: ['samplenic'],
  });
  expect(driver.files.map(({ path }) => path)).toEqual(Object.keys(sampleDriver).sort());
  // What a build or git leaves there is no part of it.
  mkdirSync(join(folder, '.git'));
  for (const name of ['.git/HEAD', 'src/main.o', 'src/samplenic.ko', 'src/Module.symvers']) {
    writeFileSync(join(folder, name), 'x');
  }
  expect((await read(folder)).sha256).toBe(driver.sha256);
  writeFileSync(join(folder, 'src/hardware.c'), 'int x;\n');
  expect((await read(folder)).sha256).not.toBe(driver.sha256);
});

test('a folder that is no driver is refused, with the reason', async () => {
  const folder = scratchFolder();
  const refused = async (text: string, ...wanted: string[]) => {
    const drivers = wanted.map((path) => ({ folder: path, builtIn: false }));
    await expect(readVendorDrivers(drivers)).rejects.toMatchObject({
      code: 'BW-VENDOR-SOURCE',
      message: expect.stringContaining(text),
    });
  };
  await refused('there is no such folder', join(folder, 'none'));
  await refused('no Kbuild or Makefile with obj-m', writeDriver(join(folder, 'a'), { 'a.c': '' }));
  await refused(
    'kbuild cannot have a file "my file.c"',
    writeDriver(join(folder, 'b'), { 'my file.c': '' }),
  );
  const one = writeDriver(join(folder, 'one'));
  await refused('have the same name or module', one, writeDriver(join(folder, 'two')));
  symlinkSync('/dev/null', join(one, 'src/null.c'));
  await refused('"src/null.c" is neither a file nor a folder', one);
});

/** A tree with the network drivers' Makefiles. */
function layOutTree(): string {
  const tree = join(scratchFolder(), 'tree');
  return writeDriver(tree, {
    'drivers/net/Makefile': 'obj-$(CONFIG_DUMMY) += dummy.o\nobj-y += ethernet/',
    'drivers/net/ethernet/sample/Makefile': 'obj-$(CONFIG_SAMPLENIC) += samplenic.o\n',
  });
}

test('a driver that is built in has its place in the tree, beside patches, and leaves it', async () => {
  const folder = scratchFolder();
  const tree = layOutTree();
  const before = readFileSync(join(tree, 'drivers/net/Makefile'), 'utf8');
  const drivers = [
    await read(writeDriver(join(folder, 'samplenic')), true),
    await read(
      writeDriver(join(folder, 'other'), {
        Kbuild: 'obj-m := other.o core/\n',
        'other.c': '',
        'core/Makefile': 'obj-m := other_core.o\n',
      }),
      true,
    ),
  ];
  const patch = join(folder, 'a.patch');
  writeFileSync(
    patch,
    '--- a/drivers/net/Makefile\n+++ b/drivers/net/Makefile\n@@ -1,2 +1,3 @@\n+# patched\n obj-$(CONFIG_DUMMY) += dummy.o\n obj-y += ethernet/\n\\ No newline at end of file\n',
  );
  const changes = { tree, folder: join(folder, 'changes'), patches: [patch] };
  await changeSource({ ...changes, drivers });
  const text = (name: string): string => readFileSync(join(tree, 'drivers/net', name), 'utf8');
  expect(text('Makefile')).toBe(`# patched\n${before}\nobj-y += added/\n`);
  expect(text('added/Makefile')).toBe('obj-y += samplenic/src/\nobj-y += other/\n');
  expect(text('added/samplenic/src/Makefile')).toBe(sampleDriver['src/Makefile']);
  expect(text('added/samplenic/src/Kbuild')).toBe(
    "# What is a module to the driver's own Makefile is a part of the image here.\nM := $(srctree)/drivers/net/added/samplenic/src\ninclude $(srctree)/drivers/net/added/samplenic/src/Makefile\nobj-y += $(obj-m)\nobj-m :=\n",
  );
  expect(text('added/other/Kbuild')).toContain(
    'include $(srctree)/drivers/net/added/other/Kbuild.own',
  );
  expect(text('added/other/Kbuild.own')).toBe('obj-m := other.o core/\n');
  expect(drivers[1]?.modules).toEqual(['other', 'other_core']);
  expect(text('added/other/core/Kbuild')).toContain(
    'M := $(srctree)/drivers/net/added/other\ninclude $(srctree)/drivers/net/added/other/core/Makefile\n',
  );
  await changeSource({ ...changes, patches: [], drivers: [] });
  expect(text('Makefile')).toBe(before);
  expect(existsSync(join(tree, 'drivers/net/added'))).toBe(false);
});

test("the tree's own driver of the name makes way, or says that it does not", async () => {
  const folder = writeDriver(join(scratchFolder(), 'samplenic'));
  const tree = layOutTree();
  const built = await findRivals(tree, [await read(folder, true)]);
  expect(rivalSettings(built)).toEqual([
    { symbol: 'SAMPLENIC', value: 'n', reason: '--with-module samplenic=y takes its place' },
  ]);
  expect(requireUsable(built, 'CONFIG_SAMPLENIC=y\n')).toEqual([]);
  const asModule = await findRivals(tree, [await read(folder)]);
  expect(rivalSettings(asModule)).toEqual([]);
  expect(requireUsable(asModule, 'CONFIG_SAMPLENIC=m\n')).toMatchObject([{ module: 'samplenic' }]);
  expect(requireUsable(asModule, '# CONFIG_SAMPLENIC is not set\n')).toEqual([]);
  expect(() => requireUsable(asModule, 'CONFIG_SAMPLENIC=y\n')).toThrow(
    expect.objectContaining({
      code: 'BW-VENDOR-SHADOWED',
      hint: expect.stringMatching(/--with-module .*samplenic=y.*--exclude SAMPLENIC\.$/),
    }),
  );
});
