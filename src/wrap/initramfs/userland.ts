import { readFile } from 'node:fs/promises';
import { BootwrightError, isSystemError } from '../../system/errors/index.ts';
import { sha256 } from '../../system/files.ts';
import { run } from '../../system/process.ts';
import { findTool, installCommand } from '../../system/tools.ts';

/** The program that is the userland of an initramfs. */
export interface Userland {
  readonly path: string;
  /** Its own words: `BusyBox v1.35.0 (Debian 1:1.35.0-4)`. */
  readonly version: string;
  readonly sha256: string;
  /** The names under which it is each of its programs. */
  readonly applets: readonly string[];
}

/** What init calls. All of it has been part of busybox for long, but a build may leave things out. */
export const neededApplets: readonly string[] = [
  ...['awk', 'basename', 'cat', 'echo', 'grep', 'hostname', 'ip', 'kill', 'mkdir', 'modprobe'],
  ...['mount', 'mv', 'readlink', 'reboot', 'sed', 'sh', 'sleep', 'sort', 'switch_root', 'tr'],
  ...['udhcpc', 'unxz'],
];

/** The options that init calls modprobe with: that of a busybox "MODPROBE_SMALL" has none of them. */
const neededModprobeOptions = ['a', 'b', 'D', 'q'] as const;

/**
 * What init calls and a busybox was built without.
 *
 * @param applets - the names of its programs
 * @param modprobeHelp - what its `modprobe --help` says: `Usage: modprobe [-alrqvsDb] MODULE …`
 * @param program - its bytes: no help tells of FEATURE_MODUTILS_ALIAS, without which no device leads
 *   to a module, but the file that is read then (modutils/modprobe.c)
 */
export function missingParts(
  applets: readonly string[],
  modprobeHelp: string,
  program: Buffer,
): readonly string[] {
  const options = /^Usage: modprobe \[-(\w+)\]/m.exec(modprobeHelp)?.[1] ?? '';
  return [
    ...neededApplets.filter((name) => !applets.includes(name)),
    ...neededModprobeOptions
      .filter((option) => applets.includes('modprobe') && !options.includes(option))
      .map((option) => `modprobe -${option}`),
    ...(program.includes('modules.alias') ? [] : ['FEATURE_MODUTILS_ALIAS']),
  ];
}

/** The type of a program header that names a dynamic linker (elf(5), PT_INTERP). */
const interpreterType = 3;

/** Whether a program runs by itself, without the libraries of a system. */
function isStatic(elf: Buffer): boolean {
  if (elf.length < 64 || elf.readUInt32BE(0) !== 0x7f454c46) return false;
  const [table, size, count] = [
    elf.readBigUInt64LE(32),
    elf.readUInt16LE(54),
    elf.readUInt16LE(56),
  ];
  for (let index = 0; index < count; index += 1) {
    const at = Number(table) + index * size;
    if (at + 4 > elf.length || elf.readUInt32LE(at) === interpreterType) return false;
  }
  return true;
}

/**
 * Looks at the busybox that an initramfs is to have.
 *
 * @param given - its path; without one, it is looked for on PATH
 * @throws BootwrightError `BW-WRAP-BUSYBOX` (none, not static, without what init calls)
 */
export async function findUserland(given: string | undefined): Promise<Userland> {
  const path = given ?? findTool('busybox');
  if (path === undefined) {
    throw new BootwrightError('BW-WRAP-BUSYBOX', 'There is no busybox on PATH.', {
      hint: `Install it (${installCommand('busybox') ?? 'busybox-static'}), or name one by --busybox FILE.`,
    });
  }
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (error) {
    if (!isSystemError(error, 'ENOENT', 'ENOTDIR', 'EISDIR', 'EACCES')) throw error;
    throw new BootwrightError('BW-WRAP-BUSYBOX', `"${path}" cannot be read.`, { cause: error });
  }
  if (!isStatic(bytes)) {
    throw new BootwrightError(
      'BW-WRAP-BUSYBOX',
      `"${path}" is no program for x86_64, or needs the libraries of a system.`,
    );
  }
  const { stdout } = await run(path, ['--list'], { failure: 'BW-WRAP-BUSYBOX' });
  const applets = stdout
    .split('\n')
    .filter((name) => /^[\w.[-]+$/.test(name) && name !== 'busybox');
  const modprobe = await run(path, ['modprobe', '--help'], { failure: 'BW-WRAP-BUSYBOX' });
  const missing = missingParts(applets, modprobe.stdout + modprobe.stderr, bytes);
  if (missing.length > 0) {
    throw new BootwrightError(
      'BW-WRAP-BUSYBOX',
      `"${path}" was built without ${missing.join(', ')}.`,
    );
  }
  const { stdout: help } = await run(path, [], { failure: 'BW-WRAP-BUSYBOX' });
  const version = /^(BusyBox v.*?)(?: multi-call binary\.?)?$/m.exec(help)?.[1] ?? 'BusyBox';
  return { path, version, sha256: sha256(bytes), applets: applets.sort() };
}
