import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { makeExampleSrpm } from '../examples/make-srpm.ts';
import { makeStockKernel } from '../examples/stock-kernel.ts';
import { makeSmallPackage } from '../fuzz/kills/small-package.ts';
import { readSeal } from '../src/pipeline/seal.ts';
import { workspaceAt } from '../src/pipeline/workspace.ts';
import { run } from '../src/system/process.ts';
import { parseRuns } from './arguments.ts';
import { makeDistroShare } from './distro-share.ts';
import { type Passage, renderSpans, renderTotals, type Situation, situations } from './passages.ts';
import { type Mark, markOf, spansOfEvents, spansOfMarks } from './spans.ts';

const launcher = resolve('bootwright');
const byHandScript = fileURLToPath(new URL('by-hand.sh', import.meta.url));

/** A kernel that can be measured. */
interface Subject {
  make(folder: string): Promise<string>;
  /** What goes from m to y: of one small file. */
  readonly symbol: string;
  /** The ways that are measured if none is named; the others take long and tell little more. */
  readonly usual: readonly string[];
  /** Those that such a kernel does not allow. */
  readonly refused: readonly string[];
}

const subjects = {
  example: {
    make: (folder) => makeExampleSrpm(folder),
    symbol: 'BLK_DEV_LOOP',
    usual: ['off', 'auto'],
    refused: [],
  },
  /** With BTF, so that its ABI takes debug information, and several hundred modules, as a distro's kernel has them. */
  distro: {
    make: makeDistroShare,
    symbol: 'BLK_DEV_LOOP',
    usual: ['stock'],
    refused: ['off', 'off, no ccache'],
  },
  /** The smallest kernel there is: to try out the bench itself. It has no MODVERSIONS. */
  small: { make: makeSmallPackage, symbol: 'CRC7', usual: ['off', 'auto'], refused: ['stock'] },
} as const satisfies Record<string, Subject>;

function subjectNamed(name: string): keyof typeof subjects {
  const known = Object.keys(subjects) as (keyof typeof subjects)[];
  const found = known.find((subject) => subject === name);
  if (found === undefined) {
    throw new RangeError(`--subject ${name}: it is none of ${known.join(', ')}.`);
  }
  return found;
}

/** The ways of `bootwright build` that are measured, by name: a line here is all that one takes. */
const ways: Readonly<Record<string, readonly string[]>> = {
  off: ['--debug-info', 'off'],
  'off, no ccache': ['--debug-info', 'off', '--no-ccache'],
  auto: ['--debug-info', 'auto'],
  keep: ['--debug-info', 'keep'],
  /** Only the image is compiled; the modules are those of the stock kernel. */
  stock: ['--debug-info', 'auto'],
};

/** @throws RangeError for a way that there is not, or that such a kernel does not allow */
function checkWays(asked: readonly string[], { refused }: Subject): void {
  for (const way of asked) {
    if (!Object.hasOwn(ways, way)) {
      throw new RangeError(`--way ${way}: it is none of ${Object.keys(ways).join('; ')}.`);
    }
    if (refused.includes(way)) throw new RangeError(`--way ${way}: not with this kernel.`);
  }
}

const rival = 'by hand';

/** What a passage is measured on. */
interface Course {
  readonly folder: string;
  readonly jobs: number;
  /** The symbol that the change is about. */
  readonly symbol: string;
  readonly srpm: string;
  /** A workspace whose source stage is done and sealed. */
  readonly workspace: string;
  readonly tree: string;
  readonly stockConfig: string;
  /** Root of the stock kernel, if a way needs it. */
  readonly stockRoot?: string;
}

type Measured = Pick<Passage, 'elapsed' | 'archiveBytes' | 'spans'>;

/** Something that goes from the prepared tree to an archive. */
interface Contender {
  readonly name: string;
  /** Back to the prepared tree; not counted. */
  reset(): Promise<void>;
  pass(situation: Situation): Promise<Measured>;
}

const sourceSchema = z.object({ tree: z.string(), shippedConfig: z.string() });

/** Prepares what is not counted: the tree from which all start, and the vendor's own kernel. */
async function prepare(
  folder: string,
  jobs: number,
  subject: Subject,
  needsStock: boolean,
): Promise<Course> {
  const srpm = await subject.make(join(folder, 'package'));
  const workspace = join(folder, 'workspace');
  const until = needsStock ? 'configure' : 'source';
  await run(launcher, ['build', '--quiet', '-w', workspace, '--until', until, srpm]);
  const seal = await readSeal(workspaceAt(workspace).seals, 'source');
  const { tree, shippedConfig } = sourceSchema.parse(seal?.result);
  const stockConfig = join(folder, 'stock.config');
  await copyFile(shippedConfig, stockConfig);
  const course = { folder, jobs, symbol: subject.symbol, srpm, workspace, tree, stockConfig };
  if (!needsStock) return course;
  const home = join(folder, 'vendor');
  await mkdir(home, { recursive: true });
  const { root } = await makeStockKernel(workspace, join(home, 'objects'), home);
  return { ...course, stockRoot: root };
}

