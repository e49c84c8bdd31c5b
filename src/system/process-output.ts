import { spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { BootwrightError, isSystemError } from './errors/index.ts';
import { killGroup, pasteable } from './process.ts';
import { installCommand } from './tools.ts';

/** A program that is running, read as a stream of bytes. */
export interface ProgramOutput {
  /** Its standard output. Destroy it, or read it to the end. */
  readonly output: Readable;
  /**
   * Fulfilled when it has ended well. Rejects with `BW-TOOL-MISSING`, or with
   * `BW-TOOL-FAILED` and its last words.
   */
  readonly ended: Promise<void>;
  /** Kills it with all that it has started; what has ended already is fine. */
  stop(): void;
}

/** How much of standard error an error carries, in characters. */
const excerptCharacters = 2_000;

/**
 * Starts a program for the bytes that it writes, such as a decompressor, in a
 * process group of its own. For all else there is `run`, which waits for the end.
 *
 * @param command - the program, found on PATH
 * @param args - its arguments, passed on as they are (no shell)
 * @param input - bytes for its standard input
 */
export function openOutput(
  command: string,
  args: readonly string[],
  input: Uint8Array = new Uint8Array(),
): ProgramOutput {
  const child = spawn(command, args, { detached: true, stdio: ['pipe', 'pipe', 'pipe'] });
  // A program that closes its input early is no failure of ours: its exit status tells.
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  let words = '';
  child.stderr.setEncoding('utf8');
  child.stderr.on('data', (text: string) => {
    words = (words + text).slice(-excerptCharacters);
  });
  const paste = pasteable(command, args);
  const ended = new Promise<void>((resolve, reject) => {
    child.once('error', (error) => {
      const install = installCommand(command);
      reject(
        isSystemError(error, 'ENOENT', 'EACCES')
          ? new BootwrightError(
              'BW-TOOL-MISSING',
              `"${command}" could not be started: ${error.message}.`,
              {
                cause: error,
                command: paste,
                ...(install === undefined ? {} : { hint: `Install it: ${install}` }),
              },
            )
          : error,
      );
    });
    child.once('close', (code, signal) => {
      if (code === 0) {
        resolve();
        return;
      }
      const how = signal === null ? `exit status ${code}` : `signal ${signal}`;
      reject(
        new BootwrightError('BW-TOOL-FAILED', `"${command}" ended with ${how}.`, {
          command: paste,
          excerpt: words.trimEnd().split('\n'),
        }),
      );
    });
  });
  // Whoever reads the output first and awaits the end later must not lose the process to an unhandled rejection.
  ended.catch(() => undefined);
  return {
    output: child.stdout,
    ended,
    stop: () => {
      child.stdout.destroy();
      if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) {
        killGroup(child.pid, 'SIGKILL');
      }
    },
  };
}
