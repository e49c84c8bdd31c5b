import { constants } from 'node:fs';
import { access, readFile, statfs } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { assertBuildPath } from '../../kernel/compile/index.ts';
import { cacheFolder } from '../../system/cache.ts';
import { BootwrightError, toBootwrightError } from '../../system/errors/index.ts';
import { exists, formatBytes } from '../../system/files.ts';
import type { Finding } from './finding.ts';

/** A tree and the objects of a small config take this much, in bytes. */
const leastSpace = 5e9;
/** The objects of a distro's whole config, with debug information. */
const usualSpace = 35e9;
/** Answers of compilers, and ccache's objects if it keeps them there. */
const cacheSpace = 1e9;
/** Making the BTF of a distro's vmlinux took 5.7 GB at its peak. */
const usualMemory = 6e9;

/** The folder itself, or the nearest one above it that is there. */
export async function nearestFolder(path: string): Promise<string> {
  let folder = resolve(path);
  while (!(await exists(folder))) folder = dirname(folder);
  return folder;
}

/** What is the matter with writing there, if anything. */
async function problemOfWriting(folder: string): Promise<string | undefined> {
  try {
    await access(folder, constants.W_OK | constants.X_OK);
    return undefined;
  } catch (error) {
    return toBootwrightError(error).message;
  }
}

async function lookAtWorkspace(path: string): Promise<Finding> {
  const folder = await nearestFolder(path);
  const base = { group: 'room' as const, name: 'workspace', purpose: 'hold trees and objects' };
  const another = 'Name another folder with --workspace.';
  try {
    assertBuildPath(resolve(path), 'workspace');
  } catch (error) {
    if (!(error instanceof BootwrightError)) throw error;
    return { ...base, state: 'poor', detail: error.message, prevents: 'build', remedy: another };
  }
  const problem = await problemOfWriting(folder);
  if (problem !== undefined) {
    return { ...base, state: 'poor', detail: problem, prevents: 'build', remedy: another };
  }
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  const detail = `${formatBytes(free)} free for ${resolve(path)}`;
  if (free < leastSpace) {
    return {
      ...base,
      state: 'poor',
      detail: `${detail}: a build takes at least ${formatBytes(leastSpace)}`,
      prevents: 'build',
      remedy: `Free some space. ${another}`,
    };
  }
  if (free < usualSpace) {
    return {
      ...base,
      state: 'poor',
      detail: `${detail}: a distro's whole config with debug information takes up to ${formatBytes(usualSpace)}`,
    };
  }
  return { ...base, state: 'ok', detail };
}

async function lookAtCache(): Promise<Finding> {
  const path = dirname(cacheFolder('kconfig'));
  const folder = await nearestFolder(path);
  const base = { group: 'room' as const, name: 'cache', purpose: 'keep answers of compilers' };
  const problem = await problemOfWriting(folder);
  const remedy = 'Name another folder with the variable XDG_CACHE_HOME.';
  if (problem !== undefined) {
    return { ...base, state: 'poor', detail: problem, prevents: 'build', remedy };
  }
  const { bavail, bsize } = await statfs(folder);
  const detail = `${formatBytes(bavail * bsize)} free for ${path}`;
  if (bavail * bsize >= cacheSpace) return { ...base, state: 'ok', detail };
  return { ...base, state: 'poor', detail, remedy };
}

/** Bytes of a line of /proc/meminfo (proc_meminfo(5)). */
export function memoryIn(meminfo: string, name: string): number {
  const match = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(meminfo);
  return Number(match?.[1] ?? 0) * 1024;
}

async function lookAtMemory(): Promise<Finding> {
  const meminfo = await readFile('/proc/meminfo', 'utf8').catch(() => '');
  const total = memoryIn(meminfo, 'MemTotal');
  const swap = memoryIn(meminfo, 'SwapTotal');
  const detail = `${formatBytes(total)}, and ${formatBytes(swap)} of swap`;
  const base = { group: 'room' as const, name: 'memory', purpose: 'link the kernel, make its BTF' };
  if (total + swap >= usualMemory) return { ...base, state: 'ok', detail };
  return {
    ...base,
    state: 'poor',
    detail: `${detail}: the BTF of a distro kernel takes about ${formatBytes(usualMemory)}`,
  };
}

/** Space on disk and in memory. */
export function lookAtRoom(workspace: string): Promise<readonly Finding[]> {
  return Promise.all([lookAtWorkspace(workspace), lookAtCache(), lookAtMemory()]);
}
