import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { detectDialect } from '../../src/kconfig/dialect.ts';
import { type Kconfig, KconfigSyntaxError, load } from '../../src/kconfig/index.ts';
import { modern, symbol } from './kconfig.ts';

async function probed(
  text: string,
  answer: (command: string) => string,
  known: ReadonlyMap<string, string> = new Map(),
  others: Readonly<Record<string, string>> = {},
): Promise<{ kconfig: Kconfig; rounds: (readonly string[])[]; foreseen: string[] }> {
  const rounds: (readonly string[])[] = [];
  const foreseen: string[] = [];
  const kconfig = await load({
    root: '/tree',
    environment: {},
    dialect: modern,
    knownOutputs: known,
    read: (path) => (path === '/tree/Kconfig' ? text : others[path]),
    foresee: (command) => foreseen.push(command),
    probe: async (commands) => {
      rounds.push(commands);
      return commands.map(answer);
    },
  });
  return { kconfig, rounds, foreseen };
}

describe('probes', () => {
  const nested =
    'version := $(shell,cc -v)\nconfig A\n\tdef_bool $(shell,test $(version))\n' +
    'config B\n\tdef_bool $(shell,plain)\n$(error-if,$(shell,bad),never)\n';
  const answers: Readonly<Record<string, string>> = {
    'cc -v': '12\n',
    'test 12': 'y\n',
    plain: 'y\n',
    bad: 'n\n',
  };

  it('are asked together, in as many rounds as they are nested', async () => {
    const { kconfig, rounds, foreseen } = await probed(
      'source "a"\nsource "b"\n',
      (command) => answers[command] ?? '?',
      new Map(),
      { '/tree/a': '', '/tree/b': nested },
    );
    expect(rounds).toEqual([['cc -v', 'plain', 'bad'], ['test 12']]);
    expect(foreseen).toEqual(rounds.flat());
    expect(kconfig.all[symbol(kconfig, 'A').index]?.defaults[0]?.value).toMatchObject({
      symbol: kconfig.yes,
    });
  });

  it('are asked at once where the macros of all other files hang on them', async () => {
    const { rounds } = await probed(nested, (command) => answers[command] ?? '?');
    expect(rounds).toEqual([['cc -v'], ['test 12', 'plain', 'bad']]);
  });

  it('of the macros are known before any other file is read', async () => {
    const { rounds } = await probed(
      'source "a"\nsource "b"\n',
      (command) => answers[command] ?? '?',
      new Map(),
      { '/tree/a': 'version := $(shell,cc -v)\n', '/tree/b': nested },
    );
    expect(rounds).toEqual([['cc -v'], ['test 12', 'plain', 'bad']]);
  });

  it('are not asked when the answers are known', async () => {
    const { rounds } = await probed(nested, () => '?', new Map(Object.entries(answers)));
    expect(rounds).toEqual([]);
  });

  it('have their newlines treated as conf does', async () => {
    const { kconfig } = await probed(
      'config A\n\tstring\n\tdefault "$(shell,x)"\n',
      () => 'a\nb\n\n',
    );
    expect(symbol(kconfig, 'A').defaults[0]?.value).toMatchObject({ symbol: { name: 'a b' } });
  });

  it('are cut at what conf reads', async () => {
    const { kconfig } = await probed('config A\n\tstring\n\tdefault "$(shell,x)"\n', () =>
      'a'.repeat(9000),
    );
    const value = symbol(kconfig, 'A').defaults[0]?.value;
    expect(value?.kind === 'symbol' && value.symbol.name?.length).toBe(4095);
  });

  it('may be what an error hangs on', async () => {
    await expect(probed('$(error-if,$(shell,x),no compiler)\n', () => 'y\n')).rejects.toThrow(
      'Kconfig:1: no compiler',
    );
  });

  it('that never settle are given up', async () => {
    let n = 0;
    const text = 'a := $(shell,1)\nb := $(shell,$(a))\nc := $(shell,$(b))\n';
    const { rounds } = await probed(text, () => String(n++));
    expect(rounds.length).toBeLessThan(5);
  });

  it('want an answer for each command', async () => {
    const promise = load({
      root: '/tree',
      environment: {},
      dialect: modern,
      read: (path) => (path === '/tree/Kconfig' ? '$(info,$(shell,x))\n' : undefined),
      probe: async () => [],
    });
    await expect(promise).rejects.toThrow('1 probes, but 0 answers');
  });
});

describe('files', () => {
  it('are read from the folder, UTF-8 or Latin-1', async ({ task }) => {
    const root = join(import.meta.dirname, '../../.cache/test', String(process.pid), task.id);
    mkdirSync(join(root, 'sub'), { recursive: true });
    writeFileSync(join(root, 'Kconfig'), 'mainmenu "Ünïcode"\nsource "sub/Kconfig"\n');
    writeFileSync(join(root, 'sub/Kconfig'), Buffer.from('comment "caf\xe9"\n', 'latin1'));
    const kconfig = await load({ root, environment: {}, probe: async () => [] });
    expect(kconfig.root.prompt?.text).toBe('Ünïcode');
    expect(kconfig.root.children[0]?.prompt?.text).toBe('café');
  });

  it('are looked through for circles, unless they are known to have none', async () => {
    const text = 'config A\n\tbool "a"\n\tdepends on B\nconfig B\n\tdef_bool A\n';
    const read = (knownSound: (files: readonly string[]) => boolean): Promise<Kconfig> =>
      load({
        root: '/tree',
        environment: {},
        dialect: modern,
        read: (path) => (path === '/tree/Kconfig' ? text : undefined),
        probe: async () => [],
        knownSound,
      });
    await expect(read(() => false)).rejects.toThrow('recursive dependency');
    const asked: (readonly string[])[] = [];
    await read((files) => {
      asked.push(files);
      return true;
    });
    expect(asked).toEqual([['Kconfig']]);
  });

  it('that are missing are an error', async () => {
    const promise = load({ root: '/nowhere', environment: {}, probe: async () => [] });
    await expect(promise).rejects.toThrow(KconfigSyntaxError);
    await expect(promise).rejects.toThrow("can't find file Kconfig");
  });
});

describe('the dialect', () => {
  it('is told by the tree’s own sources', () => {
    const dialect = detectDialect((name) =>
      name === 'expr.h'
        ? '#define SYMBOL_CHOICEVAL  0x0020\n'
        : name === 'confdata.c'
          ? 'int conf_unsaved = 0;'
          : undefined,
    );
    expect(dialect).toMatchObject({
      name: 'classic',
      classicChoices: true,
      dropsValuesOutOfRange: true,
      strictConfigLines: false,
    });
  });

  it('is the newest without them', () => {
    expect(modern).toMatchObject({ name: 'modern', classicChoices: false, typedConstants: true });
  });
});
