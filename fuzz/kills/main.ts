/**
 * `npm run fuzz -- kills [--times N] [--seed N] [--keep FOLDER] [SRPM]`: kills a build at random
 * moments, over and over, and sees whether what comes out in the end is what an undisturbed build
 * gives. See docs/ROBUST.md.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { lockWorkspace } from '../../src/pipeline/lock.ts';
import { sha256 } from '../../src/system/files.ts';
import { type Random, randomFrom } from '../random.ts';
import { type Kill, type RunOutcome, runBuild } from './killed-build.ts';
import { mountsBelow, processesIn } from './processes.ts';
import { makeSmallPackage } from './small-package.ts';

/** Each stage: its title, its seal, and the folder that it fills. */
const stages = [
  { title: 'Prepare the source', seal: 'source', folder: 'source' },
  { title: 'Configure for netboot', seal: 'configure', folder: 'configure' },
  { title: 'Compile the kernel', seal: 'compile', folder: 'objects' },
  { title: 'Install the modules', seal: 'modules', folder: 'modules' },
  { title: 'Pack the bundle', seal: 'bundle', folder: 'bundles' },
] as const;

/**
 * How far into a stage it is killed at most, in milliseconds. Compiling takes longer, but goes on
 * from where it was killed, so that several kills in a row reach its end.
 */
const longestWait = 8000;

/** How long what a killed build has left running may go on, in milliseconds. */
const grace = 60_000;

/** All files below a folder with their digests, by name. */
function digests(folder: string): ReadonlyMap<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  return new Map(files.map((path) => [relative(folder, path), sha256(readFileSync(path))]));
}

/** What lies below a folder, by name; links are not followed. */
function namesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true }).map((entry) =>
    relative(folder, join(entry.parentPath, entry.name)),
  );
}

/** Its entries are named by tree and tools: a tree that was prepared again has one of its own. */
const isCached = (name: string): boolean => name.startsWith('cache/');

const listed = (bundle: ReadonlyMap<string, string>): string =>
  [...bundle]
    .map(([name, digest]) => `${digest}  ${name}`)
    .sort()
    .join('\n');

/** Takes the seals from a stage on away, so that it and what follows are done again. */
function undo(workspace: string, from: number, random: Random): void {
  for (const { seal } of stages.slice(from)) {
    rmSync(join(workspace, 'seals', `${seal}.json`), { force: true });
  }
  // At times it begins with nothing, else with what an earlier run has left.
  const folder = stages[from]?.folder;
  if (folder === undefined || !random.oneIn(4)) return;
  rmSync(join(workspace, folder), { recursive: true, force: true });
}

/** A random moment of a random stage, or of the first seconds. */
function chooseKill(random: Random, durations: ReadonlyMap<string, number>): Kill {
  const who = random.oneIn(2) ? 'node' : 'all';
  if (random.oneIn(4)) return { delay: random.below(longestWait), who };
  const { title } = stages[random.below(stages.length)] ?? stages[0];
  const duration = (durations.get(title) ?? longestWait / 2) + 50;
  return { stage: title, delay: random.below(Math.min(duration, longestWait)), who };
}

/** What is still there that should not be. */
async function leftovers(workspace: string, reference: string, temporary: string) {
  for (let waited = 0; processesIn(workspace).length > 0 && waited < grace; waited += 500) {
    await sleep(500);
  }
  const found = processesIn(workspace).map((line) => `process ${line}`);
  try {
    lockWorkspace(workspace)();
  } catch (error) {
    found.push(`lock: ${error}`);
  }
  for (const mount of mountsBelow(workspace)) found.push(`mount ${mount}`);
  for (const name of readdirSync(temporary)) found.push(`temporary ${name}`);
  const known = new Set(namesBelow(reference));
  for (const name of namesBelow(workspace)) {
    if (!known.has(name) && !isCached(name)) found.push(`file ${name}`);
  }
  return found;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    times: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
    keep: { type: 'string', default: '.cache/fuzz/kills' },
  },
});
const times = Number(values.times);
const random = randomFrom(Number(values.seed));
const home = resolve(values.keep);
const [reference, workspace, temporary] = ['undisturbed', 'killed', 'tmp'].map((name) =>
  join(home, name),
) as [string, string, string];
for (const folder of [workspace, temporary]) rmSync(folder, { recursive: true, force: true });
mkdirSync(temporary, { recursive: true });
const env = { CCACHE_DIR: join(home, 'ccache'), TMPDIR: temporary };
const srpm = positionals[0] ?? (await makeSmallPackage(home));

const built = await runBuild(['-w', reference, '--until', 'bundle', srpm], env);
if (built.error !== undefined) throw new Error(`the undisturbed build: ${built.error}`);
const expected = listed(digests(join(reference, 'bundles')));
const key = join(reference, 'keys', 'module-signing-key.pem');
const args = ['-w', workspace, '--until', 'bundle'];
if (existsSync(key)) args.push('--sign-key', key);
args.push(srpm);

const failures: string[] = [];
const killedIn = new Map<string, number>();
let durations: ReadonlyMap<string, number> = built.durations;
let kills = 0;
let finished = 0;
const started = Date.now();

const fail = (text: string): void => {
  failures.push(text);
  console.log(`FAILED ${text}`);
};

const judge = ({ error }: RunOutcome): void => {
  if (error !== undefined) {
    fail(`after ${kills} kills: ${error}`);
    return;
  }
  finished++;
  const found = listed(digests(join(workspace, 'bundles')));
  if (found !== expected) fail(`after ${kills} kills another bundle:\n${found}`);
};

while (kills < times) {
  const kill = chooseKill(random, durations);
  const run = await runBuild(args, env, kill);
  if (run.killed) {
    kills++;
    killedIn.set(run.stage, (killedIn.get(run.stage) ?? 0) + 1);
    console.log(`${kills}: ${kill.who} in "${run.stage}"`);
    if (!random.oneIn(3)) continue;
    const next = await runBuild(args, env);
    durations = new Map([...durations, ...next.durations]);
    judge(next);
  } else judge(run);
  // Preparing takes longest to be done again, and is no more likely to break than the others.
  undo(workspace, random.oneIn(12) ? 0 : 1 + random.below(stages.length - 1), random);
}
judge(await runBuild(args, env));
const left = await leftovers(workspace, reference, temporary);

const minutes = Math.round((Date.now() - started) / 6000) / 10;
console.log(`\n${kills} kills, ${finished} runs to the end, ${minutes} min`);
for (const [stage, count] of killedIn) console.log(`  ${count} in "${stage}"`);
console.log(`undisturbed bundle:\n${expected}`);
console.log(
  failures.length === 0 ? 'nothing has failed' : `${failures.length} failures, see above`,
);
for (const line of left) console.log(`left: ${line}`);
process.exitCode = failures.length > 0 ? 1 : 0;
