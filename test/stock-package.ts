import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { run } from '../src/system/process.ts';

/** Where the packages of stock kernels are kept between runs. */
const home = resolve(process.env.BOOTWRIGHT_STOCK ?? '.cache/stock');

/** The package that Debian's `linux-image-amd64` stands for, such as `linux-image-6.1.0-56-amd64`. */
async function currentPackage(): Promise<string> {
  const { stdout } = await run('apt-cache', ['depends', 'linux-image-amd64']);
  const found = /linux-image-\d\S*/.exec(stdout)?.[0];
  if (found === undefined) throw new Error('apt knows no kernel for linux-image-amd64.');
  return found;
}

/** Debian's own kernel package, which nobody has compiled here; got by apt once. */
export async function stockKernelPackage(): Promise<string> {
  const kept = (): string | undefined =>
    existsSync(home)
      ? readdirSync(home).find((name) => /^linux-image-.*\.deb$/.test(name))
      : undefined;
  const before = kept();
  if (before !== undefined) return join(home, before);
  const part = join(home, `.${process.pid}.part`);
  mkdirSync(part, { recursive: true });
  try {
    await run('apt-get', ['download', await currentPackage()], { cwd: part });
    for (const name of readdirSync(part)) renameSync(join(part, name), join(home, name));
  } finally {
    rmSync(part, { recursive: true, force: true });
  }
  const got = kept();
  if (got === undefined) throw new Error('apt-get download brought no package.');
  return join(home, got);
}
