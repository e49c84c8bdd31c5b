import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseConfig, writeConfig } from '../../src/kconfig/index.ts';
import { classic, configured, read, symbol } from './kconfig.ts';

const text =
  'mainmenu "Test/$(ARCH)"\nconfig B\n\tbool "b"\nconfig T\n\ttristate "t"\nconfig MODULES\n\tbool "m"\n\tmodules\n\tdefault y\n' +
  'config N\n\tint "n"\nconfig H\n\thex "h"\nconfig S\n\tstring "s"\n';

async function assigned(config: string, dialect = classic) {
  const kconfig = await read(text, { dialect });
  const input = parseConfig(config, kconfig);
  return {
    values: Object.fromEntries([...input.assignments].map(([{ name }, value]) => [name, value])),
    warnings: input.warnings.map(({ line, kind, message }) => `${line} ${kind}: ${message}`),
    outdated: input.outdated,
  };
}

describe('reading', () => {
  it('takes the lines that conf takes', async () => {
    expect(
      await assigned(
        'CONFIG_B=y\r\n# CONFIG_T is not set\n#CONFIG_N=1\n\nCONFIG_N=-5\nCONFIG_H=1f\nCONFIG_S="a \\"b\\\\ c" d\n',
      ),
    ).toEqual({
      values: { B: 'y', T: 'n', N: '-5', H: '1f', S: 'a "b\\ c' },
      warnings: [],
      outdated: false,
    });
  });

  it.each([
    ['CONFIG_NONE=y\n', '1 unknown-symbol: unknown symbol: NONE'],
    ['CONFIG_B=m\n', "1 invalid-value: symbol value 'm' invalid for B"],
    ['\nCONFIG_N=0x1\n', "2 invalid-value: symbol value '0x1' invalid for N"],
    ['CONFIG_S="open\n', '1 invalid-value: invalid string found'],
    ['CONFIG_B=y\nCONFIG_B=n\n', '2 reassigned: override: reassigning to symbol B'],
    ['<<<<<<< mine\n', '1 unexpected-data: unexpected data: <<<<<<< mine'],
    ['# CONFIG_N is not set\n', "1 invalid-value: symbol value 'n' invalid for N"],
  ])('warns of %j', async (config, warning) => {
    const { warnings, outdated } = await assigned(config);
    expect(warnings).toEqual([warning]);
    expect(outdated).toBe(true);
  });

  it('ignores a string without quotes', async () => {
    expect(await assigned('CONFIG_S=abc\n')).toMatchObject({ values: {}, warnings: [] });
  });

  it('is stricter in newer kernels', async () => {
    const config = '# CONFIG_B is not set, really\nCONFIG_T\n';
    const strict = (await read(text)).dialect;
    expect(await assigned(config)).toMatchObject({ values: { B: 'n' }, warnings: [] });
    expect(await assigned(config, strict)).toMatchObject({
      values: {},
      warnings: ['2 unexpected-data: unexpected data: CONFIG_T'],
    });
  });

  it('lets the last of several assignments win', async () => {
    expect((await assigned('CONFIG_T=m\nCONFIG_B=y\nCONFIG_T=y\n')).values).toEqual({
      B: 'y',
      T: 'y',
    });
  });

  it('warns where the members of a classic choice contradict each other', async () => {
    const kconfig = await read(
      `${text}choice\n\ttristate "c"\nconfig X\n\ttristate "x"\nconfig Y\n\ttristate "y"\nendchoice\n`,
      { dialect: classic },
    );
    const warningsOf = (config: string) =>
      parseConfig(config, kconfig).warnings.map((w) => w.message);
    expect(warningsOf('CONFIG_X=y\nCONFIG_Y=y\n')).toEqual(['override: Y changes choice state']);
    expect(warningsOf('CONFIG_X=y\nCONFIG_Y=m\n')).toEqual(['Y creates inconsistent choice state']);
  });
});

describe('writing', () => {
  it('frames menus and comments as conf does', async () => {
    const kconfig = await read(
      `${text}menu "One"\nconfig O\n\tbool "o"\nendmenu\ncomment "Seen"\ncomment "Unseen"\n\tdepends on B\n` +
        'menu "Empty"\nendmenu\nmenu "Hidden"\n\tvisible if B\nconfig P\n\tbool "p"\n\tdefault y\nendmenu\nconfig Q\n\tbool "q"\nconfig O\n\tbool\n',
      { environment: { ARCH: 'x86' } },
    );
    expect(writeConfig(configured(kconfig, 'CONFIG_S="a\\"b\\\\"\n'))).toBe(
      '#\n# Automatically generated file; DO NOT EDIT.\n# Test/x86\n#\n# CONFIG_B is not set\n# CONFIG_T is not set\n' +
        'CONFIG_MODULES=y\nCONFIG_N=0\nCONFIG_H=0x0\nCONFIG_S="a\\"b\\\\"\n\n#\n# One\n#\n# CONFIG_O is not set\n# end of One\n' +
        '\n#\n# Seen\n#\n\n#\n# Empty\n#\n# end of Empty\n\nCONFIG_P=y\n# CONFIG_Q is not set\n',
    );
  });

  it('leaves out the end of empty menus where older kernels do', async () => {
    const dialect = { ...classic, closesEmptyMenus: false };
    const kconfig = await read('menu "Empty"\nendmenu\n', { dialect });
    expect(writeConfig(configured(kconfig))).not.toContain('end of');
  });

  it('refuses a configuration of another making', async () => {
    const kconfig = await read(text);
    const imitation = { ...configured(kconfig) };
    expect(() => writeConfig(imitation as ReturnType<typeof configured>)).toThrow(TypeError);
  });

  it('writes strings so that they are read back', async () => {
    const kconfig = await read(text);
    const strings = fc.string({ unit: 'grapheme' }).filter((value) => !/[\r\n\0]/.test(value));
    fc.assert(
      fc.property(strings, (value) => {
        const state = configured(kconfig);
        state.set(symbol(kconfig, 'S'), value);
        const again = configured(kconfig, writeConfig(state));
        expect(again.get(symbol(kconfig, 'S'))).toBe(value);
      }),
    );
  });

  it('reads any text without failing', async () => {
    const kconfig = await read(text);
    const unit = fc.constantFrom(
      'CONFIG_',
      'S',
      'N',
      'B',
      '=',
      '"',
      '\\',
      '#',
      ' ',
      'is not set',
      '\n',
      'y',
      '1',
    );
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 60 }), (config) => {
        const once = writeConfig(configured(kconfig, config));
        expect(writeConfig(configured(kconfig, once))).toBe(once);
      }),
    );
  });
});
