import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeExampleSrpm } from '../examples/make-srpm.ts';
import { makeEnvironment } from '../src/kernel/compile/index.ts';
import { run } from '../src/system/process.ts';
import { debianConfig, kernelTree } from '../test/trees.ts';

const exampleConfig = fileURLToPath(
  new URL('../examples/el-kernel/kernel-x86_64-rhel.config', import.meta.url),
);

/** Folders whose modules a distro's kernel has; those of the large rest (drm, sound, media) are left out. */
const folders = [
  'fs',
  'crypto',
  'net/netfilter',
  'net/ipv4/netfilter',
  'net/ipv6/netfilter',
  'net/sched',
  'net/sctp',
  'net/openvswitch',
  'drivers/ata',
  'drivers/hid',
  'drivers/hwmon',
  'drivers/md',
  'drivers/scsi',
];

/** What gives a kernel BTF, with which EL's and Debian's kernels come. */
const btf = ['CONFIG_BPF_SYSCALL=y', 'CONFIG_DEBUG_INFO_BTF=y', 'CONFIG_DEBUG_INFO_BTF_MODULES=y'];

/** The symbols that the Kconfig files under a folder of the tree define. */
async function symbolsOf(tree: string, folder: string): Promise<string[]> {
  const symbols: string[] = [];
  for await (const file of glob(`${folder}/**/Kconfig*`, { cwd: tree })) {
    const text = await readFile(join(tree, file), 'utf8');
    for (const [, symbol] of text.matchAll(/^\s*(?:menu)?config\s+(\w+)/gm)) {
      if (symbol !== undefined) symbols.push(symbol);
    }
  }
  return symbols;
}

/**
 * Makes a source package whose kernel is to the example's as a distro's is to a small one: with BTF,
 * and with the modules that Debian's amd64 kernel has of some folders.
 *
 * @param folder - for the package, and what it is made from
 * @returns the package's path
 */
export async function makeDistroShare(folder: string): Promise<string> {
  const tree = await kernelTree('6.12');
  const debian = await debianConfig('6.12');
  const names = new Set((await Promise.all(folders.map((at) => symbolsOf(tree, at)))).flat());
  const share = debian
    .split('\n')
    .filter((line) => names.has(/^CONFIG_(\w+)=[my]$/.exec(line)?.[1] ?? ''));
  const objects = join(folder, 'distro-share');
  mkdirSync(objects, { recursive: true });
  const settings = [readFileSync(exampleConfig, 'utf8'), ...share, ...btf, ''];
  writeFileSync(join(objects, '.config'), settings.join('\n'));
  await run('make', ['-s', '-C', tree, `O=${objects}`, 'ARCH=x86_64', 'olddefconfig'], {
    env: makeEnvironment(),
  });
  return makeExampleSrpm(folder, { config: join(objects, '.config') });
}
