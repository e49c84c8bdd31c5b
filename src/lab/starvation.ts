import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Reads a file of /proc; a process that went away meanwhile has none. */
async function readProc(...names: readonly string[]): Promise<string> {
  return readFile(join(...names), 'utf8').catch(() => '');
}

/**
 * How long the busiest thread of a program has been ready to run and had to
 * wait for a processor, in milliseconds: the second field of schedstat
 * (Documentation/scheduler/sched-stats.rst). On a host that does not count it, 0.
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
    return Math.max(0, ...waits);
  }
  return 0;
}
