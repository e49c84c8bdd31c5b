import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { starvation } from '../../src/lab/starvation.ts';

test('adds up the longest waits of all programs, and what the hypervisor took', async () => {
  const proc = await mkdtemp(join(tmpdir(), 'proc-'));
  const task = async (pid: string, id: string, schedstat: string): Promise<void> => {
    await mkdir(join(proc, pid, 'task', id), { recursive: true });
    await writeFile(join(proc, pid, 'task', id, 'schedstat'), `${schedstat}\n`);
  };
  await task('6', '6', '5000000 500000000 3');
  await task('7', '7', '5000000 3000000 3');
  await task('7', '8', '5000000 42000000 3');
  expect(await starvation(proc)).toBe(542);
  // The processor that it takes most of.
  const counts = (steal: number): string => `1 2 3 4 5 6 7 ${steal} 9 10`;
  await writeFile(
    join(proc, 'stat'),
    `cpu  ${counts(1900)}\ncpu0 ${counts(1100)}\ncpu1 ${counts(800)}\nintr 5 6 7 8 9 10 11 12\n`,
  );
  expect(await starvation(proc)).toBe(11_542);
  expect(await starvation(join(proc, 'nowhere'))).toBe(0);
  await rm(proc, { recursive: true });
});
