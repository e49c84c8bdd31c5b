import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { run } from '../../../src/system/process.ts';
import { findTool } from '../../../src/system/tools.ts';
import { neededApplets } from '../../../src/wrap/initramfs/userland.ts';
import { scratchFolder } from '../../scratch.ts';
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

test('a lease of DHCPv6 counts once nobody else has its address, however udhcpc6 writes it', () => {
  const folder = scratchFolder();
  const long = 'fd77:0000:0000:0000:0000:0000:0000:0077';
  writeFileSync(
    join(folder, 'eth0.lease6'),
    `lease6_address='${long}'\nlease6_nameservers='fd77::1'\n`,
  );
  const lines = runShell(
    ['command-line', 'network'],
    `run='${folder}' leased6='' nameservers='' state=tentative
    ip() {
      case "$*" in
      *'addr add'*) echo "$*" ;;
      *'addr show'*)
        echo "2: eth0    inet6 fd77::5054:ff:fe77:10/64 scope global dynamic \\  valid_lft 3600sec"
        echo "2: eth0    inet6 fd77::77/128 scope global $state \\  valid_lft forever"
        ;;
      esac
    }
    take_lease6 eth0 && echo too early
    state=''
    take_lease6 eth0 && echo "$address6,$nameservers"`,
  );
  expect(lines.split('\n')).toEqual([`-6 addr add ${long}/128 dev eth0`, 'fd77::77, fd77::1']);
});

test('a card without a driver is told, and why its driver was not loaded', () => {
  const devices = scratchFolder();
  const device = (address: string, deviceClass: string, driver?: string): void => {
    mkdirSync(join(devices, address));
    writeFileSync(join(devices, address, 'class'), `${deviceClass}\n`);
    writeFileSync(join(devices, address, 'modalias'), `pci:of-${address}\n`);
    if (driver !== undefined) mkdirSync(join(devices, address, driver));
  };
  device('0000:00:01.0', '0x060100');
  device('0000:00:02.0', '0x020000', 'driver');
  device('0000:00:03.0', '0x020000');
  device('0000:00:04.0', '0x028000');
  const lines = runShell(
    ['drivers'],
    `cards() { :; }
    modprobe() { case $2 in *03.0) echo "modprobe: can't load module e1000" >&2; return 1 ;; esac; }
    say() { echo "$*"; }
    pci_devices='${devices}'
    tell_cards`,
  );
  expect(lines.split('\n')).toEqual([
    "card: 0000:00:03.0 pci:of-0000:00:03.0 has no driver: modprobe: can't load module e1000",
    'card: 0000:00:04.0 pci:of-0000:00:04.0 has no driver',
  ]);
});
