import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Kconfig, load } from '../../src/kconfig/index.ts';
import { answerConf, writeAnswers } from '../../src/kernel/configure/answers.ts';
import { olddefconfigCall, rootKconfig } from '../../src/kernel/configure/conf-call.ts';
import {
  buildConf,
  type KconfigTree,
  kconfigEnvironment,
} from '../../src/kernel/configure/environment.ts';
import { shellProbe } from '../../src/kernel/configure/probe.ts';
import { run } from '../../src/system/process.ts';

/** A tree's own conf next to our reading of the same tree, with the same answers to all probes. */
export interface Judge {
  readonly kconfig: Kconfig;
  /**
   * Runs conf.
   * @param slot - which of the working folders; one conf at a time in each
   * @returns the `.config` it leaves
   */
  conf(
    slot: number,
    mode: string,
    config?: string,
    env?: Readonly<Record<string, string>>,
  ): Promise<{ config: string; stderr: string }>;
}

const cacheFolder = resolve('.cache/kconfig');

/** What conf before 2.6.36 calls its modes. */
const shortModes: Readonly<Record<string, readonly string[]>> = {
  '--allnoconfig': ['-n'],
  '--allyesconfig': ['-y'],
  '--allmodconfig': ['-m'],
  '--alldefconfig': ['-D', '/dev/null'],
  '--randconfig': ['-r'],
};

/** Makes a judge for a tree: conf is built once and kept in .cache. */
export async function makeJudge(tree: string, arch: string): Promise<Judge> {
  const options: KconfigTree = { tree, arch, cacheFolder };
  const conf = await buildConf(options);
  const environment = await kconfigEnvironment(options);
  const probes = await shellProbe(environment, cacheFolder);
  const root = rootKconfig(tree, environment.variables);
  const call = olddefconfigCall(tree, environment.variables);
  const kconfig = await load({
    root: tree,
    rootFile: root,
    environment: environment.variables,
    probe: probes.probe,
    knownOutputs: probes.known,
  });
  await probes.save();
  await probes.close();
  const base = join(environment.folder, '..', 'judge');
  rmSync(base, { recursive: true, force: true });
  mkdirSync(base);
  const answersFile = join(base, 'answers');
  await writeAnswers(answersFile, probes.known);
  const answered = await answerConf(environment, answersFile);
  if (answered.LD_PRELOAD === undefined) throw new Error('no shim for conf');
  return {
    kconfig,
    async conf(slot, mode, config, env = {}) {
      const cwd = join(base, `slot-${slot}`);
      if (!existsSync(cwd)) {
        // With an auto.conf in place conf does not write one, nor touch a file for each symbol.
        mkdirSync(join(cwd, 'include/config'), { recursive: true });
        writeFileSync(join(cwd, 'include/config/auto.conf'), '');
      }
      const file = join(cwd, '.config');
      rmSync(file, { force: true });
      if (config !== undefined) writeFileSync(file, config);
      const short = kconfig.dialect.olddefconfig ? undefined : shortModes[mode];
      const list = mode === '--olddefconfig' ? call.arguments : [...(short ?? [mode]), root];
      const { stderr } = await run(conf, list, {
        cwd,
        env: {
          ...environment.variables,
          ...call.variables,
          ...env,
          ...answered,
        },
      });
      return { config: readFileSync(file, 'utf8'), stderr };
    },
  };
}

/** A small generator of random numbers with a seed (mulberry32), for repeatable mutations. */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
