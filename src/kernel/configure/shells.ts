import { BootwrightError } from '../../system/errors/index.ts';
import { run } from '../../system/process.ts';
import { type Service, startService } from '../../system/service.ts';

/** Shells that wait for commands, and run each in a subshell. */
export interface Shells {
  /**
   * Runs a command as soon as a shell is free.
   *
   * @param command - text for /bin/sh
   * @returns what it prints, whatever its exit status
   * @throws BootwrightError `BW-TOOL-TIMEOUT`, `BW-TOOL-MISSING`, `BW-INTERRUPTED`
   */
  ask(command: string): Promise<string>;
  /** Ends them, and what they are running. */
  close(): Promise<void>;
}

/** Where commands run. */
interface Place {
  readonly folder: string;
  readonly variables: Readonly<Record<string, string>>;
}

/**
 * Runs each line that it reads, and ends what that prints with a NUL and a newline. The lines are
 * the tree's own text, written for /bin/sh, which is what the tree's conf hands them to as well, one
 * by one. This is the one place where a shell is right.
 */
const runEach =
  'while IFS= read -r command; do (set --; eval "$command") </dev/null; printf "\\0\\n"; done';

const end = '\0';

/** Commands that take longer hang; the slowest real ones take a tenth of a second. */
const timeout = 60_000;

/** What is known of any command's failure: only what is printed counts, as with conf. */
const anyStatus = Array.from({ length: 256 }, (_, status) => status);

/**
 * Opens shells. To start a process takes Node several milliseconds, the more the more memory it has
 * by then; a shell is started once, early, and is then written to.
 *
 * @param count - how many
 * @throws BootwrightError `BW-TOOL-MISSING`, `BW-INTERRUPTED`
 */
export async function openShells(
  place: Place,
  count: number,
  signal?: AbortSignal,
): Promise<Shells> {
  signal?.throwIfAborted();
  const shells = await Promise.all(Array.from({ length: count }, () => openShell(place, signal)));
  return {
    ask(command) {
      // A line is one line; there is hardly a command that is not.
      if (command.includes('\n')) return runAlone(command, place, signal);
      return shells.reduce((one, two) => (two.waiting < one.waiting ? two : one)).ask(command);
    },
    async close() {
      await Promise.all(shells.map((shell) => shell.close()));
    },
  };
}

/** Runs a command in a shell of its own, as conf does. */
async function runAlone(
  command: string,
  { folder, variables }: Place,
  signal: AbortSignal | undefined,
): Promise<string> {
  const { stdout } = await run('/bin/sh', ['-c', command], {
    cwd: folder,
    env: variables,
    accept: anyStatus,
    timeout,
    ...(signal ? { signal } : {}),
  });
  return stdout;
}

interface Shell extends Shells {
  /** How many commands it has before it. */
  readonly waiting: number;
}

interface Question {
  readonly command: string;
  readonly answer: (output: string | Promise<string>) => void;
  readonly fail: (reason: unknown) => void;
  readonly timer: NodeJS.Timeout;
}

async function openShell(place: Place, signal: AbortSignal | undefined): Promise<Shell> {
  const questions: Question[] = [];
  /** Of the answer that is coming. */
  let lines: string[] = [];
  let isOpen = true;
  let isWanted = true;
  const hear = (line: string): void => {
    const isLast = line.endsWith(end);
    lines.push(isLast ? line.slice(0, -end.length) : line);
    if (!isLast) return;
    const question = questions.shift();
    clearTimeout(question?.timer);
    question?.answer(lines.join('\n'));
    lines = [];
  };
  const service: Service = await startService('shell', '/bin/sh', ['-c', runEach], {
    cwd: place.folder,
    env: place.variables,
    onLine: (line, stream) => {
      if (isOpen && stream === 'stdout') hear(line);
    },
  });
  const stop = (): void => void service.stop();
  signal?.addEventListener('abort', stop, { once: true });
  void service.ended.then(() => {
    isOpen = false;
    signal?.removeEventListener('abort', stop);
    // A command may end the shell that runs it: that one, and those behind it, get one of their own.
    for (const { command, answer, fail, timer } of questions.splice(0)) {
      clearTimeout(timer);
      if (isWanted) answer(runAlone(command, place, signal));
      else fail(new Error(`not run any more: ${command}`));
    }
  });
  /** The first of the commands is at fault: the others came later, and wait for it. */
  const tooLong = (): void => {
    // What it may say yet is the answer to no other command.
    isOpen = false;
    const question = questions.shift();
    question?.fail(
      new BootwrightError(
        'BW-TOOL-TIMEOUT',
        `A command of the Kconfig files ran for ${timeout / 1000} s without ending.`,
        { command: question.command },
      ),
    );
    stop();
  };
  return {
    get waiting() {
      return questions.length;
    },
    ask(command) {
      if (!isOpen) return runAlone(command, place, signal);
      return new Promise((answer, fail) => {
        questions.push({ command, answer, fail, timer: setTimeout(tooLong, timeout) });
        service.stdin.write(`${command}\n`);
      });
    },
    async close() {
      isWanted = false;
      await service.stop();
    },
  };
}
