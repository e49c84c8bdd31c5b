import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { answerConf, writeAnswers } from '../src/kernel/configure/answers.ts';
import { olddefconfigCall, rootKconfig } from '../src/kernel/configure/conf-call.ts';
import {
  buildConf,
  type KconfigTree,
  kconfigEnvironment,
} from '../src/kernel/configure/environment.ts';
import { readTree } from '../src/kernel/configure/olddefconfig.ts';
import { BootwrightError } from '../src/system/errors/index.ts';
import { run } from '../src/system/process.ts';
import { debianConfig, kernelTree } from '../test/trees.ts';
import { parseRuns } from './arguments.ts';
import { type EngineCourse, partsSchema } from './kconfig-course.ts';
import {
  differingSymbols,
  type EngineRun,
  type EngineRuns,
  renderEngines,
} from './kconfig-table.ts';

const script = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** As the launcher starts it. */
const nodeArguments = [
  ...['--max-semi-space-size=16', '--min-semi-space-size=16', '--initial-heap-size=512'],
  ...['--max-opt=2', '--no-lazy-feedback-allocation', '--disable-warning=ExperimentalWarning'],
];

/** A tree with its config. */
interface Subject {
  readonly name: string;
  readonly tree: string;
  readonly architecture: string;
  /** The text of a `.config`. */
  readonly config: string;
}

/** A program that does what `conf --olddefconfig` does. */
interface Program {
  readonly name: string;
  /** Does it once, and says what the process took. */
  measure(): Promise<Omit<EngineRun, 'differing'>>;
  /** The `.config` that it has left. */
  readonly out: string;
}

const usageSchema = z.object({ elapsed: z.number(), cpu: z.number(), peak: z.number() });

async function readJson<T>(path: string, schema: z.ZodType<T>): Promise<T> {
  return schema.parse(JSON.parse(await readFile(path, 'utf8')));
}

/** The interpreter itself, since what PATH has may be a wrapper that takes its time. */
async function findPython(): Promise<string> {
  return (await run('python3', ['-c', 'import sys; print(sys.executable)'])).stdout.trim();
}

/** Sets the programs up for a tree: what they are told of the host is found out first, and not counted. */
async function setUp(
  subject: Subject,
  folder: string,
  python: string,
  kconfiglib: string | undefined,
): Promise<readonly Program[]> {
  const place: KconfigTree = {
    tree: subject.tree,
    arch: subject.architecture,
    cacheFolder: join(folder, 'cache'),
  };
  await mkdir(folder, { recursive: true });
  const conf = await buildConf(place);
  const environment = await kconfigEnvironment(place);
  const { variables } = environment;
  const { answers } = await readTree(place);
  const config = join(folder, 'config');
  await writeFile(config, subject.config);
  const answersFile = join(folder, 'answers.json');
  await writeFile(answersFile, JSON.stringify(Object.fromEntries(answers)));
  const confAnswers = join(folder, 'answers');
  await writeAnswers(confAnswers, answers);
  // The shim is for conf alone, and not for what measures it, which is its parent here.
  const { BOOTWRIGHT_PARENT: _, ...answered } = await answerConf(environment, confAnswers);
  const rootFile = rootKconfig(subject.tree, variables);
  const call = olddefconfigCall(subject.tree, variables);
  const usage = join(folder, 'usage.json');
  const report = join(folder, 'parts.json');

  const measured = async (
    command: readonly string[],
    env: Readonly<Record<string, string | undefined>>,
    cwd: string,
    failure: (text: string) => string | undefined = () => undefined,
  ) => {
    await run(python, [script('run-measured.py'), usage, ...command], { cwd, env }).catch(
      (error: unknown) => {
        const text =
          error instanceof BootwrightError ? error.occasion.excerpt?.join('\n') : undefined;
        throw new Error(failure(text ?? '') ?? text, { cause: error });
      },
    );
    return readJson(usage, usageSchema);
  };
  const confProgram = (name: string, extra: Readonly<Record<string, string>>): Program => {
    const home = join(folder, 'conf');
    return {
      name,
      out: join(home, '.config'),
      async measure() {
        await rm(home, { recursive: true, force: true });
        // Without an auto.conf, conf would write one and touch a file for each of the symbols.
        await mkdir(join(home, 'include/config'), { recursive: true });
        await writeFile(join(home, 'include/config/auto.conf'), '');
        await writeFile(join(home, '.config'), subject.config);
        const settings = Object.entries(extra).map(([name, value]) => `${name}=${value}`);
        const env = { ...variables, ...call.variables };
        return measured(['env', ...settings, conf, ...call.arguments], env, home);
      },
    };
  };
  const ours = (name: string, isTold: boolean, promotes: boolean): Program => {
    const out = join(folder, 'ours.config');
    const course: EngineCourse = {
      tree: subject.tree,
      rootFile,
      environment: variables,
      objects: environment.folder,
      ...(isTold ? { answers: Object.fromEntries(answers) } : {}),
      architecture: subject.architecture,
      config,
      out,
      report,
      promotes,
    };
    return {
      name,
      out,
      async measure() {
        const courseFile = join(folder, 'course.json');
        await writeFile(courseFile, JSON.stringify(course));
        const command = [
          process.execPath,
          ...nodeArguments,
          script('kconfig-engine.ts'),
          courseFile,
        ];
        const env = { ...process.env, NODE_COMPILE_CACHE: join(folder, 'node') };
        const took = await measured(command, env, folder);
        return { ...took, parts: await readJson(report, partsSchema) };
      },
    };
  };
  const theirs = (name: string, checkout: string, isTold: boolean): Program => {
    const out = join(folder, 'kconfiglib.config');
    return {
      name,
      out,
      async measure() {
        const command = [
          python,
          script('kconfig-kconfiglib.py'),
          checkout,
          rootFile,
          config,
          out,
          report,
        ];
        const env = { ...variables, srctree: subject.tree };
        const took = await measured(
          [...command, ...(isTold ? [answersFile] : [])],
          env,
          environment.folder,
          lastLine,
        );
        return { ...took, parts: await readJson(report, partsSchema) };
      },
    };
  };
  return [
    confProgram('conf, answers given', answered),
    ours('ours, answers given', true, false),
    ours('ours, answers given, and promotion', true, true),
    ...(kconfiglib === undefined ? [] : [theirs('Kconfiglib, answers given', kconfiglib, true)]),
    confProgram('conf', {}),
    ours('ours', false, false),
    ...(kconfiglib === undefined ? [] : [theirs('Kconfiglib', kconfiglib, false)]),
  ];
}

