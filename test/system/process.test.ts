import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { BootwrightError } from '../../src/system/errors/index.ts';
import { pasteable, run, shellQuote } from '../../src/system/process.ts';
import { scratchFolder } from '../scratch.ts';

async function failureOf(work: Promise<unknown>): Promise<BootwrightError> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof BootwrightError))
    throw new Error(`expected a failure, got ${String(error)}`);
  return error;
}

/** Whether a process is there and is not a zombie. */
function isAlive(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

describe('run', () => {
  test('gives both streams and passes arguments as they are', async () => {
    const result = await run('sh', ['-c', 'printf "%s\\n" "$1"; echo oops >&2', 'sh', 'a b;$(id)']);
    expect(result).toMatchObject({ exitCode: 0, stdout: 'a b;$(id)\n', stderr: 'oops\n' });
  });

  test('feeds standard input', async () => {
    expect((await run('cat', [], { input: 'line 1\nline 2\n' })).stdout).toBe('line 1\nline 2\n');
  });

  test('a failure carries the command to paste, the status and the last lines', async () => {
    const error = await failureOf(
      run('sh', ['-c', 'echo first; echo "the reason" >&2; exit 3'], { cwd: '/' }),
    );
    expect(error.code).toBe('BW-TOOL-FAILED');
    expect(error.message).toBe('"sh" ended with exit status 3.');
    expect(error.occasion.command).toBe(
      `(cd / && sh -c 'echo first; echo "the reason" >&2; exit 3')`,
    );
    expect(error.occasion.excerpt).toContain('the reason');
  });

  test('accepts the statuses that the caller names', async () => {
    expect((await run('sh', ['-c', 'exit 1'], { accept: [0, 1] })).exitCode).toBe(1);
  });

  test('a missing program is named', async () => {
    const error = await failureOf(run('no-such-program-at-all', []));
    expect(error.code).toBe('BW-TOOL-MISSING');
    expect(error.message).toContain('no-such-program-at-all');
  });

  test('a time-out ends the whole group, grandchildren too', async () => {
    const pidFile = join(scratchFolder(), 'pid');
    const error = await failureOf(
      run('sh', ['-c', `sleep 60 & echo $! > "$1"; wait`, 'sh', pidFile], { timeout: 300 }),
    );
    expect(error.code).toBe('BW-TOOL-TIMEOUT');
    await sleep(50);
    expect(isAlive(Number(readFileSync(pidFile, 'utf8')))).toBe(false);
  });

  test('an abort ends even a program that ignores SIGTERM', async () => {
    const controller = new AbortController();
    const lines: string[] = [];
    const running = run('sh', ['-c', 'trap "" TERM; echo $$; while :; do sleep 0.1; done'], {
      signal: controller.signal,
      onLine: (line) => {
        lines.push(line);
        controller.abort();
      },
    });
    expect((await failureOf(running)).code).toBe('BW-INTERRUPTED');
    expect(isAlive(Number(lines[0]))).toBe(false);
  });

  test('writes everything to the log, the command first', async () => {
    const log = join(scratchFolder(), 'logs', 'step.log');
    await run('sh', ['-c', 'echo one; echo two'], { log });
    expect(readFileSync(log, 'utf8')).toBe("$ sh -c 'echo one; echo two'\none\ntwo\n");
  });

  test('a log that cannot be written is told, and does not crash', async () => {
    const error = await failureOf(run('sh', ['-c', 'echo something'], { log: '/dev/full' }));
    expect(error.code).toBe('BW-DISK-FULL');
  });

  test('a full disk is told as such, whatever the program', async () => {
    const error = await failureOf(
      run('sh', ['-c', 'echo "cc: write error: No space left on device" >&2; exit 1']),
    );
    expect(error.code).toBe('BW-DISK-FULL');
  });
});

describe('shellQuote', () => {
  test.each([
    ['plain', 'plain'],
    ['', "''"],
    ['a b', "'a b'"],
    ["it's", `'it'\\''s'`],
    ['--define=x y', "'--define=x y'"],
  ])('%s', (argument, quoted) => {
    expect(shellQuote(argument)).toBe(quoted);
  });

  test('what is quoted comes out of a shell as it went in', async () => {
    const arguments_ = ['a"b', "c'd", '$HOME', '`id`', '\\', 'ä\tb', '*'];
    const { stdout } = await run('sh', ['-c', pasteable('printf', ['%s\\n', ...arguments_])]);
    expect(stdout).toBe(`${arguments_.join('\n')}\n`);
  });
});
