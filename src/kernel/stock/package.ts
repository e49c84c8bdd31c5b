import { createWriteStream } from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { extract } from 'tar-stream';
import { readCpio } from '../../formats/cpio/index.ts';
import { BootwrightError, isSystemError } from '../../system/errors/index.ts';
import { jail } from '../../system/files.ts';
import { openOutput } from '../../system/process-output.ts';
import { requireTool } from '../../system/tools.ts';

/** A plain file in a package, or a symbolic link. */
interface PackedFile {
  readonly name: string;
  readonly size: number;
  /** Its bytes, in chunks. */
  readonly content: AsyncIterable<unknown>;
  /** What a link leads to. */
  readonly target?: string;
}

/** The program that writes a kind of package's files, and how its output is read. */
interface PackageKind {
  readonly tool: string;
  readonly args: (path: string) => readonly string[];
  readonly files: (output: Readable) => AsyncGenerator<PackedFile>;
}

/** Modules and images have up to some ten MB, packed or not. */
const fileLimit = 256 * 1024 * 1024;

const typeMask = 0o170000;
const plainFile = 0o100000;
const symbolicLink = 0o120000;

/** PATH_MAX: no link leads to a longer name. */
const longestTarget = 4096;

async function* cpioFiles(output: Readable): AsyncGenerator<PackedFile> {
  for await (const { name, mode, size, data } of readCpio(output)) {
    const type = mode & typeMask;
    if (type === plainFile) yield { name, size, content: data() };
    if (type !== symbolicLink || size > longestTarget) continue;
    const target = Buffer.concat(await Array.fromAsync(data())).toString('utf8');
    yield { name, size: 0, content: Readable.from([]), target };
  }
}

async function* tarFiles(output: Readable): AsyncGenerator<PackedFile> {
  const members = extract();
  const feeding = pipeline(output, members);
  feeding.catch(() => undefined);
  try {
    for await (const entry of members) {
      const { name, type, size, linkname } = entry.header;
      if (type === 'file') yield { name, size: size ?? 0, content: entry };
      if (type === 'symlink' && linkname) yield { name, size: 0, content: entry, target: linkname };
      entry.resume();
    }
    await feeding;
  } finally {
    members.destroy();
  }
}

const rpm: PackageKind = {
  tool: 'rpm2cpio',
  args: (path) => [path],
  files: cpioFiles,
};

const deb: PackageKind = {
  tool: 'dpkg-deb',
  args: (path) => ['--fsys-tarfile', path],
  files: tarFiles,
};

/** The kind of a package by its first bytes. */
async function kindOf(path: string): Promise<PackageKind | undefined> {
  const file = await open(path);
  try {
    const { buffer } = await file.read(Buffer.alloc(8), 0, 8, 0);
    if (buffer.readUInt32BE(0) === 0xedabeedb) return rpm;
    return buffer.toString('latin1') === '!<arch>\n' ? deb : undefined;
  } finally {
    await file.close();
  }
}

/** What is the matter with a package: the program's own words say more than that its output ends. */
async function whyBroken(error: unknown, ended: Promise<void>): Promise<string> {
  const failure = await ended.then(
    () => error,
    (first: unknown) => first,
  );
  const words =
    failure instanceof BootwrightError ? failure.occasion.excerpt?.join(' ') : undefined;
  return words || (error instanceof Error ? error.message : String(error));
}

/**
 * Unpacks some files of a stock kernel's package.
 *
 * @param path - an `.rpm` or `.deb`
 * @param folder - gets them; another package of the same kernel may have been unpacked there before
 * @param placeOf - where a file of the package goes, relative to the folder; undefined for one that
 *   is not wanted
 * @param onLink - is told of each symbolic link; none is made
 * @returns the paths of the files
 * @throws BootwrightError `BW-FILE-MISSING`, `BW-STOCK-NOT` (no such package, or a broken one),
 *   `BW-TOOL-MISSING`, `BW-PATH-ESCAPE`
 */
export async function unpackStockPackage(
  path: string,
  folder: string,
  placeOf: (name: string) => string | undefined,
  signal?: AbortSignal,
  onLink?: (name: string, target: string) => void,
): Promise<readonly string[]> {
  const kind = await kindOf(path);
  if (kind === undefined) {
    throw new BootwrightError('BW-STOCK-NOT', `"${path}" is neither an .rpm nor a .deb.`);
  }
  requireTool(kind.tool, 'read a kernel package');
  const program = openOutput(kind.tool, kind.args(path));
  const files: string[] = [];
  const onAbort = (): void => program.stop();
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    for await (const { name, size, content, target } of kind.files(program.output)) {
      if (target !== undefined) {
        onLink?.(name, target);
        continue;
      }
      const inside = placeOf(name);
      if (inside === undefined) continue;
      if (size > fileLimit) {
        throw new BootwrightError('BW-STOCK-NOT', `"${name}" in "${path}" has ${size} bytes.`);
      }
      const file = jail(folder, inside);
      await mkdir(dirname(file), { recursive: true });
      await pipeline(content, createWriteStream(file, { flags: 'wx' }));
      files.push(file);
    }
    await program.ended;
    return files;
  } catch (error) {
    // Nobody reads on: the program must not wait for that, nor we for its end.
    program.output.destroy();
    signal?.throwIfAborted();
    if (error instanceof BootwrightError && error.code !== 'BW-TOOL-FAILED') throw error;
    if (isSystemError(error) && error.path !== undefined) throw error;
    const why = await whyBroken(error, program.ended);
    throw new BootwrightError('BW-STOCK-NOT', `"${path}" cannot be unpacked: ${why}.`, {
      cause: error,
      hint: 'Get the package again; "rpm -K" and "dpkg-deb --info" tell whether it is whole.',
    });
  } finally {
    signal?.removeEventListener('abort', onAbort);
    program.stop();
  }
}
