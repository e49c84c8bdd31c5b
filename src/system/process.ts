import { spawn } from 'node:child_process';
import { createWriteStream, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import {
  BootwrightError,
  isSystemError,
  type KnownErrorCode,
  toBootwrightError,
} from './errors/index.ts';
import { installCommand } from './tools.ts';

/** How to run a program. */
export interface RunOptions {
  /** Folder to run in. */
  readonly cwd?: string;
  /** The whole environment; the default is this process's own. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** File that gets everything the program prints, after the command itself; appended to. */
  readonly log?: string;
  /** Milliseconds after which the whole process group is killed; the default is no limit. */
  readonly timeout?: number;
  /** Stops the whole process group when aborted. */
  readonly signal?: AbortSignal;
  /** Called with each line of standard output and standard error as it comes. */
  readonly onLine?: (line: string, stream: 'stdout' | 'stderr') => void;
  /** Bytes for standard input; without them it is empty. */
  readonly input?: string | Uint8Array;
  /** Exit statuses that are no failure; the default is 0 alone. */
  readonly accept?: readonly number[];
  /** The code of the error thrown on a failure; the default is `BW-TOOL-FAILED`. */
  readonly failure?: KnownErrorCode;
  /** What to do on a failure, where the caller knows better than the table. */
  readonly hint?: string;
  /** User and group ids to run as (needs root). */
  readonly uid?: number;
  readonly gid?: number;
}

/** What a program left behind. */
export interface RunResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Wall time in milliseconds. */
  readonly elapsed: number;
}

/** How long a group has between SIGTERM and SIGKILL, in milliseconds. */
const graceMs = 2_000;

/** How many of the last lines an error carries. */
const excerptLines = 12;

/** How much of each output stream is kept in memory, in characters; the log has the rest. */
const keptCharacters = 64 * 1024 * 1024;

/** Quotes an argument for a POSIX shell, for commands that are shown to be pasted (never run by us). */
export function shellQuote(argument: string): string {
  return /^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", `'\\''`)}'`;
}

/** A command as a person would paste it, with its folder where it matters. */
export function pasteable(command: string, args: readonly string[], cwd?: string): string {
  const line = [command, ...args].map(shellQuote).join(' ');
  return cwd === undefined ? line : `(cd ${shellQuote(cwd)} && ${line})`;
}

/** Kills a whole process group; one that is gone already is fine. */
export function killGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if (!isSystemError(error, 'ESRCH')) throw error;
  }
}

async function forEachLine(stream: Readable, take: (line: string) => void): Promise<void> {
  for await (const line of createInterface({
    input: stream,
    crlfDelay: Number.POSITIVE_INFINITY,
  })) {
    take(line);
  }
}

/**
 * Runs a program to its end, in a process group of its own, so that nothing of
 * it is left when it fails, takes too long or is no longer wanted.
 *
 * @param command - the program, found on PATH
 * @param args - its arguments, passed on as they are (no shell)
 * @throws BootwrightError `BW-TOOL-MISSING`, `BW-TOOL-TIMEOUT`, `BW-INTERRUPTED`, or
 *   `options.failure` with the command to paste, the exit status and the last lines
 */
