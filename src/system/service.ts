import { spawn } from 'node:child_process';
import { createWriteStream, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import type { Writable } from 'node:stream';
import { BootwrightError } from './errors/index.ts';
import { killGroup, pasteable } from './process.ts';
import { installCommand } from './tools.ts';

/** How to start a program that stays. */
export interface ServiceOptions {
  readonly cwd?: string;
  /** The whole environment; the default is this process's own. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** File that gets everything the program prints, after the command itself. */
  readonly log?: string;
  /** Called with each line of standard output and standard error as it comes. */
  readonly onLine?: (line: string, stream: 'stdout' | 'stderr') => void;
}

/** How a program ended: by an exit status, or by a signal. */
export interface ServiceEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A program that runs beside us until it is stopped. */
export interface Service {
  /** What a person calls it, such as `dnsmasq`. */
  readonly name: string;
  readonly pid: number;
  /** The command to paste. */
  readonly command: string;
  /** Its standard input, open until somebody ends it. */
  readonly stdin: Writable;
  /** Resolves when the program has ended, for whatever reason; never rejects. */
  readonly ended: Promise<ServiceEnd>;
  /** The end, once it has come. */
  readonly end: ServiceEnd | undefined;
  /** The last lines that it printed. */
  readonly lastLines: readonly string[];
  /** Stops the whole process group, by SIGTERM and then by SIGKILL, and waits for the end. */
  stop(graceMs?: number): Promise<ServiceEnd>;
}

/** How many of the last lines are kept for an error. */
const keptLines = 12;

/** How an end reads: `exit status 1`, `signal SIGKILL`. */
export function describeEnd(end: ServiceEnd): string {
  return end.signal === null ? `exit status ${end.code}` : `signal ${end.signal}`;
}

/**
 * Starts a program that stays, in a process group of its own. It does not end
 * with its caller: who starts it stops it.
 *
 * @param name - what a person calls it
 * @param command - the program, found on PATH
 * @param args - its arguments, passed on as they are (no shell)
 * @throws BootwrightError `BW-TOOL-MISSING` if it cannot be started
 */
export async function startService(
  name: string,
  command: string,
  args: readonly string[],
  options: ServiceOptions = {},
): Promise<Service> {
  const paste = pasteable(command, args, options.cwd);
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: options.env === undefined ? process.env : { ...options.env },
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let end: ServiceEnd | undefined;
  const ended = new Promise<ServiceEnd>((resolve) => {
    child.once('close', (code, signal) => {
      end = { code, signal };
      resolve(end);
    });
  });
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (error) => {
      const install = installCommand(command);
      reject(
        new BootwrightError(
          'BW-TOOL-MISSING',
          `"${command}" could not be started: ${error.message}.`,
          {
            cause: error,
            command: paste,
            ...(install === undefined ? {} : { hint: `Install it: ${install}` }),
          },
        ),
      );
    });
  });
  const pid = child.pid ?? 0;

  let log: ReturnType<typeof createWriteStream> | undefined;
  if (options.log !== undefined) {
    mkdirSync(dirname(options.log), { recursive: true });
    log = createWriteStream(options.log, { flags: 'a' });
    log.write(`$ ${paste}\n`);
    // A full disk must not bring the whole process down over a log.
    log.on('error', () => undefined);
    void ended.then(() => log?.end());
  }
  const lastLines: string[] = [];
  const listen = (stream: 'stdout' | 'stderr'): void => {
    createInterface({ input: child[stream], crlfDelay: Number.POSITIVE_INFINITY })
      // What cannot be read any more is told by the end of the program.
      .on('error', () => undefined)
      .on('line', (line) => {
        lastLines.push(line);
        if (lastLines.length > keptLines) lastLines.shift();
        log?.write(`${line}\n`);
        options.onLine?.(line, stream);
      });
  };
  listen('stdout');
  listen('stderr');
  // A program that closes its input early is no failure of ours: its end tells.
  child.stdin.on('error', () => undefined);

  return {
    name,
    pid,
    command: paste,
    stdin: child.stdin,
    ended,
    lastLines,
    get end() {
      return end;
    },
    async stop(graceMs = 2_000) {
      if (end !== undefined) return end;
      killGroup(pid, 'SIGTERM');
      const timer = setTimeout(() => killGroup(pid, 'SIGKILL'), graceMs);
      try {
        return await ended;
      } finally {
        clearTimeout(timer);
      }
    },
  };
}
