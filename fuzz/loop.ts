/**
 * The process that feeds a target: mutates inputs, keeps those that reach new branches, writes down
 * each before it is read. It may be killed at any time: see supervise.ts.
 *
 * Arguments: target, seed, folder of the run.
 */
import { createHash } from 'node:crypto';
import {
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { collectNew, edgesSeen, resetCounters } from './coverage/counters.ts';
import { mutateBytes } from './mutate/bytes.ts';
import { randomFrom } from './random.ts';
import type { Target } from './target.ts';
import { targets } from './targets/index.ts';

/** How often the figures are written, in milliseconds. */
const reportInterval = 1000;

const [name = '', seed = '1', folder = '.'] = process.argv.slice(2);
const target = targets.find((each) => each.name === name);
if (target === undefined) throw new Error(`no target ${name}`);
await loop(target, Number(seed), folder);

/** What two findings have in common if they are the same fault. */
function faultOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const frames = (error.stack ?? '').split('\n').filter((line) => /\/src\//.test(line));
  const place = /at (?:async )?(?:new )?(\S+) .*\/(\S+?):\d/.exec(frames[0] ?? '');
  // Where the stack ends is chance.
  if (error.message === 'Maximum call stack size exceeded') return error.message;
  const message = error.message.replaceAll(/\d+|"[^"]*"|'[^']*'/g, '#').slice(0, 60);
  return `${error.name} ${message} in ${place?.[1] ?? '?'} of ${place?.[2] ?? '?'}`;
}

async function loop(
  { seeds, words, mutate, run, isOwnError }: Target,
  start: number,
  home: string,
) {
  const random = randomFrom(start);
  const corpusFolder = join(home, 'corpus');
  const foundFolder = join(home, 'found');
  mkdirSync(corpusFolder, { recursive: true });
  mkdirSync(foundFolder, { recursive: true });
  const current = openSync(join(home, 'current'), 'w');
  const corpus: Uint8Array[] = [];
  const faults = new Map<string, number>();
  const head = Buffer.alloc(8);
  let runs = 0;

  /** Runs an input; gives the fault that it has shown, if it is one. */
  const read = async (input: Uint8Array): Promise<string | undefined> => {
    // The number of the run, the input's length, the input: what is left if this process dies.
    head.writeUInt32LE(++runs, 0);
    head.writeUInt32LE(input.length, 4);
    writeSync(current, Buffer.concat([head, input]), 0, 8 + input.length, 0);
    resetCounters();
    try {
      await run(input);
    } catch (error) {
      if (!isOwnError(error)) return faultOf(error);
    }
    return undefined;
  };
  const note = (fault: string, input: Uint8Array, extra = ''): void => {
    if (input.length >= (faults.get(fault) ?? Number.POSITIVE_INFINITY)) return;
    faults.set(fault, input.length);
    const id = createHash('sha256').update(fault).digest('hex').slice(0, 10);
    writeFileSync(join(foundFolder, `${id}.input`), input);
    writeFileSync(join(foundFolder, `${id}.txt`), `${fault}\n${extra}`);
  };
  /** Takes pieces out of an input for as long as the fault stays. */
  const reduce = async (fault: string, input: Uint8Array): Promise<void> => {
    let smallest = Buffer.from(input);
    for (let size = smallest.length >> 1, left = 300; size > 0 && left > 0; size >>= 1) {
      for (let at = 0; at < smallest.length && left > 0; left--) {
        const shorter = Buffer.concat([smallest.subarray(0, at), smallest.subarray(at + size)]);
        if ((await read(shorter)) === fault) smallest = shorter;
        else at += size;
      }
    }
    note(fault, smallest);
  };
  const consider = async (input: Uint8Array): Promise<void> => {
    const fault = await read(input);
    if (collectNew() > 0) {
      corpus.push(input);
      const id = createHash('sha256').update(input).digest('hex').slice(0, 16);
      writeFileSync(join(corpusFolder, id), input);
    }
    if (fault !== undefined && !faults.has(fault)) {
      note(fault, input);
      await reduce(fault, input);
    }
  };

  for (const input of await seeds()) await consider(input);
  const kept = readdirSync(corpusFolder).map((id) => readFileSync(join(corpusFolder, id)));
  for (const input of kept) await consider(input);
  if (corpus.length === 0) corpus.push(...(await seeds()));
  for (let last = 0; ; ) {
    const base = random.pick(corpus) ?? Buffer.alloc(0);
    const known = random.oneIn(2) ? mutate?.(base, random) : undefined;
    const other = random.pick(corpus) ?? base;
    await consider(known ?? mutateBytes(base, { words, other }, random));
    if (Date.now() - last < reportInterval) continue;
    last = Date.now();
    const figures = { runs, corpus: corpus.length, edges: edgesSeen(), faults: faults.size };
    // Whole at any time: this process is ended by a kill.
    writeFileSync(join(home, 'figures.part'), JSON.stringify(figures));
    renameSync(join(home, 'figures.part'), join(home, 'figures.json'));
  }
}
