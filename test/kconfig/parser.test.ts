import { describe, expect, it } from 'vitest';
import { expressionToString, KconfigSyntaxError, type MenuNode } from '../../src/kconfig/index.ts';
import { classic, read, symbol } from './kconfig.ts';

async function failure(
  files: string | Readonly<Record<string, string>>,
  options: Parameters<typeof read>[1] = {},
): Promise<KconfigSyntaxError> {
  try {
    await read(files, options);
  } catch (error) {
    if (error instanceof KconfigSyntaxError) return error;
    throw error;
  }
  throw new Error('was read without an error');
}

/** The menu tree as nested names. */
function shape({ children }: MenuNode): unknown[] {
  return children.map((child) => {
    const name = child.symbol?.name ?? child.prompt?.text ?? 'if';
    return child.children.length > 0 ? [name, ...shape(child)] : name;
  });
}

describe('errors', () => {
  it.each([
    [
      'config A\n\tbool foo\n',
      'Kconfig:2: syntax error: found "foo", expected the end of the line',
    ],
    ['config\n', 'Kconfig:1: syntax error: found the end of the line, expected a name'],
    ['config A\n\tselect "B"\n', 'Kconfig:2: syntax error: found "B", expected a name'],
    ['\nfoo bar\n', 'Kconfig:2: unknown statement "foo"'],
    ['endmenu\n', "Kconfig:1: syntax error: found 'endmenu', expected a statement"],
    ['menu "m"\nendif\n', "Kconfig:2: unexpected 'if' within menu block"],
    ['if A\nconfig B\n\tbool\n', 'Kconfig:1: missing end statement for this entry'],
    ['config A\n\tbool\n\tdepends A\n', `Kconfig:3: syntax error: found "A", expected 'on'`],
    [
      'config A\n\tbool\n\tdepends on (A\n',
      "Kconfig:3: syntax error: found the end of the line, expected ')'",
    ],
    ['source "none"\n', `Kconfig:1: can't open file "none"`],
    [
      'config A\n\tbool\n\tmodules\nconfig B\n\tbool\n\tmodules\n',
      "Kconfig:6: symbol 'B' redefines option 'modules' already defined by symbol 'A'",
    ],
    ['choice\nendchoice\n', 'Kconfig:1: error: choice must have a prompt'],
    [
      'choice\n\tprompt "c"\nconfig A\n\tbool\nendchoice\n',
      'Kconfig:3: error: choice member must have a prompt',
    ],
    [
      'choice\n\tprompt "c"\nconfig A\n\ttristate "a"\nendchoice\n',
      'Kconfig:3: error: choice member must be bool',
    ],
    [
      'choice\n\tprompt "c"\n\toptional\nendchoice\n',
      'Kconfig:3: syntax error: found "optional", expected config, comment or if, as a choice can hold nothing else,',
    ],
  ])('names the place in %j', async (text, message) => {
    expect((await failure(text)).message).toBe(message);
  });

  it('names the files that led to the place', async () => {
    const error = await failure({
      Kconfig: '# x\nsource "a/Kconfig"\n',
      'a/Kconfig': 'source "b/Kconfig"\n',
      'b/Kconfig': '\n\nconfig\n',
    });
    expect(error.file).toBe('b/Kconfig');
    expect(error.line).toBe(3);
    expect(error.includedFrom).toEqual([
      { file: 'a/Kconfig', line: 1 },
      { file: 'Kconfig', line: 2 },
    ]);
  });

  it('sees a file that includes itself', async () => {
    const files = {
      Kconfig: 'source "a"\n',
      a: '\nsource "b"\n',
      b: 'source "a"\n',
    };
    expect((await failure(files)).diagnostics).toBe(
      'Recursive inclusion detected.\nInclusion path:\n  current file : a\n' +
        '  included from: b:1\n  included from: a:2\n  included from: Kconfig:1\n',
    );
    expect((await failure(files, { dialect: classic })).diagnostics).not.toContain('Kconfig:1');
  });

  it('wants the end of a block in the file of its beginning', async () => {
    const error = await failure({ Kconfig: 'menu "m"\nsource "a"\n', a: 'endmenu\n' });
    expect(error.message).toBe("a:1: 'menu' in different file than 'menu' (which is at Kconfig:1)");
  });

  it('stops where the tree itself says so', async () => {
    const error = await failure('\n$(error-if,y,no compiler)\n');
    expect(error.message).toBe('Kconfig:2: no compiler');
  });
});

