import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import {
  type CompileRequest,
  makeEnvironment,
  signingKeyName,
} from '../../src/kernel/compile/index.ts';
import { kernelTargetSchema } from '../../src/kernel/target.ts';
import { run } from '../../src/system/process.ts';
import { unwatched } from '../../src/system/progress.ts';
import { kernelTree } from '../trees.ts';

/** About the smallest kernel that has signed modules with versions and debug information. */
const fragment = `
CONFIG_64BIT=y
CONFIG_EXPERT=y
CONFIG_KERNEL_GZIP=y
CONFIG_CC_OPTIMIZE_FOR_SIZE=y
CONFIG_PRINTK=y
CONFIG_IKCONFIG=y
CONFIG_MODULES=y
CONFIG_MODULE_UNLOAD=y
CONFIG_MODVERSIONS=y
CONFIG_MODULE_SIG=y
CONFIG_MODULE_SIG_ALL=y
CONFIG_MODULE_SIG_SHA512=y
CONFIG_MODULE_SIG_KEY="${signingKeyName}"
CONFIG_DEBUG_KERNEL=y
CONFIG_DEBUG_INFO_DWARF_TOOLCHAIN_DEFAULT=y
CONFIG_DEBUG_INFO_REDUCED=y
CONFIG_CRC7=m
CONFIG_CRC_ITU_T=m
CONFIG_PARPORT=m
CONFIG_PRINTER=m
`;

/**
 * A tree whose files can be changed, without a copy of the whole: symbolic
 * links to the real one, and real folders of links on the way to what is to
 * be changed.
 *
 * @param real - folders, relative to the tree, that have to be real
 */
function linkTree(tree: string, place: string, real: readonly string[]): void {
  mkdirSync(place);
  for (const name of readdirSync(tree)) {
    const below = real.filter((path) => path === name || path.startsWith(`${name}/`));
    if (below.length === 0) symlinkSync(join(tree, name), join(place, name));
    else {
      linkTree(
        join(tree, name),
        join(place, name),
        below.filter((path) => path !== name).map((path) => path.slice(name.length + 1)),
      );
    }
  }
}

/** Lays out tree, config and request of the tiny kernel in a folder. */
export async function layOutTinyKernel(
  folder: string,
  keyFile: string,
): Promise<Omit<CompileRequest, 'signal'>> {
  const source = await kernelTree('6.12');
  const tree = join(folder, 'tree');
  linkTree(source, tree, ['lib', 'drivers/char', 'drivers/net']);
  const made = join(folder, 'config');
  mkdirSync(made);
  writeFileSync(join(folder, 'fragment'), fragment);
  const quiet = ['-s', '-C', tree, `O=${made}`, 'ARCH=x86_64'];
  await run('make', [...quiet, `KCONFIG_ALLCONFIG=${join(folder, 'fragment')}`, 'allnoconfig'], {
    env: makeEnvironment(),
  });
  await run('make', [...quiet, 'olddefconfig'], { env: makeEnvironment() });
  const config = readFileSync(join(made, '.config'), 'utf8');
  for (const line of fragment.trim().split('\n')) {
    if (!config.includes(line)) throw new Error(`the tiny config has lost ${line}`);
  }
  const baseVersion = (
    await run('make', [...quiet, 'kernelversion'], { env: makeEnvironment() })
  ).stdout.trim();
  return {
    tree,
    config: join(made, '.config'),
    folder: join(folder, 'objects'),
    target: kernelTargetSchema.parse({
      distro: 'el9',
      name: 'kernel',
      version: baseVersion,
      release: '7.tiny.el9',
      architecture: 'x86_64',
      kernelRelease: `${baseVersion}-7.tiny.el9.x86_64`,
    }),
    baseVersion,
    kbuildArch: 'x86_64',
    timestamp: new Date('2025-01-02T03:04:05Z'),
    jobs: cpus().length,
    modules: 'all',
    debugInfo: 'keep',
    ccache: 'auto',
    signing: { keyFile },
    step: unwatched,
    log: join(folder, 'make.log'),
  };
}
