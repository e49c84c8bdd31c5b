import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { kconfigEnvironment } from '../../../src/kernel/configure/environment.ts';
import { loadKconfig, olddefconfig, treeConf } from '../../../src/kernel/configure/olddefconfig.ts';
import { BootwrightError } from '../../../src/system/errors/index.ts';
import { run } from '../../../src/system/process.ts';
import { debianConfig, kernelTree, type TreeVersion } from '../../trees.ts';

let cacheFolder: string;

beforeAll(async () => {
  cacheFolder = await mkdtemp(join(tmpdir(), 'bootwright-kconfig-'));
});

afterAll(() => rm(cacheFolder, { recursive: true }));

describe.each<[TreeVersion]>([['6.1'], ['6.12']])('the tree of %s', (version) => {
  it('tells how its make calls conf', async () => {
    const tree = await kernelTree(version);
    const { variables, folder } = await kconfigEnvironment({ tree, arch: 'x86', cacheFolder });
    const compiler = (await run('gcc', ['--version'])).stdout.split('\n')[0] ?? '';
    expect(variables).toMatchObject({
      ARCH: 'x86',
      SRCARCH: 'x86',
      CC: 'gcc',
      LD: 'ld',
      srctree: tree,
    });
    expect(variables.CC_VERSION_TEXT).toBe(compiler);
    expect(variables.KERNELVERSION).toMatch(new RegExp(`^${version.replace('.', '\\.')}\\.\\d+`));
    expect(Object.keys(variables).filter((name) => /^MAKE|BOOTWRIGHT/.test(name))).toEqual([
      'MAKE',
    ]);
    expect(folder.startsWith(cacheFolder)).toBe(true);
    // conf is built only when it is asked for, and nothing ever in the tree.
    expect(existsSync(join(folder, 'scripts/kconfig/conf'))).toBe(false);
    expect(existsSync(join(tree, 'scripts/basic/fixdep'))).toBe(false);
  });

  it('hears of the arguments that choose tools', async () => {
    const tree = await kernelTree(version);
    const options = { tree, arch: 'x86_64', cacheFolder, makeArguments: ['PAHOLE=/bin/false'] };
    const { variables } = await kconfigEnvironment(options);
    expect(variables).toMatchObject({ PAHOLE: '/bin/false', ARCH: 'x86_64', SRCARCH: 'x86' });
  });

  it('gets the same .config from us and from its own conf', async () => {
    const tree = await kernelTree(version);
    const config = await debianConfig(version);
    const options = { tree, arch: 'x86', cacheFolder };
    const cold = await olddefconfig({ ...options, config });
    const warm = await olddefconfig({ ...options, config });
    expect(warm.text).toBe(cold.text);
    const judge = await treeConf(options);
    expect((await judge.run(config)).text === warm.text).toBe(true);
    const spoilt = config.replace('CONFIG_NET=y', '# CONFIG_NET is not set\nCONFIG_NO_SUCH=y');
    const ours = await olddefconfig({ ...options, config: spoilt });
    expect((await judge.run(spoilt)).text === ours.text).toBe(true);
    expect(ours.warnings.join('\n')).toContain('unknown symbol: NO_SUCH');
  });
});

it('says so when a folder is no kernel tree', async () => {
  const tree = join(cacheFolder, 'none');
  await mkdir(tree);
  await writeFile(join(tree, 'Makefile'), 'all:\n\t@echo hello\n');
  const error = await loadKconfig({ tree, arch: 'x86', cacheFolder }).catch((reason) => reason);
  expect(error).toBeInstanceOf(BootwrightError);
  expect(error.code).toBe('BW-CONFIG-TREE-REFUSED');
});
