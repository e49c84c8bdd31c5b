import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { BootwrightError } from '../src/system/errors/index.ts';
import { run } from '../src/system/process.ts';
import { findTool } from '../src/system/tools.ts';

/** Where a distro's own kernel is kept between runs. */
const home = resolve('.cache/stock');

/** The newest 6.12 kernel of Debian 12 is what this package depends on. */
const metaPackage = 'linux-image-6.12-amd64';

/** What kind of thing is in the way of a distro's own kernel, for a test that is skipped. */
export const noStockKernel = `Debian's ${metaPackage} is not to be had: it is downloaded by apt-get (110 MB)`;

/** Brings Debian's package into a folder; false where apt does not know or reach it. */
async function download(folder: string): Promise<boolean> {
  if (findTool('apt-get') === undefined) return false;
  try {
    const { stdout } = await run('apt-cache', ['depends', metaPackage]);
    const name = /Depends: (linux-image-\S+)/.exec(stdout)?.[1];
    if (name === undefined) return false;
    await run('apt-get', ['download', '-qq', name], { cwd: folder });
    return true;
  } catch (error) {
    if (error instanceof BootwrightError && error.code === 'BW-TOOL-FAILED') return false;
    throw error;
  }
}

/**
 * Debian's own 6.12 kernel, unpacked, with the indexes of depmod: the root that has `boot` and
 * `lib/modules/RELEASE`. Downloaded and unpacked once; BOOTWRIGHT_STOCK_DEB names a package that is
 * there already.
 *
 * @returns undefined where it is not to be had
 */
export async function debianStockKernel(): Promise<
  { readonly root: string; readonly release: string } | undefined
> {
  const root = join(home, 'root');
  if (!existsSync(root)) {
    const part = join(home, `.${process.pid}.part`);
    mkdirSync(part, { recursive: true });
    try {
      const given = process.env.BOOTWRIGHT_STOCK_DEB;
      if (given === undefined && !(await download(part))) return undefined;
      const deb = given ?? readdirSync(part).find((name) => name.endsWith('.deb'));
      if (deb === undefined) return undefined;
      await run('dpkg-deb', ['-x', deb, join(part, 'root')], { cwd: part });
      const [release] = readdirSync(join(part, 'root/lib/modules'));
      if (release === undefined) return undefined;
      await run('depmod', ['--basedir', join(part, 'root'), release]);
      renameSync(join(part, 'root'), root);
    } finally {
      rmSync(part, { recursive: true, force: true });
    }
  }
  const [release] = readdirSync(join(root, 'lib/modules'));
  return release === undefined ? undefined : { root, release };
}
