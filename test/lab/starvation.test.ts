import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { starvation } from '../../src/lab/starvation.ts';

test('takes the thread that waited longest, of the program that is asked for', async () => {
  const proc = await mkdtemp(join(tmpdir(), 'proc-'));
  const task = async (pid: string, comm: string, id: string, schedstat: string): Promise<void> => {
    await mkdir(join(proc, pid, 'task', id), { recursive: true });
    await writeFile(join(proc, pid, 'comm'), `${comm}\n`);
    await writeFile(join(proc, pid, 'task', id, 'schedstat'), `${schedstat}\n`);
  };
  await task('1', 'cat', '1', '5000000 9000000000 3');
  await task('7', 'qemu-system-x86', '7', '5000000 3000000 3');
  await task('7', 'qemu-system-x86', '8', '5000000 42000000 3');
  await writeFile(join(proc, 'uptime'), '');
  expect(await starvation(proc, 'qemu-system')).toBe(42);
  expect(await starvation(proc, 'ganesha')).toBe(0);
  expect(await starvation(join(proc, 'nowhere'), 'qemu-system')).toBe(0);
  await rm(proc, { recursive: true });
});
