import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { run } from '../src/system/process.ts';

/** The kernel trees that tests run against, as Debian's linux-source packages have them. */
export type TreeVersion = '6.1' | '6.12';

/** Where unpacked trees are kept between runs. */
const treesFolder = resolve(process.env.BOOTWRIGHT_TREES ?? '.cache/trees');

/**
 * The folder of an unpacked kernel tree, to be read only; unpacked once from
 * Debian's `linux-source-VERSION`.
 */
export async function kernelTree(version: TreeVersion): Promise<string> {
  const tree = join(treesFolder, `linux-source-${version}`);
  if (existsSync(tree)) return tree;
  mkdirSync(treesFolder, { recursive: true });
  const part = join(treesFolder, `.${version}.${process.pid}.part`);
  rmSync(part, { recursive: true, force: true });
  mkdirSync(part);
  await run('tar', ['-xf', `/usr/src/linux-source-${version}.tar.xz`, '-C', part]);
  if (!existsSync(tree)) renameSync(join(part, `linux-source-${version}`), tree);
  rmSync(part, { recursive: true, force: true });
  return tree;
}

/** Debian's own amd64 config of that version, unpacked. */
export async function debianConfig(version: TreeVersion): Promise<string> {
  const packed = `/usr/src/linux-config-${version}/config.amd64_none_amd64.xz`;
  return (await run('xz', ['-dc', packed])).stdout;
}
