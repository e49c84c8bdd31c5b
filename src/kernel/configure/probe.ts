import { statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { Probe } from '../../kconfig/index.ts';
import { BootwrightError } from '../../system/errors/index.ts';
import { writeWhole } from '../../system/files.ts';
import { readKeptRecord } from '../../system/kept-record.ts';
import type { KconfigEnvironment } from './environment.ts';
import { openShells } from './shells.ts';

/** Answers the commands that Kconfig files ask of the host, and remembers the answers. */
export interface ProbeCache {
  readonly probe: Probe;
  /** Starts a command before it is asked for. */
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
  /** Ends the shells that answer; to be called when nothing is to be asked any more. */
  close(): Promise<void>;
}

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

  // One more than there are processors, so that none waits while one shell has the longer commands.
  const shells = await openShells(environment, availableParallelism() + 1, signal);
  /** The answer to each command that has been started. */
  const started = new Map<string, Promise<string>>();
  const start = (command: string): Promise<string> => {
    const known = started.get(command);
    if (known !== undefined) return known;
    if (started.size === 0) requireNullDevice();
    const output = shells.ask(command);
    // Looked at in answersTo(), which may come later than a failure.
    output.catch(() => undefined);
    started.set(command, output);
    return output;
  };
  const answersTo = (commands: readonly string[]): Promise<string[]> =>
    Promise.all(commands.map(start));

  return {
    known,
    foresee: (command) => void start(command),
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
    close: () => shells.close(),
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
