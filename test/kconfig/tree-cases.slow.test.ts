import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  type Configuration,
  configure,
  type Kconfig,
  KconfigSyntaxError,
  load,
  type MenuNode,
  parseConfig,
  writeConfig,
} from '../../src/kconfig/index.ts';
import { run } from '../../src/system/process.ts';
import { symbol } from './kconfig.ts';
import { dialectOf, subjects } from './subjects.ts';

/*
 * The cases that kconfig's own authors wrote (scripts/kconfig/tests of each tree), read from the
 * tree. conf asks questions in some of them; where the answers come to a set(), that is made.
 */

/** Cases, or parts of them, that ask for what this engine is not: a dialogue, or conf's own modes. */
const notApplicable: Readonly<Record<string, string>> = {
  choice_randomize: 'randconfig is conf’s own',
  choice_randomize2: 'randconfig is conf’s own',
  rand_nested_choice: 'randconfig is conf’s own',
  new_choice_with_dep: 'the dialogue of oldconfig',
};

interface Case {
  readonly folder: string;
  readonly file: (name: string) => string;
  readonly load: () => Promise<Kconfig>;
}

type Check = (it: Case) => Promise<void>;

function text(kconfig: Kconfig, config = ''): Configuration {
  return configure(kconfig, parseConfig(config, kconfig));
}

async function failure({ load }: Case): Promise<KconfigSyntaxError> {
  const error = await load().then(
    () => undefined,
    (reason) => reason,
  );
  if (error instanceof KconfigSyntaxError) return error;
  throw new Error('was read without an error');
}

const fails: Check = async (it) => {
  expect((await failure(it)).diagnostics).toContain(it.file('expected_stderr').trimEnd());
};

const warns: Check = async (it) => {
  const kconfig = await it.load();
  const lines = kconfig.warnings.map(({ location, message }) => {
    return `${location.file}:${location.line}: ${message}\n`;
  });
  expect(lines.join('')).toBe(it.file('expected_stderr'));
  const stdout = join(it.folder, 'expected_stdout');
  if (existsSync(stdout))
    expect(`${kconfig.messages.join('\n')}\n`).toBe(it.file('expected_stdout'));
};

/** What `conf --oldaskconfig` shows when every question is answered by Enter, for bools only. */
function dialogue(state: Configuration, { children }: MenuNode, indent = ''): string {
  let out = '';
  for (const child of children) {
    const { symbol: own, prompt } = child;
    if (!own || !prompt || state.visibility(own) === 0) continue;
    if (own.isChoice) {
      out += `${indent}${prompt.text}\n`;
      child.children.forEach((member, i) => {
        const mark = member.symbol === state.selection(own) ? '>' : ' ';
        out += `${indent}${mark} ${i + 1}. ${member.prompt?.text} (${member.symbol?.name}) (NEW)\n`;
      });
      out += `${indent}${prompt.text}[1-${child.children.length}?]: \n`;
      continue;
    }
    const answers = state.get(own) === 'y' ? 'Y/n/?' : 'N/y/?';
    out += `${indent}${prompt.text} (${own.name}) [${answers}] (NEW) \n`;
    out += dialogue(state, child, `${indent}  `);
  }
  return out;
}

/** All symbols set to one value, as allyesconfig and its like do. */
function all(kconfig: Kconfig, value: 'y' | 'm' | 'n'): string {
  const lines = [...kconfig.symbols.values()]
    .filter(({ choice, menus }) => !choice && menus.length > 0)
    .map(({ name, type }) => `CONFIG_${name}=${value === 'm' && type === 'bool' ? 'y' : value}`);
  return lines.join('\n');
}

const checks: Readonly<Record<string, Check>> = {
  err_recursive_dep: fails,
  err_recursive_inc: fails,
  'preprocess/circular_expansion': async (it) => {
    expect((await failure(it)).diagnostics).toBe(it.file('expected_stderr'));
  },
  'preprocess/builtin_func': warns,
  'preprocess/escape': warns,
  'preprocess/variable': warns,
  auto_submenu: async (it) => {
    const kconfig = await it.load();
    expect(dialogue(text(kconfig), kconfig.root)).toContain(it.file('expected_stdout'));
  },
  no_write_if_dep_unmet: async (it) => {
    const kconfig = await it.load();
    const state = text(kconfig, it.file('config'));
    state.set(symbol(kconfig, 'A'), 'n');
    expect(writeConfig(state)).toBe(it.file('expected_config'));
  },
  choice: async (it) => {
    const kconfig = await it.load();
    expect(writeConfig(configure(kconfig))).toContain(it.file('alldef_expected_config'));
    // How classic conf answers whole choices there, no .config can say.
    if (kconfig.dialect.classicChoices) return;
    for (const [mode, value] of [
      ['allyes', 'y'],
      ['allmod', 'm'],
      ['allno', 'n'],
    ] as const) {
      const expected = it.file(`${mode}_expected_config`);
      expect(writeConfig(text(kconfig, all(kconfig, value)))).toContain(expected);
    }
  },
  inter_choice: async (it) => {
    const kconfig = await it.load();
    expect(writeConfig(text(kconfig, it.file('defconfig')))).toContain(it.file('expected_config'));
  },
  choice_value_with_m_dep: async (it) => {
    const kconfig = await it.load();
    const state = text(kconfig, it.file('config'));
    expect(state.get(symbol(kconfig, 'CHOICE1'))).toBe('m');
    state.set(symbol(kconfig, 'CHOICE0'), 'y');
    expect(writeConfig(state)).toContain(it.file('expected_config'));
  },
};

/** The folders with a Kconfig file, relative to the folder of the cases. */
function caseNames(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name === 'Kconfig')
    .map((entry) => entry.parentPath.slice(folder.length + 1))
    .sort();
}

async function shell(commands: readonly string[]): Promise<string[]> {
  return Promise.all(commands.map(async (c) => (await run('/bin/sh', ['-c', c])).stdout));
}

/** How many cases have to have held. */
const counts: Readonly<Record<string, number>> = { '6.1': 11, '6.12': 9 };

describe.each(subjects)('kconfig’s own cases in $name', ({ name: subject, tree: unpack }) => {
  it('hold', async () => {
    const tree = await unpack();
    const cases = join(tree, 'scripts/kconfig/tests');
    if (!existsSync(cases) && counts[subject] === undefined) return;
    const dialect = dialectOf(tree);
    let held = 0;
    for (const name of caseNames(cases)) {
      if (notApplicable[name]) continue;
      // There, the line numbers of the case are not those that the tree's own conf prints.
      if (name === 'err_recursive_inc' && dialect.keywordsByPlace) continue;
      const check = checks[name];
      if (!check) throw new Error(`nothing is said of the case ${name}`);
      const folder = join(cases, name);
      await check({
        folder,
        file: (own) => readFileSync(join(folder, own), 'utf8'),
        load: () => load({ root: folder, environment: {}, probe: shell, dialect }),
      }).catch((error) => {
        throw new Error(`${name}: ${error.message}`, { cause: error });
      });
      held++;
    }
    expect(held).toBe(counts[subject] ?? held);
  });
});
