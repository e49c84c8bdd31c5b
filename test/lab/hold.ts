/** Opens a lab, switches its machine on, says so, and waits to be killed: run by lab.slow.test.ts. */
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLab } from '../../src/lab/lab.ts';

const lab = await openLab({
  card: 'virtio',
  firmware: 'bios',
  loader: 'pxelinux',
  nfsVersion: 3,
  image: '/bin/sh',
  commandLine: 'x',
  memory: 256,
  accelerator: 'tcg',
  logs: await mkdtemp(join(tmpdir(), 'lab-hold-')),
  fillRoot: async () => undefined,
  onObservation: () => undefined,
});
await lab.switchOn();
process.stdout.write('on\n');
setInterval(() => undefined, 1000);