/** The classic way, in a copy of the tree, since it works in the tree. */
function byHand({ folder, jobs, symbol, tree, stockConfig }: Course): Contender {
  const home = join(folder, 'by-hand');
  const copy = join(home, 'tree');
  return {
    name: rival,
    async reset() {
      await rm(home, { recursive: true, force: true });
      await mkdir(home, { recursive: true });
      await run('cp', ['-a', '--reflink=auto', tree, copy]);
      await run('sync', []);
    },
    async pass(situation) {
      const stock = await readFile(stockConfig, 'utf8');
      const changed = stock.replace(`\nCONFIG_${symbol}=m\n`, `\nCONFIG_${symbol}=y\n`);
      if (changed === stock) throw new Error(`CONFIG_${symbol} is not m in the stock config.`);
      const config = join(home, `${situation}.config`);
      await writeFile(config, situation === 'cold' ? stock : changed);
      const marks: Mark[] = [];
      const { elapsed } = await run(byHandScript, [copy, config, join(home, 'out'), `${jobs}`], {
        log: join(folder, 'by-hand.log'),
        onLine(line, stream) {
          const mark = stream === 'stdout' ? markOf(line, performance.now()) : undefined;
          if (mark !== undefined) marks.push(mark);
        },
      });
      const { size } = await stat(join(home, 'out/netboot.tar.bz2'));
      return { elapsed, archiveBytes: size, spans: spansOfMarks(marks) };
    },
  };
}

const resultSchema = z.object({
  type: z.literal('result'),
  value: z.object({ bundle: z.object({ archiveBytes: z.number() }) }),
});

/** `bootwright build`, from the sealed source stage to the bundle. */
function bootwright(way: string, course: Course): Contender {
  const { folder, jobs, symbol, srpm, workspace, stockRoot } = course;
  const places = workspaceAt(workspace);
  const ccache = join(folder, 'ccache');
  const args = [
    ...['build', '--json', '-w', workspace, '--until', 'bundle', '-j', `${jobs}`],
    ...['--format', 'tar.zst', ...(ways[way] ?? [])],
    ...(way === 'stock' && stockRoot !== undefined ? ['--modules', `stock=${stockRoot}`] : []),
  ];
  return {
    name: `bootwright, ${way}`,
    async reset() {
      const { configure, objects, stock, stockIndex, modules, bundles } = places;
      const made = [configure, objects, stock, stockIndex, modules, bundles];
      for (const place of [...made, join(workspace, 'cache'), ccache]) {
        await rm(place, { recursive: true, force: true });
      }
      for (const seal of await readdir(places.seals)) {
        if (seal !== 'source.json') await rm(join(places.seals, seal));
      }
      await run('sync', []);
    },
    async pass(situation) {
      const change = situation === 'cold' ? [] : ['--promote', symbol];
      const { elapsed, stdout } = await run(launcher, [...args, ...change, srpm], {
        env: { ...process.env, CCACHE_DIR: ccache },
        log: join(folder, 'bootwright.log'),
      });
      const lines = stdout.trimEnd().split('\n');
      const result = resultSchema.parse(JSON.parse(lines.at(-1) ?? ''));
      const { archiveBytes } = result.value.bundle;
      return { elapsed, archiveBytes, spans: spansOfEvents(lines) };
    },
  };
}

/**
 * `npm run bench pipeline`: from a prepared tree and its stock config to the archive, by hand and by
 * `bootwright build`; cold, and again after one symbol has changed.
 */
export async function benchPipeline(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      runs: { type: 'string' },
      /** One of `subjects`. */
      subject: { type: 'string', default: 'example' },
      /** One of `ways`; can be repeated. */
      way: { type: 'string', multiple: true },
      jobs: { type: 'string', default: `${availableParallelism()}` },
      /** Folder for all of it, which is left there. */
      keep: { type: 'string' },
    },
  });
  const runs = parseRuns(values.runs, 1);
  const subject: Subject = subjects[subjectNamed(values.subject)];
  const asked = values.way ?? subject.usual;
  checkWays(asked, subject);
  const folder =
    values.keep === undefined
      ? await mkdtemp(join(tmpdir(), 'bootwright-bench-'))
      : resolve(values.keep);
  try {
    const course = await prepare(folder, Number(values.jobs), subject, asked.includes('stock'));
    const contenders = [byHand(course), ...asked.map((way) => bootwright(way, course))];
    const passages: Passage[] = [];
    for (let round = 0; round < runs; round += 1) {
      for (const contender of contenders) {
        await contender.reset();
        for (const situation of situations) {
          const measured = await contender.pass(situation);
          passages.push({ contender: contender.name, situation, round, ...measured });
          const seconds = (measured.elapsed / 1000).toFixed(1);
          console.error(
            `round ${round + 1} of ${runs}: ${contender.name}, ${situation}: ${seconds} s`,
          );
        }
      }
    }
    console.log(renderTotals(passages, rival));
    for (const { name } of contenders) console.log(`\n${renderSpans(passages, name)}`);
  } finally {
    if (values.keep === undefined) await rm(folder, { recursive: true, force: true });
  }
}
