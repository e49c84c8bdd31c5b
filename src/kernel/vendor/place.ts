import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';
import { exists, jail } from '../../system/files.ts';
import type { VendorDriver } from './driver.ts';

/** Where drivers of vendors go in a tree, below the kernel's own network drivers. */
export const placeInTree = 'drivers/net/added';

const parentMakefile = 'drivers/net/Makefile';

/** The name that a driver's own Kbuild gets where ours has to have it. */
const ownKbuild = 'Kbuild.own';

/**
 * The Kbuild by which a driver's own Makefile, written for a module, makes a part of the image.
 * kbuild prefers a file of this name to a Makefile (scripts/Kbuild.include, kbuild-file).
 *
 * @param root - the folder that kbuild would be sent to for a module (`M`), in the tree
 * @param makefile - the driver's own, in the tree
 */
function builtInKbuild(root: string, makefile: string): string {
  return `# What is a module to the driver's own Makefile is a part of the image here.
M := $(srctree)/${root}
include $(srctree)/${makefile}
obj-y += $(obj-m)
obj-m :=
`;
}

/** Copies a driver's sources into a folder. */
export async function copyDriver(driver: VendorDriver, to: string): Promise<void> {
  for (const { path } of driver.files) {
    const place = jail(to, path);
    await mkdir(dirname(place), { recursive: true });
    await copyFile(join(driver.folder, path), place);
  }
}

/**
 * Lays out the files that bring drivers into the image of a tree.
 *
 * @param tree - only read
 * @param scratch - gets the files under the names that they are to have in the tree; what is there
 *   already counts instead of the tree's
 * @returns those names
 */
export async function placeDrivers(
  tree: string,
  drivers: readonly VendorDriver[],
  scratch: string,
): Promise<readonly string[]> {
  if (drivers.length === 0) return [];
  const names: string[] = [];
  const write = async (name: string, text: string): Promise<void> => {
    const place = jail(scratch, name);
    await mkdir(dirname(place), { recursive: true });
    await writeFile(place, text);
    names.push(name);
  };
  for (const driver of drivers) {
    const home = posix.join(placeInTree, driver.name);
    await copyDriver(driver, jail(scratch, home));
    names.push(...driver.files.map(({ path }) => posix.join(home, path)));
    const root = posix.join(home, driver.kbuildFolder);
    for (const path of driver.makefiles) {
      let makefile = posix.join(home, path);
      const folder = posix.dirname(makefile);
      if (posix.basename(makefile) === 'Kbuild') {
        const own = await readFile(join(scratch, makefile), 'utf8');
        makefile = `${folder}/${ownKbuild}`;
        await write(makefile, own);
      }
      await write(`${folder}/Kbuild`, builtInKbuild(root, makefile));
    }
  }
  const goals = drivers.map(
    ({ name, kbuildFolder }) => `obj-y += ${posix.join(name, kbuildFolder)}/`,
  );
  await write(`${placeInTree}/Makefile`, `${goals.join('\n')}\n`);
  const patched = join(scratch, parentMakefile);
  const parent = (await exists(patched)) ? patched : join(tree, parentMakefile);
  const text = await readFile(parent, 'utf8');
  await write(
    parentMakefile,
    `${text.replace(/\n?$/, '\n')}obj-y += ${posix.basename(placeInTree)}/\n`,
  );
  return [...new Set(names)];
}