export async function run(
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<RunResult> {
  options.signal?.throwIfAborted();
  const started = performance.now();
  const paste = pasteable(command, args, options.cwd);
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: options.env === undefined ? process.env : { ...options.env },
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
    ...(options.uid === undefined ? {} : { uid: options.uid }),
    ...(options.gid === undefined ? {} : { gid: options.gid }),
  });
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>(
    (resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code, signal) => resolve({ code, signal }));
    },
  );

  let log: ReturnType<typeof createWriteStream> | undefined;
  let logFailure: Error | undefined;
  if (options.log !== undefined) {
    mkdirSync(dirname(options.log), { recursive: true });
    log = createWriteStream(options.log, { flags: 'a' });
    // A disk that fills up is told when the program has ended, which then fails of it, too.
    log.on('error', (error) => {
      logFailure ??= error;
    });
    log.write(`$ ${paste}\n`);
  }

  let stopped: 'timeout' | 'abort' | undefined;
  let killTimer: NodeJS.Timeout | undefined;
  const stop = (why: 'timeout' | 'abort'): void => {
    if (stopped !== undefined || child.pid === undefined) return;
    stopped = why;
    const pid = child.pid;
    killGroup(pid, 'SIGTERM');
    killTimer = setTimeout(() => killGroup(pid, 'SIGKILL'), graceMs);
  };
  const onAbort = (): void => stop('abort');
  options.signal?.addEventListener('abort', onAbort, { once: true });
  const timer =
    options.timeout === undefined ? undefined : setTimeout(() => stop('timeout'), options.timeout);

  const kept = { stdout: [] as string[], stderr: [] as string[] };
  const keptLength = { stdout: 0, stderr: 0 };
  const last: string[] = [];
  const take = (name: 'stdout' | 'stderr') => (line: string) => {
    if (keptLength[name] < keptCharacters) {
      kept[name].push(line);
      keptLength[name] += line.length + 1;
    }
    last.push(line);
    if (last.length > excerptLines) last.shift();
    log?.write(`${line}\n`);
    options.onLine?.(line, name);
  };
  // A program that closes its input early is no failure of ours: its exit status tells.
  child.stdin.on('error', () => undefined);
  child.stdin.end(options.input ?? '');

  let outcome: { code: number | null; signal: NodeJS.Signals | null };
  try {
    const reading = Promise.all([
      forEachLine(child.stdout, take('stdout')),
      forEachLine(child.stderr, take('stderr')),
    ]);
    outcome = await ended;
    await reading;
  } catch (error) {
    if (isSystemError(error, 'ENOENT', 'EACCES') && child.pid === undefined) {
      const install = installCommand(command);
      throw new BootwrightError(
        'BW-TOOL-MISSING',
        `"${command}" could not be started: ${error.message}.`,
        {
          cause: error,
          command: paste,
          ...(install === undefined ? {} : { hint: `Install it: ${install}` }),
        },
      );
    }
    throw error;
  } finally {
    clearTimeout(timer);
    options.signal?.removeEventListener('abort', onAbort);
    // The leader has ended, but what it left in its group must not outlive it.
    if (child.pid !== undefined && stopped !== undefined) killGroup(child.pid, 'SIGKILL');
    clearTimeout(killTimer);
    if (log !== undefined) {
      log.end();
      await finished(log).catch(() => undefined);
    }
  }

  if (logFailure !== undefined && stopped === undefined) throw toBootwrightError(logFailure);
  const elapsed = performance.now() - started;
  const particulars = {
    command: paste,
    excerpt: last,
    ...(options.log === undefined ? {} : { log: options.log }),
  };
  if (stopped === 'abort') {
    throw new BootwrightError('BW-INTERRUPTED', `"${command}" was stopped.`, particulars);
  }
  if (stopped === 'timeout') {
    throw new BootwrightError(
      'BW-TOOL-TIMEOUT',
      `"${command}" ran for ${Math.round((options.timeout ?? 0) / 1000)} s without ending.`,
      particulars,
    );
  }
  const exitCode = outcome.code ?? 128;
  if (!(options.accept ?? [0]).includes(exitCode)) {
    if (last.some((line) => line.includes('No space left on device'))) {
      throw new BootwrightError('BW-DISK-FULL', `"${command}" ran out of space.`, particulars);
    }
    const how = outcome.signal === null ? `exit status ${exitCode}` : `signal ${outcome.signal}`;
    throw new BootwrightError(
      options.failure ?? 'BW-TOOL-FAILED',
      `"${command}" ended with ${how}.`,
      {
        ...particulars,
        ...(options.hint === undefined ? {} : { hint: options.hint }),
      },
    );
  }
  return {
    exitCode,
    stdout: kept.stdout.length === 0 ? '' : `${kept.stdout.join('\n')}\n`,
    stderr: kept.stderr.length === 0 ? '' : `${kept.stderr.join('\n')}\n`,
    elapsed,
  };
}
