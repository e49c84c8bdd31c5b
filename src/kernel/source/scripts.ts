import { chmod, open, readdir, readFile, rename, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RpmFolders } from './rpmbuild.ts';

/** How a script says that /bin/sh is to run it; what follows are the shell's options. */
const shLine = /^#![ \t]*(?:\/usr)?\/bin\/sh(?=[ \t\r\n]|$)/;

/** More than a first line that names an interpreter has. */
const longestShLine = 32;

async function isShScript(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(longestShLine));
    return shLine.test(buffer.toString('latin1', 0, bytesRead));
  } finally {
    await file.close();
  }
}

/**
 * Makes bash the shell of a package's scripts for /bin/sh, as it is on the distribution: vendors
 * use what only bash can (EL 10's generate_all_configs.sh: `${i:7}`), and with another /bin/sh
 * such a script fails half-way, often without ending %prep.
 *
 * @param folders - rpm's: the sources, plain files only, are changed in place; in the folder of
 *   programs, which is first on PATH, `sh` becomes bash
 * @param bash - absolute path of bash
 * @returns names of the scripts that were changed
 */
export async function runScriptsByBash(
  folders: Pick<RpmFolders, 'sources' | 'programs' | 'temporary'>,
  bash: string,
): Promise<string[]> {
  await symlink(bash, join(folders.programs, 'sh'));
  const changed: string[] = [];
  for (const entry of await readdir(folders.sources, { withFileTypes: true })) {
    const path = join(folders.sources, entry.name);
    if (!entry.isFile() || !(await isShScript(path))) continue;
    const { mode } = await stat(path);
    // As bytes: no encoding may change anything else.
    const text = (await readFile(path)).toString('latin1').replace(shLine, `#!${bash}`);
    const beside = join(folders.temporary, entry.name);
    await writeFile(beside, text, { encoding: 'latin1', flag: 'wx' });
    // Whoever runs %prep reads it.
    await chmod(beside, (mode & 0o777) | 0o444);
    await rename(beside, path);
    changed.push(entry.name);
  }
  return changed.sort();
}
