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
 * How long the busiest thread of a process has been ready to run and had to wait for a processor, in
 * milliseconds: the second field of schedstat (Documentation/scheduler/sched-stats.rst). On a host
 * that does not count it, 0.
 */
async function waited(proc: string, pid: string): Promise<number> {
  const tasks = await readdir(join(proc, pid, 'task')).catch(() => []);
  const waits = await Promise.all(
    tasks.map(async (task) => {
      const nanoseconds = (await readProc(proc, pid, 'task', task, 'schedstat')).split(' ')[1];
      return Number(nanoseconds ?? 0) / 1e6;
    }),
  );
  return Math.max(0, ...waits);
}

/**
 * How long programs that take turns were kept from a processor, in milliseconds. A machine and its
 * servers do take turns: every block of TFTP waits for both. So the waits of all of them add up, and
 * so does what a hypervisor took away.
 *
 * @param proc - a /proc that shows those programs and no others
 */
export async function starvation(proc: string): Promise<number> {
  const pids = (await readdir(proc).catch(() => [])).filter((name) => /^\d+$/.test(name));
  const waits = await Promise.all(pids.map((pid) => waited(proc, pid)));
  return waits.reduce((sum, wait) => sum + wait, await stolen(proc));
}