describe('statements', () => {
  it('keeps prompts, defaults, selects, ranges with place and condition', async () => {
    const kconfig = await read(
      'config A\n\tint "a" if X\n\tdefault 3 if Y\n\tdefault 5\n\trange 1 9 if Z\n' +
        'config B\n\ttristate\n\tselect C if X=y\n\timply D\n\tdepends on E || !F && "x" != G\n',
    );
    const a = symbol(kconfig, 'A');
    expect(a.type).toBe('int');
    expect(a.prompts[0]).toMatchObject({ text: 'a', location: { file: 'Kconfig', line: 2 } });
    expect(expressionToString(a.prompts[0]?.condition)).toBe('X');
    expect(a.defaults.map(({ value }) => expressionToString(value))).toEqual(['3', '5']);
    expect(a.ranges[0]).toMatchObject({ low: { name: '1' }, high: { name: '9' } });
    const b = symbol(kconfig, 'B');
    expect(expressionToString(b.directDependency)).toBe('E || !F && x!=G');
    expect(symbol(kconfig, 'C').selectedBy[0]).toMatchObject({ source: b, location: { line: 8 } });
    expect(symbol(kconfig, 'D').impliedBy[0]?.source).toBe(b);
  });

  it('sees variables from the next line on', async () => {
    const kconfig = await read('v := A\nconfig $(v)\n\tbool\nv := B\nconfig $(v)_X\n\tbool\n');
    expect([...kconfig.symbols.keys()]).toEqual(['A', 'B_X']);
  });

  it('goes on behind an included file', async () => {
    const kconfig = await read(
      {
        Kconfig: 'source "$(DIR)/Kconfig"\nconfig B\n\tbool "b"\n',
        'x/Kconfig': 'config A\n\tbool "a"',
      },
      { environment: { DIR: 'x' } },
    );
    expect(shape(kconfig.root)).toEqual(['A', 'B']);
    expect(kconfig.files).toEqual(['Kconfig', 'x/Kconfig']);
  });

  it('collects remarks', async () => {
    const kconfig = await read(
      'config A\n\tbool " a"\n\tint\n\tselect S\nconfig S\n\tstring\nmenuconfig M\n\tbool\nconfig N\n\thelp\n\n' +
        'config R\n\tbool\n\trange 1 2\n$(warning-if,y,careful)\n',
    );
    expect(
      kconfig.warnings.map(({ kind, location, message }) => `${kind} ${location.line} ${message}`),
    ).toEqual([
      'remark 2 leading whitespace ignored',
      "remark 1 ignoring type redefinition of 'A' from 'bool' to 'integer'",
      'remark 9 menuconfig statement without prompt',
      "remark 12 'N' defined with blank help text",
      'macro 15 careful',
      "remark 4 'S' has wrong type. 'select' only accept arguments of bool and tristate type",
      'remark 9 config symbol defined without type',
      'remark 14 range is only allowed for int or hex symbols',
      'remark 14 range is invalid',
    ]);
  });
});

