import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { detectDialect } from '../../src/kconfig/dialect.ts';
import {
  configure,
  type Dialect,
  KconfigSyntaxError,
  load,
  parseConfig,
  writeConfig,
} from '../../src/kconfig/index.ts';
import { buildConf } from '../../src/kernel/configure/environment.ts';
import { run } from '../../src/system/process.ts';
import { kernelTree, type TreeVersion } from '../trees.ts';
import { makeProgram, type Program } from './program.ts';

/*
 * Thousands of small made-up Kconfig files, with all that the language has, against the conf of each
 * tree: a kernel's own files are large, but use the language sparingly.
 */

const count = Number(process.env.BOOTWRIGHT_PROGRAMS ?? 600);
const first = Number(process.env.BOOTWRIGHT_FIRST_PROGRAM ?? 0);

/** What comes out: the `.config` and the symbols with unmet dependencies, or that there was an error. */
interface Outcome {
  readonly config: string;
  readonly unmet: readonly string[];
}

const failed: Outcome = { config: 'an error', unmet: [] };

async function ofConf(conf: string, folder: string, program: Program): Promise<Outcome> {
  writeFileSync(join(folder, 'Kconfig'), program.kconfig);
  writeFileSync(join(folder, '.config'), program.config);
  const { exitCode, stderr } = await run(conf, ['--olddefconfig', 'Kconfig'], {
    cwd: folder,
    env: { PATH: process.env.PATH ?? '' },
    accept: [0, 1],
  });
  if (exitCode !== 0) return failed;
  const unmet = [...stderr.matchAll(/unmet direct dependencies detected for (\w+)/g)];
  return {
    config: readFileSync(join(folder, '.config'), 'utf8'),
    unmet: [...new Set(unmet.map(([, name]) => name ?? ''))].sort(),
  };
}

async function ofOurs(dialect: Dialect, program: Program): Promise<Outcome> {
  try {
    const kconfig = await load({
      root: '/tree',
      environment: {},
      dialect,
      probe: async () => [],
      read: (path) => (path === '/tree/Kconfig' ? program.kconfig : undefined),
    });
    const state = configure(kconfig, parseConfig(program.config, kconfig));
    const unmet = state.unmetDependencies().map(({ symbol }) => symbol.name ?? '');
    return { config: writeConfig(state), unmet: unmet.sort() };
  } catch (error) {
    if (error instanceof KconfigSyntaxError) return failed;
    throw error;
  }
}

describe.each<[TreeVersion]>([['6.1'], ['6.12']])('small files and the conf of %s', (version) => {
  it(`come to the same in ${count} cases`, async () => {
    const tree = await kernelTree(version);
    const conf = await buildConf({ tree, arch: 'x86', cacheFolder: resolve('.cache/kconfig') });
    const dialect = detectDialect((name) =>
      readFileSync(join(tree, 'scripts/kconfig', name), 'utf8'),
    );
    const folder = resolve(`.cache/kconfig/small-${version}-${process.pid}`);
    mkdirSync(join(folder, 'include/config'), { recursive: true });
    writeFileSync(join(folder, 'include/config/auto.conf'), '');
    const failures: string[] = [];
    let errors = 0;
    for (let seed = first; seed < first + count; seed++) {
      const program = makeProgram(seed, dialect.classicChoices);
      const [theirs, ours] = [await ofConf(conf, folder, program), await ofOurs(dialect, program)];
      if (theirs === failed) errors++;
      if (JSON.stringify(theirs) === JSON.stringify(ours)) continue;
      failures.push(
        `--- program ${seed}\n${program.kconfig}--- .config\n${program.config}` +
          `--- conf ${theirs.unmet}\n${theirs.config}\n--- ours ${ours.unmet}\n${ours.config}`,
      );
      if (failures.length > 3) break;
    }
    if (existsSync(folder)) rmSync(folder, { recursive: true });
    expect(failures.join('\n\n')).toBe('');
    // Else the programs would say little.
    expect(errors).toBeLessThan(count / 5);
  });
});
