import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
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
import { type DialectCase, dialectCases } from './dialect-cases.ts';
import { makeProgram, type Program } from './program.ts';
import { dialectOf, type Subject, subjects } from './subjects.ts';

/*
 * Thousands of small made-up Kconfig files, with all that the language has, against the conf of each
 * tree: a kernel's own files are large, but use the language sparingly.
 */

const count = Number(process.env.BOOTWRIGHT_PROGRAMS ?? 600);
const first = Number(process.env.BOOTWRIGHT_FIRST_PROGRAM ?? 0);

/** What comes out, of conf and of us: the files are the same if the texts are. */
interface Outcome {
  readonly failed: boolean;
  readonly config: string;
  /** Remarks on the Kconfig files, and the unmet dependencies, as conf prints them. */
  readonly remarks: readonly string[];
  readonly unmet: readonly string[];
  /** All that was printed. */
  readonly stderr: string;
}

const unmetText = /WARNING: unmet .*\n(?: {2}.*\n)*/g;

async function ofConf({ conf, dialect, folder }: Prepared, program: Program): Promise<Outcome> {
  writeFileSync(join(folder, 'Kconfig'), program.kconfig);
  writeFileSync(join(folder, '.config'), program.config);
  const mode = dialect.olddefconfig ? ['--olddefconfig'] : ['-D', '.config'];
  const { exitCode, stdout, stderr } = await run(conf, [...mode, 'Kconfig'], {
    cwd: folder,
    env: { PATH: process.env.PATH ?? '', NAME: 'sub', KCONFIG_NOTIMESTAMP: '1' },
    accept: [0, 1],
    // Before 2.6.36, conf asks again and again for a number that has no value.
    timeout: 1_000,
  });
  const remarks = stderr.split('\n').filter((line) => /^Kconfig:\d+: ?warning: /.test(line));
  return {
    failed: exitCode !== 0,
    config: exitCode === 0 ? readFileSync(join(folder, '.config'), 'utf8') : '',
    remarks: remarks.map((line) => line.replace(': warning: ', ':warning: ')),
    unmet: [...new Set(stderr.match(unmetText)?.map((text) => text.trim()))].sort(),
    // 2.6.18 tells on stdout of symbols that depend on themselves.
    stderr: stderr + (/^Warning! Found .*$/m.exec(stdout)?.[0] ?? ''),
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
    return {
      failed: false,
      config: writeConfig(state),
      remarks: kconfig.warnings.map(
        ({ location, message }) => `Kconfig:${location.line}:warning: ${message}`,
      ),
      unmet: state
        .unmetDependencies()
        .map(({ message }) => message)
        .sort(),
      stderr: '',
    };
  } catch (error) {
    if (!(error instanceof KconfigSyntaxError)) throw error;
    return { failed: true, config: '', remarks: [], unmet: [], stderr: error.diagnostics };
  }
}

function agree(theirs: Outcome, ours: Outcome, dialect: Dialect): boolean {
  // The messages of 3.10 are worded otherwise.
  if (!dialect.macros) return theirs.failed === ours.failed && theirs.config === ours.config;
  if (theirs.failed || ours.failed) {
    return theirs.failed === ours.failed && theirs.stderr.includes(ours.stderr.trimEnd());
  }
  const text = ({ config, remarks, unmet }: Outcome): string =>
    JSON.stringify([config, remarks, unmet]);
  return text(theirs) === text(ours);
}

/** What conf makes of one of the cases of its dialect: the lines of `.config`. */
async function linesOf(
  prepared: Prepared,
  { files, config }: DialectCase,
): Promise<string[] | undefined> {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(prepared.folder, name)), { recursive: true });
    writeFileSync(join(prepared.folder, name), text);
  }
  const { failed, config: after } = await ofConf(prepared, {
    kconfig: files.Kconfig ?? '',
    config,
  });
  return failed ? undefined : after.split('\n').slice(4, -1);
}

interface Prepared {
  readonly conf: string;
  readonly dialect: Dialect;
  readonly folder: string;
}

async function prepare({ name, tree: unpack, arch }: Subject): Promise<Prepared> {
  const tree = await unpack();
  const conf = await buildConf({ tree, arch, cacheFolder: resolve('.cache/kconfig') });
  const dialect = dialectOf(tree);
  const folder = resolve(`.cache/kconfig/small-${name}-${process.pid}`);
  mkdirSync(join(folder, 'include/config'), { recursive: true });
  writeFileSync(join(folder, 'include/config/auto.conf'), '');
  return { conf, dialect, folder };
}

describe.each(subjects)('small files and the conf of $name', (subject) => {
  it(`come to the same in ${count} cases`, async () => {
    const prepared = await prepare(subject);
    const { dialect, folder } = prepared;
    const failures: string[] = [];
    let errors = 0;
    let compared = 0;
    for (let seed = first; seed < first + count; seed++) {
      const program = makeProgram(seed, dialect);
      const theirs = await ofConf(prepared, program).catch((error) => {
        // The conf of 3.10 dies of some of these files.
        if (dialect.macros) throw error;
      });
      if (!theirs || (dialect.toleratesCircles && /recursive depend/.test(theirs.stderr))) continue;
      compared++;
      const ours = await ofOurs(dialect, program);
      if (theirs.failed) errors++;
      if (agree(theirs, ours, dialect)) continue;
      failures.push(
        `--- program ${seed}\n${program.kconfig}--- .config\n${program.config}` +
          `--- conf\n${JSON.stringify(theirs, null, 1)}\n--- ours\n${JSON.stringify(ours, null, 1)}`,
      );
      if (failures.length > 3) break;
    }
    if (existsSync(folder)) rmSync(folder, { recursive: true });
    expect(failures.join('\n\n')).toBe('');
    // Else the programs would say little.
    expect(errors).toBeLessThan(count / 5);
    // The conf of 2.6.18 hangs where a number has no value.
    expect(compared).toBeGreaterThan(count / (dialect.answersAll ? 5 : 2));
  });

  it('come to what the cases of its dialect say', async () => {
    const prepared = await prepare(subject);
    const { dialect, folder } = prepared;
    const has = ({ features }: DialectCase): boolean =>
      Object.entries(features).every(([name, value]) => dialect[name as keyof Dialect] === value);
    // The conf of 2.6.18 asks for ever where a number has no value: it gets its own cases only.
    const own = ({ base }: DialectCase): boolean => !dialect.answersAll || base.answersAll;
    for (const older of dialectCases.filter(has).filter(own)) {
      expect([older.name, await linesOf(prepared, older)]).toEqual([older.name, older.expected]);
    }
    rmSync(folder, { recursive: true });
  });
});
