import { expect, test } from 'vitest';
import { run } from '../../../src/system/process.ts';
import { findTool } from '../../../src/system/tools.ts';
import { neededApplets } from '../../../src/wrap/initramfs/userland.ts';
import { runShell, scripts } from './shell.ts';

test.each(scripts)('busybox can read %s', async (script) => {
  await run('busybox', ['sh', '-n', script]);
});

test.skipIf(findTool('shellcheck') === undefined)('shellcheck has nothing to say', async () => {
  // All of init at once, since its parts set variables for each other.
  const own = ['init.sh', 'lease.sh', 'modprobe.sh'];
  const mains = scripts.filter((script) => own.some((name) => script.endsWith(`/${name}`)));
  expect(mains).toHaveLength(own.length);
  await run('shellcheck', ['-x', '-P', 'SCRIPTDIR', ...mains]);
});

test('the userland of this host has what init calls', async () => {
  const { stdout } = await run('busybox', ['--list']);
  expect(stdout.split('\n')).toEqual(expect.arrayContaining([...neededApplets]));
});

test('names that are given cards by ifname= and devices that stand on others', () => {
  const lines = runShell(
    ['command-line', 'network'],
    `bonds='bond0:eth0,eth1' vlans='vlan5:bond0'
    for device in eth0 eth1 eth2 bond0 vlan5; do is_part $device && echo "$device is a part"; done
    devices_to_ask first`,
  );
  expect(lines.split('\n')).toEqual([
    'eth0 is a part',
    'eth1 is a part',
    'bond0 is a part',
    'vlan5',
  ]);
});
