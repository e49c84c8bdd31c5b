import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { BootwrightError } from '../../system/errors/index.ts';
import { exists, writeWhole } from '../../system/files.ts';
import { type Build, make } from './build.ts';
import { configDifferences, readConfigValues } from './config-values.ts';

/** What stands in a release whatever we do: `localversion*` files and CONFIG_LOCALVERSION. */
export async function fixedVersionPart(
  tree: string,
  folder: string,
  asked: ReadonlyMap<string, string>,
): Promise<string> {
  const parts: string[] = [];
  for (const place of [folder, tree]) {
    // As the shell expands localversion* in scripts/setlocalversion; backup files do not count.
    const names = (await readdir(place)).filter((name) => /^localversion[^~]*$/.test(name)).sort();
    for (const name of names) parts.push((await readFile(join(place, name), 'utf8')).trim());
  }
  return parts.join('') + (asked.get('LOCALVERSION') ?? '').replaceAll('"', '');
}

/** Lets the tree complete the config, and makes sure that it leaves it as it is. */
export async function settleConfig(build: Build, text: string): Promise<void> {
  const place = join(build.folder, '.config');
  // One that says the same keeps its time, else /proc/config.gz and with it the image would be made again.
  const present = (await exists(place)) ? await readFile(place, 'utf8') : undefined;
  if (
    present === undefined ||
    configDifferences(build.asked, readConfigValues(present)).length > 0
  ) {
    await writeWhole(place, text);
  }
  await make(build, ['olddefconfig'], 1);
  const differences = configDifferences(
    build.asked,
    readConfigValues(await readFile(place, 'utf8')),
  );
  if (differences.length === 0) return;
  // What is there now is not what was asked for: it must not look so to the next run.
  await rm(place, { force: true });
  const shown = differences.map(
    ({ symbol, asked, found }) => `CONFIG_${symbol}: asked ${asked}, is ${found}`,
  );
  throw new BootwrightError(
    'BW-COMPILE-CONFIG-CHANGED',
    `${differences.length} ${differences.length === 1 ? 'symbol differs' : 'symbols differ'} after olddefconfig: ${differences
      .slice(0, 5)
      .map(({ symbol }) => symbol)
      .join(', ')}${differences.length > 5 ? ' …' : ''}.`,
    { excerpt: shown, log: build.request.log },
  );
}

/** Lets the tree work out the release, before anything is compiled. */
export async function checkRelease(build: Build): Promise<void> {
  const wanted = build.request.target.kernelRelease;
  await make(build, ['include/config/kernel.release'], 1);
  const found = (
    await readFile(join(build.folder, 'include/config/kernel.release'), 'utf8')
  ).trim();
  if (found !== wanted) {
    throw new BootwrightError(
      'BW-COMPILE-RELEASE',
      `The tree makes "${found}", the stock kernel is "${wanted}".`,
      { log: build.request.log },
    );
  }
}
