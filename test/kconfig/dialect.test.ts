import { describe, expect, it } from 'vitest';
import { detectDialect } from '../../src/kconfig/dialect.ts';
import { KconfigSyntaxError, writeConfig } from '../../src/kconfig/index.ts';
import { type DialectCase, dialectCases } from './dialect-cases.ts';
import { configured, el6, el7, modern, read } from './kconfig.ts';

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

describe('the heading of .config', () => {
  const text =
    'mainmenu "Linux/$ARCH $KERNELVERSION Kernel Configuration"\nconfig ARCH\n\tstring\n\toption env="ARCH"\n' +
    'config KERNELVERSION\n\tstring\n\toption env="KERNELVERSION"\n';
  const make = "# Automatically generated make config: don't edit";
  it.each([
    ['2.6.32 (EL 6), to 2.6.36', el6, make, '# Linux kernel version: 2.6.38'],
    [
      '2.6.37 to 2.6.39',
      { ...el7, makeHeading: true },
      make,
      '# Linux/x86 2.6.38 Kernel Configuration',
    ],
    [
      '3.0 on',
      el7,
      '# Automatically generated file; DO NOT EDIT.',
      '# Linux/x86 2.6.38 Kernel Configuration',
    ],
  ])('of %s', async (_, dialect, notice, title) => {
    const environment = { ARCH: 'x86', KERNELVERSION: '2.6.38' };
    const config = writeConfig(configured(await read(text, { dialect, environment })));
    expect(config.split('\n').slice(0, 4)).toEqual(['#', notice, title, '#']);
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

  it.each([
    ['2.6.36', 'sym = sym_lookup("KERNELVERSION", 0);', 'Linux kernel version: %s', true, true],
    ['2.6.38', 'time(&now);', '%s', true, false],
  ])('knows the heading of %s', (_, before, title, makeHeading, versionHeading) => {
    const source = `${before}\nfprintf(out, _("#\\n"\n"# Automatically generated make config: don't edit\\n"\n"# ${title}\\n"`;
    expect(found({ 'confdata.c': source })).toMatchObject({ makeHeading, versionHeading });
  });

  it('knows how imply works', () => {
    const old = found({ 'symbol.c': '(… || sym->implied.tri == yes)' });
    expect([old.implyForbidsModule, old.implyObeysDependencies]).toEqual([true, false]);
    const young = found({ 'symbol.c': 'EXPR_AND(newval.tri,\n\t\t\tsym->dir_dep.tri);' });
    expect([young.implyForbidsModule, young.implyObeysDependencies]).toEqual([false, true]);
  });
});
