import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { heapLimit, memoryLimit, timeLimit, waitLimit } from './limits.ts';

const figuresSchema = z.object({
  runs: z.number(),
  corpus: z.number(),
  edges: z.number(),
  faults: z.number(),
});
export type Figures = z.infer<typeof figuresSchema>;

const root = fileURLToPath(new URL('..', import.meta.url));

/** How often the process is looked at, in milliseconds. */
const interval = 500;

/** What the kernel says of a process (proc_pid_stat(5), proc_pid_status(5)); undefined once it is gone. */
function look(pid: number): { readonly busy: number; readonly memory: number } | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // utime and stime, in hundredths of a second; resident pages.
    const ticks = Number(fields[11]) + Number(fields[12]);
    return { busy: ticks * 10, memory: Number(fields[21]) * 4096 };
  } catch {
    return undefined;
  }
}

/** The number of the run that is going on, and its input. */
function readCurrent(path: string): { readonly run: number; readonly input: Buffer } {
  try {
    const bytes = readFileSync(path);
    if (bytes.length < 8) return { run: 0, input: Buffer.alloc(0) };
    return { run: bytes.readUInt32LE(0), input: bytes.subarray(8, 8 + bytes.readUInt32LE(4)) };
  } catch {
    return { run: 0, input: Buffer.alloc(0) };
  }
}

function keep(home: string, what: string, input: Buffer): void {
  const id = createHash('sha256').update(input).digest('hex').slice(0, 10);
  const found = join(home, 'found');
  writeFileSync(join(found, `${id}.input`), input);
  writeFileSync(join(found, `${id}.txt`), `${what}\n`);
}

/**
 * Has a target fed for a while. The process that does it is watched from outside: one input that
 * keeps it busy, or makes it grow, beyond the limits ends it, is kept, and another one takes over.
 *
 * @param home - gets `corpus/`, `found/` and `figures.json`; what is there is gone on from
 * @param until - when to end, in milliseconds since the epoch
 * @returns the figures of all processes together
 */
export async function feed(
  name: string,
  seed: number,
  home: string,
  until: number,
): Promise<Figures & { readonly killed: number }> {
  mkdirSync(join(home, 'found'), { recursive: true });
  // What is killed does not clean up after itself.
  const temporary = join(home, 'tmp');
  let killed = 0;
  let runs = 0;
  let figures: Figures = { runs: 0, corpus: 0, edges: 0, faults: 0 };
  while (Date.now() < until) {
    mkdirSync(temporary, { recursive: true });
    // Those of the process before must not be taken for this one's.
    rmSync(join(home, 'figures.json'), { force: true });
    const args = ['--import', './fuzz/coverage/register.ts', './fuzz/loop.ts'];
    const child = spawn(
      process.execPath,
      [
        '--disable-warning=ExperimentalWarning',
        `--max-old-space-size=${heapLimit}`,
        ...args,
        ...[name, String(seed + killed), home],
      ],
      {
        cwd: root,
        stdio: ['ignore', 'inherit', 'pipe'],
        env: { ...process.env, TMPDIR: temporary },
      },
    );
    const why = await watch(child, home, until);
    rmSync(temporary, { recursive: true, force: true });
    const parsed = figuresSchema.safeParse(readJson(join(home, 'figures.json')));
    if (parsed.success) {
      runs += parsed.data.runs;
      figures = { ...parsed.data, runs, faults: Math.max(figures.faults, parsed.data.faults) };
    }
    if (why === undefined) continue;
    killed++;
    keep(home, why, readCurrent(join(home, 'current')).input);
  }
  return { ...figures, killed };
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

/** Waits for a process to end, or ends it; tells what was wrong with its last input. */
async function watch(
  child: ChildProcess,
  home: string,
  until: number,
): Promise<string | undefined> {
  let words = '';
  child.stderr?.on('data', (chunk) => {
    words = (words + String(chunk)).slice(-2000);
  });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  let verdict: string | undefined;
  let run = -1;
  let busySince = 0;
  let looks = 0;
  const timer = setInterval(() => {
    const seen = look(child.pid ?? 0);
    if (seen === undefined) return;
    const current = readCurrent(join(home, 'current')).run;
    if (current !== run) {
      run = current;
      looks = 0;
      busySince = seen.busy;
    }
    if (seen.busy - busySince > timeLimit) verdict = `busy for more than ${timeLimit} ms`;
    // By looks, not by the clock: whoever pauses this process pauses the other one, too.
    if (++looks * interval > waitLimit) verdict = `not ready after ${waitLimit} ms`;
    if (seen.memory > memoryLimit) verdict = `more than ${memoryLimit >> 20} MiB of memory`;
    if (verdict !== undefined || Date.now() >= until) child.kill('SIGKILL');
  }, interval);
  await ended;
  clearInterval(timer);
  if (verdict !== undefined) return verdict;
  if (Date.now() >= until) return undefined;
  if (/heap out of memory|allocation failed/i.test(words))
    return `heap of more than ${heapLimit} MiB`;
  return `the process ended by itself\n${words}`;
}
