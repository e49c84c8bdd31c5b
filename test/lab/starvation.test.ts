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
  expect(await starvation(proc, 'qemu-system')).toBe(42);
  expect(await starvation(proc, 'ganesha')).toBe(0);
  // What a hypervisor takes of the processor that it takes most of.
  const counts = (steal: number) => `1 2 3 4 5 6 7 ${steal} 9 10`;
  await writeFile(
    join(proc, 'stat'),
    `cpu  ${counts(1900)}\ncpu0 ${counts(1100)}\ncpu1 ${counts(800)}\nintr 5 6 7 8 9 10 11 12\n`,
  );
  expect(await starvation(proc, 'qemu-system')).toBe(11_042);
  expect(await starvation(join(proc, 'nowhere'), 'qemu-system')).toBe(0);
  await rm(proc, { recursive: true });
});
