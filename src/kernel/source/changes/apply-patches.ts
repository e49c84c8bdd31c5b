import { constants } from 'node:fs';
import { copyFile, lstat, mkdir } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { BootwrightError, isSystemError } from '../../../system/errors/index.ts';
import { jail, readTextFile } from '../../../system/files.ts';
import { run } from '../../../system/process.ts';
import { requireTool } from '../../../system/tools.ts';
import { filesNamedIn } from './named-files.ts';

/**
 * Says where a patch stopped to fit, from what patch(1) printed of it.
 *
 * @returns the end of a sentence that starts "… does not apply: ", and whether its changes seem to
 *   be in the tree already
 */
export function diagnosePatch(lines: readonly string[]): {
  readonly why: string;
  readonly isThere: boolean;
} {
  let file = 'a file';
  for (const [index, line] of lines.entries()) {
    file = /^patching file '?(.+?)'?(?: \((?:renamed|copied) from .+\))?$/.exec(line)?.[1] ?? file;
    const hunk = /^Hunk #(\d+) FAILED at (\d+)/.exec(line);
    if (hunk !== null) {
      const why = `${file}, hunk ${hunk[1]}: line ${hunk[2]} of the tree is not as it expects`;
      return { why, isThere: false };
    }
    if (line.startsWith('Reversed (or previously applied) patch detected')) {
      return { why: `${file} has its changes already`, isThere: true };
    }
    const made = /^The next patch would create the file '?(.+?)'?,$/.exec(line)?.[1];
    if (made !== undefined) return { why: `the tree has ${made} already`, isThere: true };
    if (line.startsWith("can't find file to patch")) {
      const heads = lines
        .slice(index)
        .map((each) => /^\|(?:---|\+\+\+) [^/]*\/(\S+)/.exec(each)?.[1]);
      const name = heads.findLast((each) => each !== undefined && each !== 'dev/null');
      return { why: `the tree has no ${name ?? 'such file'}`, isThere: false };
    }
    const binary = /^File '?(.+?)'?: git binary diffs are not supported/.exec(line)?.[1];
    if (binary !== undefined) {
      return {
        why: `${binary} is changed as a binary file, which patch cannot do`,
        isThere: false,
      };
    }
    const own = /^patch: \*{4} (.+?)\s*$/.exec(line)?.[1];
    if (own !== undefined) return { why: own, isThere: false };
  }
  return { why: `${file} is not as it expects`, isThere: false };
}

function rejection(patch: string, lines: readonly string[]): BootwrightError {
  const name = basename(patch);
  const { why, isThere } = diagnosePatch(lines);
  return new BootwrightError('BW-PATCH-REJECTED', `The patch ${name} does not apply: ${why}.`, {
    excerpt: lines.filter((each) => each.trim() !== '').slice(0, 12),
    ...(isThere
      ? {
          hint: `The package seems to have ${name}, or the same fix: leave it out. With --like, name the patches that are still needed by --patch.`,
        }
      : {}),
  });
}

/**
 * Reads which files a patch may be about.
 *
 * @throws BootwrightError `BW-PATCH-EMPTY`, `BW-FILE-MISSING`
 */
export async function readPatch(path: string): Promise<ReadonlySet<string>> {
  const names = filesNamedIn(await readTextFile(path, 'patch'));
  if (names.size > 0) return names;
  throw new BootwrightError('BW-PATCH-EMPTY', `"${path}" names no file to change.`);
}

/** Copies a file of the tree; what is not there, or is no plain file, patch(1) will miss itself. */
async function copyIfFile(from: string, to: string): Promise<void> {
  try {
    if (!(await lstat(from)).isFile()) return;
  } catch (error) {
    if (isSystemError(error, 'ENOENT', 'ENOTDIR')) return;
    throw error;
  }
  await mkdir(dirname(to), { recursive: true });
  await copyFile(from, to, constants.COPYFILE_FICLONE);
}

/**
 * Applies patches, one after the other, to copies of the files that they are about: the tree
 * itself is only read.
 *
 * As `patch -p1 --fuzz=0`: what rpm itself takes for %patch (`_default_patch_fuzz`). A hunk may
 * have moved, but what is around it has to be the same.
 *
 * @param tree - the prepared tree
 * @param scratch - an empty folder; gets the files as the patches leave them
 * @returns the names that may have changed, relative to the tree
 * @throws BootwrightError `BW-PATCH-REJECTED`, `BW-PATCH-EMPTY`, `BW-PATH-ESCAPE`, `BW-TOOL-MISSING`
 */
export async function applyPatches(
  tree: string,
  patches: readonly string[],
  scratch: string,
  { log, signal }: { readonly log?: string; readonly signal?: AbortSignal } = {},
): Promise<ReadonlySet<string>> {
  if (patches.length === 0) return new Set();
  requireTool('patch', 'apply a patch');
  const named = new Set<string>();
  for (const patch of patches) for (const name of await readPatch(patch)) named.add(name);
  for (const name of named) await copyIfFile(jail(tree, name), jail(scratch, name));
  for (const patch of patches) {
    const { exitCode, stdout, stderr } = await run(
      'patch',
      [
        ...['-p1', '--fuzz=0', '--forward', '--no-backup-if-mismatch', '--reject-file=-'],
        ...['-d', scratch, '-i', resolve(patch)],
      ],
      {
        accept: [0, 1, 2],
        // Its words are read: they have to be English, and not bent to POSIX by the caller.
        env: { PATH: process.env.PATH ?? '', LC_ALL: 'C' },
        ...(log === undefined ? {} : { log }),
        ...(signal === undefined ? {} : { signal }),
      },
    );
    if (exitCode === 0) continue;
    throw rejection(patch, `${stdout}${stderr}`.split('\n'));
  }
  return named;
}