describe('the menu tree', () => {
  it('makes submenus of what follows and depends', async () => {
    const kconfig = await read(
      'config A\n\tbool "a"\nconfig B\n\tbool "b"\n\tdepends on A\nconfig C\n\tbool "c"\n\tdepends on B\n' +
        'config D\n\tbool "d"\n\tdepends on A\nconfig E\n\tbool "e"\nconfig F\n\tbool "f"\n\tdepends on A\n',
    );
    expect(shape(kconfig.root)).toEqual([['A', ['B', 'C'], 'D'], 'E', 'F']);
  });

  it('takes in what asks for no less than the symbol’s own prompt', async () => {
    const kconfig = await read(
      'if R\nconfig A\n\tbool "a"\nconfig B\n\tbool "b"\n\tdepends on A || Q\nendif\nconfig R\n\tbool "r"\n',
    );
    expect(shape(kconfig.root)).toEqual(['if', ['A', 'B'], 'R']);
  });

  it('flattens ifs and symbols without prompt', async () => {
    const kconfig = await read(
      'menu "m"\nif X\nconfig A\n\tbool "a"\nendif\nconfig H\n\tbool\nconfig I\n\tbool "i"\n\tdepends on H\nendmenu\n',
    );
    expect(shape(kconfig.root)).toEqual([['m', 'if', 'A', 'H', 'I']]);
  });

  it('hands down dependencies and "visible if"', async () => {
    const kconfig = await read(
      'menu "m"\n\tdepends on D\n\tvisible if V\nif I\nconfig A\n\ttristate "a"\n\tdepends on m\n\tdefault y\nendif\nendmenu\n' +
        'config MODULES\n\tbool "m"\n\tmodules\n',
    );
    const a = symbol(kconfig, 'A');
    expect(expressionToString(a.directDependency)).toBe('D && I && m && MODULES');
    expect(expressionToString(a.prompts[0]?.condition)).toBe('D && I && m && MODULES && V');
    expect(expressionToString(a.defaults[0]?.condition)).toBe('D && I && m && MODULES');
    expect(a.menus[0]?.parent?.prompt?.text).toBe('m');
  });

  it('knows the members of a choice', async () => {
    const kconfig = await read(
      'choice\n\tprompt "c"\nconfig A\n\tbool "a"\nif X\nconfig B\n\tbool "b"\nendif\nendchoice\n',
    );
    expect(symbol(kconfig, 'A').choice?.members.map(({ name }) => name)).toEqual(['A', 'B']);
  });

  it('leaves out of a classic choice what is in a submenu of a member', async () => {
    const kconfig = await read(
      'choice\n\tprompt "c"\nconfig A\n\tbool "a"\nconfig B\n\tbool "b"\nconfig B_SUB\n\tbool "s"\n' +
        '\tdepends on B\nendchoice\n',
      { dialect: classic },
    );
    expect(symbol(kconfig, 'A').choice?.members.map(({ name }) => name)).toEqual(['A', 'B']);
    expect(symbol(kconfig, 'A').choice?.type).toBe('bool');
  });
});

describe('the recursion check', () => {
  const text =
    'config A\n\tbool\n\tdepends on B\nconfig B\n\tbool\nconfig C\n\tbool\n\tdepends on A\n\tselect B\n';
  const end =
    'For a resolution refer to Documentation/kbuild/kconfig-language.rst\n' +
    'subsection "Kconfig recursive dependency limitations"\n\n';

  it('names the symbols of a circle', async () => {
    const error = await failure(text);
    expect(error.reason).toBe(
      'recursive dependency: symbol A depends on B; symbol B is selected by C; symbol C depends on A',
    );
    expect(error.diagnostics).toContain('error: recursive dependency detected!\n\tsymbol A');
    expect(error.diagnostics.endsWith(end)).toBe(true);
  });

  it('names their places, too, where older kernels do', async () => {
    const error = await failure(text, { dialect: classic });
    expect(error.diagnostics).toMatch(/^Kconfig:\d:error: recursive dependency detected!\n/);
    expect(error.diagnostics).toContain('Kconfig:4:\tsymbol B is selected by C\n');
  });

  it('sees a condition that asks for the symbol itself', async () => {
    expect((await failure('config A\n\tbool\n\tdefault y if A\n')).reason).toBe(
      'recursive dependency: symbol A default is visible depending on A',
    );
  });
});
