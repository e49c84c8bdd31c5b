import { describe, expect, it } from 'vitest';
import { detectDialect } from '../../src/kconfig/dialect.ts';
import { KconfigSyntaxError, writeConfig } from '../../src/kconfig/index.ts';
import { type DialectCase, dialectCases } from './dialect-cases.ts';
import { configured, el7, modern, read } from './kconfig.ts';

async function linesOf({
  files,
  config,
  base,
  features,
}: DialectCase): Promise<string[] | undefined> {
  try {
    const kconfig = await read(files, {
      dialect: { ...base, ...features },
      environment: { NAME: 'sub' },
    });
    return writeConfig(configured(kconfig, config)).split('\n').slice(4, -1);
  } catch (error) {
    if (error instanceof KconfigSyntaxError) return undefined;
    throw error;
  }
}

describe('of its own dialect', () => {
  it.each(dialectCases)('$name', async (older) => {
    expect(await linesOf(older)).toEqual(older.expected);
  });
});

it('before 4.18, symbols of the environment are in the title', async () => {
  const text = 'mainmenu "Linux/$ARCH $VERSION"\nconfig ARCH\n\tstring\n\toption env="ARCH"\n';
  const kconfig = await read(text, { dialect: el7, environment: { ARCH: 'x86' } });
  expect(kconfig.root.prompt?.text).toBe('Linux/x86 ');
});

describe('in newer kernels', () => {
  it.each([
    'config A\n\tbool "a"\n\t---help---\n\t  Text.\n',
    'config A\n\tbool "a"\n\toption modules\n',
    'config A\n\tbool Prompt\n',
    'source sub/Kconfig\n',
    'choice\n\tprompt "c"\nmenuconfig A\n\tbool "a"\nendchoice\n',
    'config optional\n\tbool "o"\nconfig range\n\tbool "r"\n',
  ])('%j is an error', async (text) => {
    await expect(read({ Kconfig: text, 'sub/Kconfig': '' })).rejects.toThrow(KconfigSyntaxError);
  });

  it('imply leaves the choice between m and y', async () => {
    const kconfig = await read(
      'config MODULES\n\tdef_bool y\n\tmodules\nconfig A\n\tbool "a"\n\timply T\nconfig T\n\ttristate "t"\n',
    );
    expect(writeConfig(configured(kconfig, 'CONFIG_A=y\nCONFIG_T=m\n'))).toContain('CONFIG_T=m\n');
  });
});

describe('the dialect', () => {
  const found = (sources: Readonly<Record<string, string>>) =>
    detectDialect((name) => sources[name]);

  it('is that of the newest kernels where there are no sources', () => {
    expect(found({})).toEqual(modern);
  });

  it('is found in the sources under their older names', () => {
    const { keywordsByPlace, dashedHelp, optionLines, unquotedTexts, strictChoices } = found({
      'zconf.l': 'if (id && id->flags & TF_COMMAND) {',
      'zconf.y': 'prompt:\t  T_WORD\n\t| T_WORD_QUOTE\n;',
      'kconf_id.c': '{ "---help---", T_HELP }, { "option", T_OPTION },',
    });
    expect([keywordsByPlace, dashedHelp, optionLines, unquotedTexts, strictChoices]).toEqual([
      true,
      true,
      true,
      true,
      false,
    ]);
  });

  it('is found in the lexer where the keywords are in there', () => {
    const { dashedHelp, optionLines, keywordsByPlace } = found({
      'lexer.l': '"---help---" return T_HELP;\n"option" return T_OPTION;',
    });
    expect([dashedHelp, optionLines, keywordsByPlace]).toEqual([true, true, false]);
  });

  it('knows how imply works', () => {
    const old = found({ 'symbol.c': '(… || sym->implied.tri == yes)' });
    expect([old.implyForbidsModule, old.implyObeysDependencies]).toEqual([true, false]);
    const young = found({ 'symbol.c': 'EXPR_AND(newval.tri,\n\t\t\tsym->dir_dep.tri);' });
    expect([young.implyForbidsModule, young.implyObeysDependencies]).toEqual([false, true]);
  });
});
