import { constants } from 'node:fs';
import { mkdir, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makePartFolder, removeLeftovers } from '../../system/part-folder.ts';
import { run } from '../../system/process.ts';
import { answerConf, writeAnswers } from './answers.ts';
import { olddefconfigCall } from './conf-call.ts';
import { buildConf, type KconfigTree, kconfigEnvironment } from './environment.ts';

/** What the tree's own conf makes of a config. */
export interface Verdict {
  /** The bytes of `.config` afterwards. */
  readonly text: string;
  readonly stderr: string;
}

/** The tree's own conf, started before there is a config for it. */
export interface Judge {
  /**
   * Starts conf; to be called once, and before `decide`.
   *
   * @param answers - what the commands of the Kconfig files print on this host: conf judges what
   *   follows from that, and is spared to run them again. (The build's own make asks everything anew.)
   */
  begin(answers: ReadonlyMap<string, string>): Promise<void>;
  /** Hands it the text of a `.config`; to be called once. */
  decide(config: string): Promise<Verdict>;
  /** Ends it, whether or not it has decided, and takes away its files. */
  dismiss(): Promise<void>;
}

/**
 * Prepares to run `conf --olddefconfig` of the tree ahead of its config. Most of its time goes into
 * reading the Kconfig files, which comes first (conf_parse(), then conf_read(), in
 * scripts/kconfig/conf.c): so it is given a named pipe for its `.config`, and does that while we
 * compute the config. It then blocks on the pipe, and ends with this process if that is killed.
 *
 * @throws BootwrightError `BW-CONFIG-TREE-REFUSED`, `BW-TOOL-MISSING`
 */
export async function summonJudge(options: KconfigTree): Promise<Judge> {
  const conf = await buildConf(options);
  const environment = await kconfigEnvironment(options);
  const kept = join(environment.folder, '..');
  await removeLeftovers(kept);
  const folder = await makePartFolder(kept);
  const file = join(folder, '.config');
  const answersFile = join(folder, 'answers');
  const stop = new AbortController();
  const signal =
    options.signal === undefined ? stop.signal : AbortSignal.any([stop.signal, options.signal]);
  let answered: Readonly<Record<string, string>>;
  try {
    answered = await answerConf(environment, answersFile);
    await run('mkfifo', [file]);
    // Without an auto.conf, conf would write one and touch a file for each of the symbols.
    await mkdir(join(folder, 'include/config'), { recursive: true });
    await writeFile(join(folder, 'include/config/auto.conf'), '');
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
  let running: ReturnType<typeof run> | undefined;

  return {
    async begin(answers) {
      await writeAnswers(answersFile, answers);
      const call = olddefconfigCall(options.tree, environment.variables);
      running = run(conf, call.arguments, {
        cwd: folder,
        env: { ...environment.variables, ...answered, ...call.variables },
        timeout: call.timeout,
        signal,
      });
      // Looked at in decide(); an early failure must not be an unhandled one.
      running.catch(() => undefined);
    },
    async decide(config) {
      if (running === undefined) throw new Error('conf has not been started');
      // Opening the writing end waits for conf to open the reading end.
      const opening = open(file, 'w');
      const ended = running.then(
        () => undefined,
        () => undefined,
      );
      const pipe = await Promise.race([opening, ended]);
      if (pipe === undefined) {
        await release(file, opening);
        await running;
        throw new Error('conf ended without reading its .config');
      }
      const beside = join(folder, 'config.beside');
      await writeFile(beside, config);
      await pipe.writeFile(config);
      // Later conf compares what it wrote with the file of that name: by then it is a plain file.
      await rename(beside, file);
      await pipe.close();
      const { stderr } = await running;
      return { text: await readFile(file, 'utf8'), stderr };
    },
    async dismiss() {
      stop.abort();
      await running?.catch(() => undefined);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Lets a writer go that waits for a reader which will not come. */
async function release(file: string, opening: Promise<{ close(): Promise<void> }>): Promise<void> {
  const reader = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
  await (await opening).close();
  await reader.close();
}

/** The symbols of which conf complains that a select overrides their dependencies. */
export function unmetIn(stderr: string): Set<string> {
  const names = new Set<string>();
  // Until 4.14: "warning: (A) selects B which has unmet direct dependencies (C)".
  const unmet =
    /unmet direct dependencies detected for (\w+)|selects (\w+) which has unmet direct/g;
  for (const [, name, older] of stderr.matchAll(unmet)) {
    const found = name ?? older;
    if (found !== undefined) names.add(found);
  }
  return names;
}
