import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { BootwrightError } from '../../system/errors/index.ts';
import { exists, writeWhole } from '../../system/files.ts';
import { type Build, make } from './build.ts';
import { configDifferences, readConfigValues } from './config-values.ts';

/** Where kbuild writes the release, relative to the folder of the objects. */
const releaseFile = 'include/config/kernel.release';

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

/**
 * Puts the config in place and lets the tree work out the release, before anything is compiled. One
 * make call does both: kbuild first brings include/config/auto.conf up to date, by conf's
 * `--syncconfig`, which completes `.config` as olddefconfig does (nobody answers what it asks). The
 * config was a fixed point of olddefconfig when it was made; that it still is one is seen here.
 *
 * @throws BootwrightError `BW-COMPILE-CONFIG-CHANGED` if the tree does not leave the config as it is,
 *   `BW-COMPILE-RELEASE` if it makes another release than the stock kernel's
 */
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
  await make(build, [releaseFile], 1);
  await checkConfig(build, place);
  await checkRelease(build);
}

async function checkConfig(build: Build, place: string): Promise<void> {
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

async function checkRelease(build: Build): Promise<void> {
  const wanted = build.request.target.kernelRelease;
  const found = (await readFile(join(build.folder, releaseFile), 'utf8')).trim();
  if (found !== wanted) {
    throw new BootwrightError(
      'BW-COMPILE-RELEASE',
      `The tree makes "${found}", the stock kernel is "${wanted}".`,
      { log: build.request.log },
    );
  }
}
