import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { run } from '../../src/system/process.ts';
import { findTool } from '../../src/system/tools.ts';
import { scratchFolder } from '../scratch.ts';

const script = resolve('bench/by-hand.sh');

test.skipIf(findTool('shellcheck') === undefined)('shellcheck has nothing to say', async () => {
  await run('shellcheck', [script]);
});

/** Stands in for make: leaves what the real one would. */
const makeStub = `#!/bin/sh
tree=$2
echo "$@" >>"$tree/calls"
case $* in
*bzImage) mkdir -p "$tree/arch/x86/boot" && : >"$tree/arch/x86/boot/bzImage" && : >"$tree/System.map" ;;
*modules) : >"$tree/Module.symvers" ;;
*modules_install) mkdir -p "\${4#INSTALL_MOD_PATH=}/lib/modules/6.12.0" ;;
esac
`;

test.skipIf(findTool('bzip2') === undefined)(
  'network drivers and the NFS root become y, nothing else; the steps come in order',
  async () => {
    const folder = scratchFolder();
    const tree = join(folder, 'tree');
    const tools = join(folder, 'tools');
    await mkdir(join(tree, 'drivers/net/intel'), { recursive: true });
    await mkdir(tools);
    await writeFile(join(tree, 'drivers/net/Kconfig'), 'menuconfig NETDEVICES\n\tbool "x"\n');
    await writeFile(join(tree, 'drivers/net/intel/Kconfig'), 'config E1000\n\ttristate "x"\n');
    await writeFile(join(tools, 'make'), makeStub);
    await chmod(join(tools, 'make'), 0o755);
    const config = join(folder, 'config');
    await writeFile(config, 'CONFIG_E1000=m\nCONFIG_E1000E=m\nCONFIG_BLK_DEV_LOOP=m\n');

    const { stdout } = await run(script, [tree, config, join(folder, 'out'), '3'], {
      env: { ...process.env, PATH: `${tools}:${process.env.PATH}` },
    });

    expect(stdout.match(/^== .*$/gm)).toEqual([
      '== configure',
      '== make bzImage',
      '== make modules',
      '== make modules_install',
      '== strip',
      '== tar cjf',
      '== end',
    ]);
    const made = await readFile(join(tree, '.config'), 'utf8');
    expect(made).toContain('CONFIG_E1000=y\nCONFIG_E1000E=m\nCONFIG_BLK_DEV_LOOP=m\n');
    expect(made).toContain('CONFIG_ROOT_NFS=y\n');
    expect(await readFile(join(tree, 'calls'), 'utf8')).toContain('-j3 bzImage');
    const { stdout: listed } = await run('tar', ['-tjf', join(folder, 'out/netboot.tar.bz2')]);
    expect(listed).toContain('boot/bzImage\n');
    expect(listed).toContain('lib/modules/6.12.0/\n');
  },
);
