import { join } from 'node:path';
import { exists } from '../../system/files.ts';
import { run } from '../../system/process.ts';
import type { Step } from '../../system/progress.ts';
import { requireTool } from '../../system/tools.ts';

/** How many names of files one command takes, far below any limit. */
const filesPerCommand = 200;

/** How much is done at once, and who watches. */
export interface Batch {
  readonly jobs: number;
  readonly step: Step;
  readonly signal?: AbortSignal;
}

/** Works on all items, some of them at once. */
async function forEach<Item>(
  items: readonly Item[],
  { jobs, signal }: Batch,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const waiting = [...items].reverse();
  const worker = async (): Promise<void> => {
    for (let item = waiting.pop(); item !== undefined; item = waiting.pop()) {
      signal?.throwIfAborted();
      await work(item);
    }
  };
  await Promise.all(Array.from({ length: jobs }, worker));
}

function inGroups(files: readonly string[]): string[][] {
  const groups: string[][] = [];
  for (let at = 0; at < files.length; at += filesPerCommand) {
    groups.push(files.slice(at, at + filesPerCommand));
  }
  return groups;
}

/**
 * Takes debug information out of modules, in place, and if asked for the types (`.BTF`). Whatever is
 * appended to them, such as a signature, is gone then.
 *
 * @throws BootwrightError `BW-MODULES-INSTALL`, `BW-TOOL-MISSING`
 */
export async function stripModules(
  files: readonly string[],
  what: { readonly types: boolean },
  batch: Batch,
): Promise<void> {
  requireTool('strip', 'take debug information and types out of modules');
  const options = ['--strip-debug', ...(what.types ? ['--remove-section=.BTF'] : [])];
  await forEach(inGroups(files), batch, async (group) => {
    await run('strip', [...options, '--', ...group], {
      failure: 'BW-MODULES-INSTALL',
      ...(batch.signal === undefined ? {} : { signal: batch.signal }),
    });
  });
}

/** What modules are signed with, and by what. */
export interface Signer {
  /** The tree's own scripts/sign-file, as it was compiled. */
  readonly program: string;
  /** Name of the digest: CONFIG_MODULE_SIG_HASH. */
  readonly digest: string;
  readonly keyFile: string;
  readonly certificateFile: string;
}

/** Finds the kernel's own signing program: compiled among the objects, or a script of old trees. */
export async function findSignProgram(objects: string, tree: string): Promise<string> {
  const compiled = join(objects, 'scripts/sign-file');
  return (await exists(compiled)) ? compiled : join(tree, 'scripts/sign-file');
}

/**
 * Signs modules that have no signature, in place.
 *
 * @throws BootwrightError `BW-MODULES-INSTALL`
 */
export async function signModules(
  files: readonly string[],
  { program, digest, keyFile, certificateFile }: Signer,
  batch: Batch,
): Promise<void> {
  let done = 0;
  await forEach(files, batch, async (file) => {
    await run(program, [digest, keyFile, certificateFile, file], {
      failure: 'BW-MODULES-INSTALL',
      ...(batch.signal === undefined ? {} : { signal: batch.signal }),
    });
    done += 1;
    batch.step.progress({ done, total: files.length, unit: 'modules', current: file });
  });
}

/** How scripts/Makefile.modinst compresses installed modules, by the config's symbol. */
const compressors: readonly {
  readonly symbol: string;
  readonly command: readonly [string, ...string[]];
}[] = [
  { symbol: 'MODULE_COMPRESS_GZIP', command: ['gzip', '-n', '-f'] },
  {
    symbol: 'MODULE_COMPRESS_XZ',
    command: ['xz', '--check=crc32', '--lzma2=dict=1MiB', '-f'],
  },
  { symbol: 'MODULE_COMPRESS_ZSTD', command: ['zstd', '-T0', '--rm', '-f', '-q'] },
];

/**
 * Compresses modules in place where the config says so: xz, gzip, zstd.
 *
 * @param values - values of the config, symbol to text
 * @throws BootwrightError `BW-MODULES-INSTALL`, `BW-TOOL-MISSING`
 */
export async function compressModules(
  files: readonly string[],
  values: ReadonlyMap<string, string>,
  batch: Batch,
): Promise<void> {
  const compressor = compressors.find(({ symbol }) => values.get(symbol) === 'y');
  // From 6.13 on a config can name a format and leave compressing to others.
  if (compressor === undefined || values.get('MODULE_COMPRESS_ALL') === 'n') return;
  const [tool, ...args] = compressor.command;
  requireTool(tool, 'compress the modules');
  let done = 0;
  await forEach(inGroups(files), batch, async (group) => {
    await run(tool, [...args, '--', ...group], {
      failure: 'BW-MODULES-INSTALL',
      ...(batch.signal === undefined ? {} : { signal: batch.signal }),
    });
    done += group.length;
    batch.step.progress({ done, total: files.length, unit: 'modules' });
  });
}