/** Where a traceback says what has happened. */
function lastLine(text: string): string | undefined {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .at(-1);
}

/** Lets the programs run in turn; one that fails is out, and its reason kept. */
async function measurePrograms(
  programs: readonly Program[],
  runs: number,
): Promise<readonly EngineRuns[]> {
  const results = new Map<string, EngineRun[]>(programs.map(({ name }) => [name, []]));
  const failures = new Map<string, string>();
  let judged = '';
  // One round that does not count: page cache, and compiled code.
  for (let round = -1; round < runs; round += 1) {
    for (const { name, measure, out } of programs) {
      if (failures.has(name)) continue;
      try {
        const took = await measure();
        const config = await readFile(out, 'utf8');
        // The first program is the tree's own conf.
        judged ||= config;
        if (round < 0) continue;
        results.get(name)?.push({ ...took, differing: differingSymbols(judged, config) });
      } catch (error) {
        failures.set(name, error instanceof Error ? error.message : String(error));
      }
    }
    console.error(`round ${round + 1} of ${runs} done`);
  }
  return programs.map(({ name }) => {
    const failure = failures.get(name);
    return failure === undefined ? { name, runs: results.get(name) ?? [] } : { name, failure };
  });
}

/** The trees that are always there, and those that are named. */
async function subjectsOf(
  trees: readonly string[],
  configs: readonly string[],
  architectures: readonly string[],
): Promise<readonly Subject[]> {
  if (trees.length !== configs.length || trees.length !== architectures.length) {
    throw new RangeError('Each --tree needs its --config and its --arch.');
  }
  const subjects: Subject[] = [];
  for (const version of ['6.1', '6.12'] as const) {
    subjects.push({
      name: `Debian ${version}`,
      tree: await kernelTree(version),
      architecture: 'x86',
      config: await debianConfig(version),
    });
  }
  for (const [i, tree] of trees.entries()) {
    subjects.push({
      name: tree,
      tree: resolve(tree),
      architecture: architectures[i] ?? '',
      config: await readFile(configs[i] ?? '', 'utf8'),
    });
  }
  return subjects;
}

/**
 * `npm run bench kconfig`: the Kconfig engine by itself against the tree's own conf and, if a
 * checkout of it is named, Kconfiglib; time of each part, and memory.
 */
export async function benchKconfig(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      runs: { type: 'string' },
      /** A checkout of Kconfiglib. */
      kconfiglib: { type: 'string' },
      /** Further trees, each with its config and its ARCH for make. */
      tree: { type: 'string', multiple: true, default: [] },
      config: { type: 'string', multiple: true, default: [] },
      arch: { type: 'string', multiple: true, default: [] },
    },
  });
  const runs = parseRuns(values.runs, 5);
  const kconfiglib = values.kconfiglib === undefined ? undefined : resolve(values.kconfiglib);
  const python = await findPython();
  const folder = await mkdtemp(join(tmpdir(), 'bootwright-bench-'));
  try {
    for (const subject of await subjectsOf(values.tree, values.config, values.arch)) {
      const programs = await setUp(
        subject,
        join(folder, subject.name.replaceAll(/\W/g, '-')),
        python,
        kconfiglib,
      );
      const measured = await measurePrograms(programs, runs);
      console.log(`\n### ${subject.name}\n\n${renderEngines(measured)}`);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
