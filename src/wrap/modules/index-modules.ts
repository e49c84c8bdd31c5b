import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { exists } from '../../system/files.ts';
import { run } from '../../system/process.ts';
import { requireTool } from '../../system/tools.ts';

/** What of a stock kernel's own lists goes along with its modules: depmod makes the rest. */
const ownLists = ['modules.builtin', 'modules.builtin.modinfo', 'modules.order'];

/** Begins a tree of modules with what is there of a kernel's own lists. */
export async function startModuleTree(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const name of ownLists) {
    if (await exists(join(from, name))) await copyFile(join(from, name), join(to, name));
  }
  // depmod complains where it is missing.
  if (!(await exists(join(to, 'modules.order')))) await writeFile(join(to, 'modules.order'), '');
}

/**
 * Has depmod make the indexes of a tree of modules.
 *
 * @param root - the folder that has `lib/modules/RELEASE`
 * @throws BootwrightError `BW-TOOL-MISSING`, `BW-MODULES-INSTALL`
 */
export async function indexModules(
  root: string,
  release: string,
  signal?: AbortSignal,
): Promise<void> {
  await run(requireTool('depmod', 'index the modules'), ['-a', '-b', root, release], {
    failure: 'BW-MODULES-INSTALL',
    ...(signal === undefined ? {} : { signal }),
  });
}
