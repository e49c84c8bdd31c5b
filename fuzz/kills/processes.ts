import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

function processIds(): number[] {
  return readdirSync('/proc').map(Number).filter(Number.isInteger);
}

/** What `read` gives of a process; undefined for one that is gone meanwhile, or a zombie. */
function ask<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

/** The parent of a process: field 4 of proc_pid_stat(5), counted behind the command's name. */
function parentOf(pid: number): number | undefined {
  const stat = ask(() => readFileSync(`/proc/${pid}/stat`, 'latin1'));
  return stat === undefined
    ? undefined
    : Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
}

/** A process and all that it has started, as far as their parents live. */
export function familyOf(pid: number): number[] {
  const parents = new Map(processIds().map((id) => [id, parentOf(id)]));
  const family = [pid];
  for (const member of family) {
    for (const [id, parent] of parents) if (parent === member) family.push(id);
  }
  return family;
}

/** Processes that work in a folder, or have a path below it on their command line. */
export function processesIn(folder: string): string[] {
  return processIds().flatMap((pid) => {
    if (pid === process.pid) return [];
    const command = ask(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' '));
    const cwd = ask(() => readlinkSync(`/proc/${pid}/cwd`));
    const isThere = cwd?.startsWith(folder) === true || command?.includes(folder) === true;
    return isThere ? [`${pid} ${command?.slice(0, 100)}`] : [];
  });
}

/** Mounts below a folder, as proc_pid_mountinfo(5) has them. */
export function mountsBelow(folder: string): string[] {
  const mounts = readFileSync('/proc/self/mountinfo', 'utf8').split('\n');
  return mounts.filter((line) => line.includes(folder));
}
