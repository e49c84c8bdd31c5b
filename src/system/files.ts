import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import {
  link,
  lstat,
  mkdir,
  open,
  readdir,
  realpath,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { dirname, isAbsolute, join, normalize, relative, resolve, sep } from 'node:path';
import { BootwrightError, isSystemError } from './errors/index.ts';

/** Whether something is there under that name. */
export async function exists(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if (isSystemError(error, 'ENOENT', 'ENOTDIR')) return false;
    throw error;
  }
}

/** The names in a folder, sorted; none where there is no folder. */
export async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).sort();
  } catch (error) {
    if (isSystemError(error, 'ENOENT', 'ENOTDIR')) return [];
    throw error;
  }
}

/**
 * Reads a file of which nobody knows who has written it.
 *
 * @param limit - in bytes; more is not read
 * @throws BootwrightError `BW-FILE-TOO-LARGE`
 */
export async function readBytesUpTo(path: string, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  // Not by its size: a pipe or a device has none.
  for await (const chunk of createReadStream(path, { end: limit })) {
    if (!(chunk instanceof Buffer)) continue;
    chunks.push(chunk);
    bytes += chunk.length;
  }
  if (bytes > limit) {
    throw new BootwrightError('BW-FILE-TOO-LARGE', `"${path}" has more than ${limit} bytes.`);
  }
  return Buffer.concat(chunks);
}

/** Like {@link readBytesUpTo}, as text. */
export async function readTextUpTo(path: string, limit: number): Promise<string> {
  return (await readBytesUpTo(path, limit)).toString('utf8');
}

/** Configs have 0.3 MB. */
const textLimit = 64 * 1024 * 1024;

/**
 * Reads a text file that a person has named.
 *
 * @param what - what the file is, for the message, such as `config`
 * @throws BootwrightError `BW-FILE-MISSING`, `BW-FILE-ACCESS`, `BW-FILE-TOO-LARGE`
 */
export async function readTextFile(path: string, what: string): Promise<string> {
  try {
    return await readTextUpTo(path, textLimit);
  } catch (error) {
    if (isSystemError(error, 'ENOENT', 'ENOTDIR')) {
      throw new BootwrightError('BW-FILE-MISSING', `The ${what} "${path}" does not exist.`, {
        cause: error,
      });
    }
    if (isSystemError(error, 'EISDIR')) {
      throw new BootwrightError(
        'BW-FILE-MISSING',
        `The ${what} "${path}" is a folder, not a file.`,
        {
          cause: error,
        },
      );
    }
    throw error;
  }
}

/** Whether a name stands for something that is neither a file nor a folder: a device, a pipe. */
async function isSpecial(path: string): Promise<boolean> {
  try {
    const found = await stat(path);
    return !found.isFile() && !found.isDirectory();
  } catch (error) {
    if (isSystemError(error, 'ENOENT', 'ENOTDIR')) return false;
    throw error;
  }
}

/** Whether a folder is there now; it is not where the one above it is missing. */
async function hasMadeFolder(path: string): Promise<boolean> {
  try {
    await mkdir(path);
    return true;
  } catch (error) {
    if (isSystemError(error, 'EEXIST') && (await stat(path)).isDirectory()) return true;
    if (isSystemError(error, 'ENOENT')) return false;
    throw error;
  }
}

/**
 * Makes a folder and those above it that are not there yet. (Where nothing can be made, as in /proc,
 * Node's own `recursive` tries for ever.)
 *
 * @throws BootwrightError `BW-FILE-ACCESS` in a folder that takes no others, or the system's error
 */
export async function makeFolder(path: string): Promise<void> {
  if (await hasMadeFolder(path)) return;
  if (!(await exists(dirname(path)))) await makeFolder(dirname(path));
  // Somebody else may have made the one above it only after the first try.
  if (await hasMadeFolder(path)) return;
  throw new BootwrightError(
    'BW-FILE-ACCESS',
    `The folder "${path}" cannot be made: "${dirname(path)}" takes no new ones.`,
  );
}

/**
 * Writes a file so that, whatever happens meanwhile, its name stands for the
 * old content or the whole new one: beside, fsync, rename. What is no plain
 * file, such as /dev/null or a pipe, is written to and never replaced.
 */
export async function writeWhole(
  path: string,
  content: string | Uint8Array,
  mode = 0o644,
): Promise<void> {
  await makeFolder(dirname(path));
  if (await isSpecial(path)) {
    await writeFile(path, content);
    return;
  }
  const beside = await writeBeside(path, content, mode);
  try {
    await rename(beside, path);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
}

/**
 * Writes a file that must not be there yet: its name stands for nothing, or for the whole content.
 *
 * @throws the system's EEXIST, if it is there
 */
export async function writeNew(
  path: string,
  content: string | Uint8Array,
  mode = 0o644,
): Promise<void> {
  await makeFolder(dirname(path));
  const beside = await writeBeside(path, content, mode);
  try {
    // Unlike rename(2), link(2) replaces nothing.
    await link(beside, path);
  } finally {
    await rm(beside, { force: true });
  }
}

/** Writes to the disk what is to get another file's name, in the folder of that. */
async function writeBeside(
  path: string,
  content: string | Uint8Array,
  mode: number,
): Promise<string> {
  const beside = join(dirname(path), `.${randomUUID()}.part`);
  try {
    const file = await open(beside, 'wx', mode);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
  return beside;
}

/** The SHA-256 of a file's bytes, in lower-case hexadecimal. */
export async function sha256File(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk);
  return hash.digest('hex');
}

/** The SHA-256 of bytes or text, in lower-case hexadecimal. */
export function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

/**
 * Joins a name that came from outside to a folder, and makes sure that the
 * result lies in it.
 *
 * @throws BootwrightError `BW-PATH-ESCAPE` for an absolute name, one that climbs out, or one with a NUL
 */
export function jail(folder: string, name: string): string {
  const inside = resolve(folder, name);
  const path = relative(folder, inside);
  if (
    isAbsolute(name) ||
    name.includes('\0') ||
    path === '..' ||
    path.startsWith(`..${sep}`) ||
    path === ''
  ) {
    throw new BootwrightError(
      'BW-PATH-ESCAPE',
      `The name "${name}" leads out of "${normalize(folder)}".`,
    );
  }
  return inside;
}

/**
 * Like {@link jail}, for a file that is there: symbolic links are followed, and must stay inside too.
 *
 * @throws BootwrightError `BW-PATH-ESCAPE`, `BW-FILE-MISSING`
 */
export async function jailExisting(folder: string, name: string): Promise<string> {
  const inside = jail(folder, name);
  let real: string;
  try {
    real = await realpath(inside);
  } catch (error) {
    if (isSystemError(error, 'ENOENT', 'ENOTDIR', 'ELOOP')) {
      throw new BootwrightError('BW-FILE-MISSING', `There is no file "${inside}".`, {
        cause: error,
      });
    }
    throw error;
  }
  const path = relative(await realpath(folder), real);
  if (isAbsolute(path) || path === '..' || path.startsWith(`..${sep}`)) {
    throw new BootwrightError(
      'BW-PATH-ESCAPE',
      `"${inside}" is a link to "${real}", outside of its folder.`,
    );
  }
  return real;
}

/** A file's size in bytes. */
export async function fileSize(path: string): Promise<number> {
  return (await stat(path)).size;
}

/** Bytes as a person reads them: `28.9 MB` (powers of ten, as disks and networks count). */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const units = ['kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = -1;
  do {
    value /= 1000;
    unit += 1;
  } while (value >= 999.95 && unit < units.length - 1);
  return `${value.toFixed(1)} ${units[unit]}`;
}
