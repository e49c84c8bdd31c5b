import { statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import type { Probe } from '../../kconfig/index.ts';
import { BootwrightError } from '../../system/errors/index.ts';
import { writeWhole } from '../../system/files.ts';
import { run } from '../../system/process.ts';
import type { KconfigEnvironment } from './environment.ts';

/** Answers the commands that Kconfig files ask of the host, and remembers the answers. */
export interface ProbeCache {
  readonly probe: Probe;
  /** What was answered before; some of it may have changed since: see `verify`. */
  readonly known: ReadonlyMap<string, string>;
  /**
   * Asks again what is cheap to ask and may have changed with no change of the tools, such as
   * whether a header is installed. Corrects `known`.
   * @returns whether all was as known
   */
  verify(): Promise<boolean>;
  /** Keeps the answers for the next run. */
  save(): Promise<void>;
}

/** A probe that takes longer hangs; the slowest real ones take well under a second. */
const probeTimeout = 60_000;

const cacheSchema = z.record(z.string(), z.string());

/**
 * A compilation from nothing or a line of text: its outcome hangs on the tools alone, and those are
 * in the environment's identity.
 */
function isCompilation(command: string): boolean {
  return /\s-[cS]\s/.test(command);
}

/**
 * Runs the `$(shell,…)` commands of Kconfig files, in parallel.
 *
 * @param cacheFolder - where the answers are kept, one file for each identity of the environment
 * @throws BootwrightError `BW-CONFIG-DEV-NULL` when asked on a host where compilers cannot answer
 */
export async function shellProbe(
  environment: KconfigEnvironment,
  cacheFolder: string,
  signal?: AbortSignal,
): Promise<ProbeCache> {
  const file = join(cacheFolder, environment.identity.slice(0, 32), 'probes.json');
  const known = await readAnswers(file);
  let changed = false;

  const ask = async (command: string): Promise<string> => {
    // These commands are the tree's own text, written for /bin/sh, which is what the tree's conf
    // hands them to as well. This is the one place where a shell is right.
    const { stdout } = await run('/bin/sh', ['-c', command], {
      cwd: environment.folder,
      env: environment.variables,
      // As with conf, only what is printed counts.
      accept: Array.from({ length: 256 }, (_, status) => status),
      timeout: probeTimeout,
      ...(signal ? { signal } : {}),
    });
    return stdout;
  };

  const askAll = (commands: readonly string[]): Promise<string[]> => {
    requireNullDevice();
    return inParallel(commands, availableParallelism() * 2, ask);
  };

  return {
    known,
    async probe(commands) {
      const outputs = await askAll(commands);
      commands.forEach((command, i) => {
        known.set(command, outputs[i] ?? '');
      });
      changed = true;
      return outputs;
    },
    async verify() {
      const commands = [...known.keys()].filter((command) => !isCompilation(command));
      const outputs = await askAll(commands);
      let same = true;
      commands.forEach((command, i) => {
        const output = outputs[i] ?? '';
        if (known.get(command) === output) return;
        known.set(command, output);
        same = false;
        changed = true;
      });
      return same;
    },
    async save() {
      if (changed) await writeWhole(file, JSON.stringify(Object.fromEntries(known)));
      changed = false;
    },
  };
}

/** A regular file in the place of /dev/null makes compilers fail, and such answers would be kept. */
function requireNullDevice(): void {
  if (statSync('/dev/null', { throwIfNoEntry: false })?.isCharacterDevice()) return;
  throw new BootwrightError('BW-CONFIG-DEV-NULL', 'There is a file, or nothing, in its place.');
}

async function readAnswers(file: string): Promise<Map<string, string>> {
  try {
    const answers = cacheSchema.parse(JSON.parse(await readFile(file, 'utf8')));
    return new Map(Object.entries(answers));
  } catch {
    // None yet, or a file that a full disk cut short: the commands are asked again.
    return new Map();
  }
}

/** Applies `task` to all items, so many at a time; results in the order of the items. */
async function inParallel<T, R>(
  items: readonly T[],
  width: number,
  task: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let i = next++; i < items.length; i = next++) results[i] = await task(items[i] as T);
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, worker));
  return results;
}
