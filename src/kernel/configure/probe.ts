import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { Probe } from '../../kconfig/index.ts';
import { BootwrightError } from '../../system/errors/index.ts';
import { writeWhole } from '../../system/files.ts';
import { readKeptRecord } from '../../system/kept-record.ts';
import { run } from '../../system/process.ts';
import type { KconfigEnvironment } from './environment.ts';

/** Answers the commands that Kconfig files ask of the host, and remembers the answers. */
export interface ProbeCache {
  readonly probe: Probe;
  /** Starts a command before it is asked for, as soon as there are enough to start together. */
  readonly foresee: (command: string) => void;
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

/** Probes that take longer hang; a batch of the slowest real ones takes a few seconds. */
const probeTimeout = 60_000;

/** So many commands are handed to one shell: starting it costs us more than most of them. */
const batchSize = 16;

/**
 * Runs each of its arguments, and ends what each prints with a NUL. The commands are the tree's own
 * text, written for /bin/sh, which is what the tree's conf hands them to as well, one by one. This
 * is the one place where a shell is right.
 */
const runEach = 'for command; do /bin/sh -c "$command"; printf "\\0"; done';

/**
 * Commands whose outcome hangs on nothing but the tools, which are in the environment's identity:
 * compilations from nothing or a line of text, questions for a version or an option, and plays with
 * words. All else may look at files that come and go, such as headers and libraries.
 */
const ofToolsAlone: readonly RegExp[] = [
  /\s-[cS]\s/,
  / -E -x c \/dev\/null /,
  /^\S*\/scripts\/[\w-]+-version\.sh [\w. -]*$/,
  /\/scripts\/(?:gcc-x86_\d\d-has-stack-protector|tools-support-relr)\.sh/,
  /^\{ \S+ -v [\w=-]+; \}/,
  /^\{ \S+ --(?:version|help) \| /,
  /^\{ test (?:-[nz] "[^"$`]*"|"[^"$`]*" !?= "?\w*"?); \}/,
  /^set -- [\w. -]+ && echo \$\d$/,
];

function hangsOnToolsAlone(command: string): boolean {
  return ofToolsAlone.some((pattern) => pattern.test(command));
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
  const known = new Map(Object.entries((await readKeptRecord(file)) ?? {}));
  let changed = false;

  const askBatch = async (commands: readonly string[]): Promise<string[]> => {
    const { stdout } = await run('/bin/sh', ['-c', runEach, 'sh', ...commands], {
      cwd: environment.folder,
      env: environment.variables,
      // As with conf, only what is printed counts.
      accept: Array.from({ length: 256 }, (_, status) => status),
      timeout: probeTimeout,
      ...(signal ? { signal } : {}),
    });
    const outputs = stdout.split('\0');
    return commands.map((_, i) => outputs[i] ?? '');
  };

  /** Starts commands together, and keeps the promise of each one's output. */
  const started = new Map<string, Promise<string>>();
  const start = (commands: readonly string[]): void => {
    requireNullDevice();
    const outputs = askBatch(commands);
    commands.forEach((command, i) => {
      const output = outputs.then((all) => all[i] ?? '');
      // Looked at in answersTo(), which may come later than a failure.
      output.catch(() => undefined);
      started.set(command, output);
    });
  };
  let foreseen: string[] = [];

  const answersTo = (commands: readonly string[]): Promise<string[]> => {
    const waiting = commands.filter((command) => !started.has(command));
    for (let i = 0; i < waiting.length; i += batchSize) start(waiting.slice(i, i + batchSize));
    foreseen = foreseen.filter((command) => !started.has(command));
    return Promise.all(commands.map((command) => started.get(command) ?? ''));
  };

  return {
    known,
    foresee(command) {
      foreseen.push(command);
      if (foreseen.length < batchSize) return;
      start(foreseen);
      foreseen = [];
    },
    async probe(commands) {
      const outputs = await answersTo(commands);
      commands.forEach((command, i) => {
        known.set(command, outputs[i] ?? '');
      });
      changed = true;
      return outputs;
    },
    async verify() {
      const commands = [...known.keys()].filter((command) => !hangsOnToolsAlone(command));
      started.clear();
      const outputs = await answersTo(commands);
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

/**
 * A regular file in the place of /dev/null makes compilers fail, and such answers would be kept.
 *
 * @throws BootwrightError `BW-CONFIG-DEV-NULL`
 */
export function requireNullDevice(): void {
  if (statSync('/dev/null', { throwIfNoEntry: false })?.isCharacterDevice()) return;
  throw new BootwrightError('BW-CONFIG-DEV-NULL', 'There is a file, or nothing, in its place.');
}
