/**
 * Opens a lab, switches its machine on, says so, and waits to be killed: run by lab.slow.test.ts.
 * Argument: the folder for its logs.
 */
import { openLab } from '../../src/lab/lab.ts';

const lab = await openLab({
  card: 'virtio',
  firmware: 'bios',
  loader: 'pxelinux',
  transport: 'http',
  nfsVersion: 3,
  image: '/bin/sh',
  commandLine: 'x',
  memory: 256,
  accelerator: 'tcg',
  logs: process.argv[2] ?? '',
  fillRoot: async () => undefined,
  onObservation: () => undefined,
});
await lab.switchOn();
process.stdout.write('on\n');
setInterval(() => undefined, 1000);
