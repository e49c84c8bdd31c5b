import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { run } from '../../../src/system/process.ts';
import { requireTool } from '../../../src/system/tools.ts';
import { missingParts, neededApplets } from '../../../src/wrap/initramfs/userland.ts';

const help = 'BusyBox v1.35.0\n\nUsage: modprobe [-alrqvsDb] MODULE [SYMBOL=VALUE]...\n';
const program = Buffer.from('\0modules.dep\0modules.alias\0modules.symbols\0');

test('nothing is missing from a whole one, nor from that of this host', async () => {
  expect(missingParts(neededApplets, help, program)).toEqual([]);
  const { stdout, stderr } = await run('busybox', ['modprobe', '--help']);
  const busybox = readFileSync(requireTool('busybox', 'test'));
  expect(missingParts(neededApplets, stdout + stderr, busybox)).toEqual([]);
});

test('programs that were left out are told', () => {
  const applets = neededApplets.filter((name) => !['udhcpc', 'modprobe'].includes(name));
  expect(missingParts(applets, '', program)).toEqual(['modprobe', 'udhcpc']);
});

test('so is the small modprobe, the default of a busybox that one compiles', () => {
  const small = help.replace('-alrqvsDb', '-rq');
  expect(missingParts(neededApplets, small, program)).toEqual([
    ...['modprobe -a', 'modprobe -b', 'modprobe -D'],
  ]);
});

test('so is a modprobe that finds no module for a device', () => {
  expect(missingParts(neededApplets, help, Buffer.from('\0modules.dep\0'))).toEqual([
    'FEATURE_MODUTILS_ALIAS',
  ]);
});
