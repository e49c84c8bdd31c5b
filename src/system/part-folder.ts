import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdir, open, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** `.<process id>-<its start>-<random>.part` */
const namePattern = /^\.(\d+)-(\d+)-[0-9a-f-]+\.part$/;

/**
 * When a process started, in clock ticks since the machine did: what tells it
 * from a later one with the same id. Field 22 of proc_pid_stat(5), counted
 * after the command's name, which may hold anything.
 */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}

/**
 * Makes a folder for half-made things beside the finished ones. Its name says
 * whose it is, so that a later run can tell what a killed one has left behind.
 */
export async function makePartFolder(parent: string): Promise<string> {
  const start = startOf(process.pid) ?? '0';
  const path = join(parent, `.${process.pid}-${start}-${randomUUID()}.part`);
  await mkdir(path, { recursive: true });
  return path;
}

/** Deletes what runs that are no more have left half-made in a folder. */
export async function removeLeftovers(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    const match = namePattern.exec(name);
    if (match === null || startOf(Number(match[1])) === match[2]) continue;
    await rm(join(parent, name), { recursive: true, force: true });
  }
}

/** Has the operating system write a file or folder to the disk. */
export async function syncToDisk(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
