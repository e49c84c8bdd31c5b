import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { makeExampleSrpm } from '../../examples/make-srpm.ts';
import { makeEnvironment } from '../../src/kernel/compile/index.ts';
import { run } from '../../src/system/process.ts';
import { kernelTree } from '../../test/trees.ts';

/** About the smallest kernel with a network driver to promote, and modules that are signed. */
const settings = `
CONFIG_64BIT=y
CONFIG_EXPERT=y
CONFIG_KERNEL_GZIP=y
CONFIG_CC_OPTIMIZE_FOR_SIZE=y
CONFIG_PRINTK=y
CONFIG_MODULES=y
CONFIG_MODULE_UNLOAD=y
CONFIG_MODULE_SIG=y
CONFIG_MODULE_SIG_ALL=y
CONFIG_MODULE_SIG_SHA256=y
CONFIG_PCI=y
CONFIG_NET=y
CONFIG_INET=y
CONFIG_NETDEVICES=y
CONFIG_ETHERNET=y
CONFIG_NET_VENDOR_INTEL=y
CONFIG_E1000=m
CONFIG_NETWORK_FILESYSTEMS=y
CONFIG_CRC7=m
CONFIG_CRC_ITU_T=m
CONFIG_CRC4=m
`;

/** What kbuild and Kconfig read of every folder, whatever is compiled there. */
const everywhere = /^(Kconfig|Makefile|Kbuild|Build)|\.(mk|sh|pl|awk|py|include)$/;

/** What this kernel is compiled from: folders that are kept whole. */
const whole = [
  /^[^/]+$/,
  /^(arch\/x86\/(?!kvm\/)|certs|crypto|include|init|ipc|kernel|lib|mm|scripts|usr|virt)/,
  /^net\/([^/]+$|core|ipv4|ipv6|ethernet|ethtool|netlink|sched|unix)/,
  /^security\/([^/]+$|keys)/,
  /^fs\/([^/]+$|crypto|iomap|kernfs|nls|notify|proc|ramfs|sysfs)/,
  /^drivers\/(base|clocksource\/i8253|pci\/([^/]+$|pcie\/|msi\/)|(char|net|rtc|tty)\/[^/]+$)/,
  /^drivers\/net\/ethernet\/intel\/e1000\//,
  /^tools\/(arch\/x86|bpf\/resolve_btfids|build|include|lib|objtool|scripts)/,
];

/** Folders of which the headers are included from elsewhere. */
const headers = /^(arch\/x86|block|fs|io_uring|net|security)\/.*\.[hS]$/;

function isKept(path: string): boolean {
  return (
    whole.some((pattern) => pattern.test(path)) ||
    everywhere.test(path.slice(path.lastIndexOf('/') + 1)) ||
    headers.test(path)
  );
}

/**
 * Makes a source package that is quickly unpacked and compiled: of the tree of linux-source-6.12
 * only what a very small kernel is made of.
 *
 * @param folder - for the package, and what it is made from
 * @returns the package's path
 */
export async function makeSmallPackage(folder: string): Promise<string> {
  const tree = await kernelTree('6.12');
  const home = join(folder, 'small');
  rmSync(home, { recursive: true, force: true });
  mkdirSync(join(home, 'objects'), { recursive: true });
  const fragment = join(home, 'settings');
  writeFileSync(fragment, settings);
  const objects = join(home, 'objects');
  await run(
    'make',
    [
      '-s',
      '-C',
      tree,
      `O=${objects}`,
      'ARCH=x86_64',
      `KCONFIG_ALLCONFIG=${fragment}`,
      'allnoconfig',
    ],
    { env: makeEnvironment() },
  );
  const config = join(home, 'config');
  writeFileSync(config, readFileSync(join(objects, '.config')));
  const entries = await readdir(tree, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(tree, join(entry.parentPath, entry.name)))
    .filter(isKept)
    .sort();
  writeFileSync(join(home, 'files'), `${files.join('\n')}\n`);
  const tarball = join(home, 'linux-source-6.12.tar.xz');

  await run('tar', [
    '-cf',
    tarball,
    '-I',
    'xz -0',
    '--transform',
    's,^,linux-source-6.12/,S',
    '-C',
    tree,
    '-T',
    join(home, 'files'),
  ]);
  return makeExampleSrpm(home, { tarball, config });
}
