import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { layoutOf } from '../../src/bundle/manifest.ts';
import { writeCpio } from '../../src/formats/cpio/index.ts';
import { unwatched } from '../../src/system/progress.ts';
import { wrapStock } from '../../src/wrap/wrap.ts';
import { stockKernelPackage } from '../stock-package.ts';

// Two machines on one cable, both with the wrapped kernel: one gives addresses, on the cable itself and
// in VLAN 5 of it, the other is told by its command line what to do. Many a host has neither VLANs nor
// bonds; the stock kernel has both.

const folder = mkdtempSync(join(tmpdir(), 'bootwright-pair-'));
const macs = ['52:54:00:00:00:01', '52:54:00:00:00:02'];
let image: string;
let initramfs: string;
let serverInitramfs: string;

const server = `#!/bin/sh
export PATH=/bin:/sbin
mount -t proc proc /proc; mount -t sysfs sysfs /sys; mount -t devtmpfs devtmpfs /dev
exec >/dev/console 2>&1
for module in virtio_pci virtio_net 8021q; do /sbin/modprobe -q $module; done
mount -t tmpfs tmpfs /run; mkdir -p /var/lib/misc
ip link set eth0 up
ip link add link eth0 name eth0.5 type vlan id 5
for net in 4:eth0 5:eth0.5; do
	number=\${net%%:*} device=\${net#*:}
	ip link set $device up
	ip addr add 10.$number.0.1/24 dev $device
	: >/run/$number.leases
	{
		echo "start 10.$number.0.20"; echo "end 10.$number.0.20"; echo "interface $device"
		echo "lease_file /run/$number.leases"; echo "pidfile /run/$number.pid"
		echo "option subnet 255.255.255.0"; echo "option rootpath 10.$number.0.1:/by-dhcp"
	} >/run/$number.conf
	udhcpd /run/$number.conf
done
echo server: ready
while :; do sleep 1000; done
`;

/** A machine that runs, and what it has said so far. */
interface Machine {
  readonly process: ChildProcess;
  says(pattern: RegExp, seconds: number): Promise<string>;
}

function start(
  initrd: string,
  commandLine: string,
  cards: readonly string[],
  cable: string,
): Machine {
  const network = cards.flatMap((mac, index) => [
    ...['-netdev', `socket,id=n${index},mcast=${cable}`],
    ...['-device', `virtio-net-pci,netdev=n${index},romfile=,mac=${mac}`],
  ]);
  const process = spawn('qemu-system-x86_64', [
    ...[
      '-accel',
      'tcg',
      '-m',
      '512',
      '-nodefaults',
      '-nographic',
      '-serial',
      'stdio',
      '-no-reboot',
    ],
    ...['-kernel', image, '-initrd', initrd, ...network],
    ...['-append', `console=ttyS0 quiet panic=1 no_timer_check ${commandLine}`],
  ]);
  let said = '';
  process.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString('latin1');
  });
  return {
    process,
    async says(pattern, seconds) {
      for (let waited = 0; waited < seconds * 10; waited += 1) {
        const found = pattern.exec(said);
        if (found !== null) return found[0];
        await sleep(100);
      }
      throw new Error(`It does not say ${pattern}:\n${said.slice(-3000)}`);
    },
  };
}

beforeAll(async () => {
  const { bundle } = await wrapStock(
    {
      paths: [await stockKernelPackage()],
      ...{ scope: 'wired', modules: 'none', format: 'folder', folder },
    },
    unwatched,
  );
  const layout = layoutOf(bundle.manifest.target.kernelRelease);
  image = join(bundle.folder, layout.image);
  initramfs = join(bundle.folder, layout.initramfs);
  serverInitramfs = join(folder, 'server.img');
  const script = {
    type: 'file',
    name: 'server',
    data: Buffer.from(server),
    executable: true,
  } as const;
  writeFileSync(
    serverInitramfs,
    Buffer.concat([readFileSync(initramfs), ...writeCpio([script], 0)]),
  );
});
afterAll(() => rmSync(folder, { recursive: true }));

const tries: readonly (readonly [commandLine: string, address: string, root: string])[] = [
  ['ip=dhcp root=dhcp', 'eth[01] 10.4.0.20', '10.4.0.1:/by-dhcp'],
  ['BOOTIF=01-52-54-00-00-00-02 ip=dhcp root=dhcp', 'eth1 10.4.0.20', '10.4.0.1:/by-dhcp'],
  ['vlan=vlan5:eth0 ip=vlan5:dhcp root=dhcp', 'vlan5 10.5.0.20', '10.5.0.1:/by-dhcp'],
  [
    'bond=bond0:eth0,eth1:mode=active-backup,miimon=100 vlan=bond0.5:bond0 ip=bond0.5:dhcp root=dhcp',
    'bond0.5 10.5.0.20',
    '10.5.0.1:/by-dhcp',
  ],
  [
    `ifname=boot:${macs[1]} ip=10.4.0.77::10.4.0.1:255.255.255.0:me:boot:none nfsroot=10.4.0.1:/given`,
    'boot 10.4.0.77',
    '10.4.0.1:/given',
  ],
];
test.each(tries)('%s', { timeout: 300_000 }, async (commandLine, address, root) => {
  const cable = `230.0.0.1:${20_000 + Math.floor(Math.random() * 20_000)}`;
  const giver = start(serverInitramfs, 'rdinit=/server', ['52:54:00:00:00:99'], cable);
  try {
    await giver.says(/server: ready/, 120);
    const machine = start(initramfs, commandLine, macs, cable);
    try {
      const told = await machine.says(/bootwright-init: address: .*/, 120);
      expect(told).toMatch(new RegExp(`address: ${address}\\b`));
      // Nobody serves NFS there: that it is asked for is what counts.
      expect(await machine.says(/bootwright-init: root: mount: mounting \S+/, 60)).toContain(root);
    } finally {
      machine.process.kill('SIGKILL');
    }
  } finally {
    giver.process.kill('SIGKILL');
  }
});
