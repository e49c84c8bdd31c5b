import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Reads a file of /proc; a process that went away meanwhile has none. */
async function readProc(...names: readonly string[]): Promise<string> {
  return readFile(join(...names), 'utf8').catch(() => '');
}

/** The unit of /proc/stat, in milliseconds: USER_HZ is 100 on all that Linux runs on but Alpha. */
const tick = 10;

/**
 * How long another guest of the same hypervisor had this host's processors while they had work, in
 * milliseconds: `steal`, the eighth field of /proc/stat (proc_stat(5)), of the processor that lost
 * most. A thread that runs then counts as running, so its schedstat does not show it.
 */
async function stolen(proc: string): Promise<number> {
  const steals = (await readProc(proc, 'stat'))
    .split('\n')
    .filter((line) => /^cpu\d/.test(line))
    .map((line) => Number(line.split(/\s+/)[8] ?? 0) * tick);
  return Math.max(0, ...steals);
}

/**
 * How long the busiest thread of a program was kept from a processor, in milliseconds: ready to run
 * and waiting, which is the second field of schedstat (Documentation/scheduler/sched-stats.rst; 0 on
 * a host that does not count it), or on a processor that the hypervisor had taken away.
 *
 * @param proc - the /proc to look in
 * @param program - what the program's name (`comm`) begins with
 */
export async function starvation(proc: string, program: string): Promise<number> {
  const pids = (await readdir(proc).catch(() => [])).filter((name) => /^\d+$/.test(name));
  for (const pid of pids) {
    if (!(await readProc(proc, pid, 'comm')).startsWith(program)) continue;
    const tasks = await readdir(join(proc, pid, 'task')).catch(() => []);
    const waits = await Promise.all(
      tasks.map(async (task) => {
        const nanoseconds = (await readProc(proc, pid, 'task', task, 'schedstat')).split(' ')[1];
        return Number(nanoseconds ?? 0) / 1e6;
      }),
    );
    return Math.max(0, ...waits) + (await stolen(proc));
  }
  return 0;
}
