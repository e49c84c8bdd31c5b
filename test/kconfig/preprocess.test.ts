import { describe, expect, it } from 'vitest';
import { Preprocessor } from '../../src/kconfig/preprocess.ts';

function preprocessor(answers: Readonly<Record<string, string>> = {}) {
  const asked: string[] = [];
  const warnings: string[] = [];
  const messages: string[] = [];
  const macros = new Preprocessor({
    environment: { ARCH: 'x86', EMPTY: '' },
    position: () => ({ file: 'arch/Kconfig', line: 7 }),
    shell: (command) => {
      asked.push(command);
      return answers[command];
    },
    blocked: () => asked.push('blocked'),
    unsettled: () => asked.push('unsettled'),
    fail: (reason) => {
      throw new Error(reason);
    },
    warn: (message) => warnings.push(message),
    info: (message) => messages.push(message),
  });
  return { macros, asked, warnings, messages };
}

describe('variables', () => {
  it('expands recursive ones late and simple ones at once', () => {
    const { macros } = preprocessor();
    macros.assign('late', '=', '$(x)');
    macros.assign('early', ':=', '$(x)');
    macros.assign('x', ':=', '1');
    expect(macros.expand('[$(late)] [$(early)]')).toBe('[1] []');
  });

  it('appends in the flavour that the variable has', () => {
    const { macros } = preprocessor();
    macros.assign('s', ':=', 'a');
    macros.assign('r', '+=', '$(y)');
    macros.assign('s', '+=', '$(y)');
    macros.assign('y', '=', 'late');
    expect(macros.expand('$(s)|$(r)')).toBe('a |late');
  });

  it('takes the environment when there is no such variable, else nothing', () => {
    const { macros } = preprocessor();
    expect(macros.expand('$(ARCH)/$(EMPTY)/$(NONE)')).toBe('x86//');
    macros.assign('ARCH', '=', 'arm');
    expect(macros.expand('$(ARCH)')).toBe('arm');
  });

  it('hands arguments to functions of the tree’s own', () => {
    const { macros } = preprocessor();
    macros.assign('greet', '=', 'Hello $(1)$(2)!');
    expect(macros.expand('$(greet,you)')).toBe('Hello you!');
    expect(macros.expand('$(greet,$(ARCH),$(greet,(a,b)))')).toBe('Hello x86Hello (a,b)!!');
  });

  it('keeps a dollar that begins no reference', () => {
    const { macros } = preprocessor();
    macros.assign('d', ':=', '$');
    expect(macros.expand('$ $$ $x $[y] $(d)(z)')).toBe('$ $$ $x $[y] $(z)');
  });

  it.each([
    ['$(a', "unterminated reference to 'a': missing ')'"],
    ['$(loop)', "Recursive variable 'loop' references itself (eventually)"],
    ['$(deep,1)', 'Too deep recursive expansion'],
    ['$(error-if,y,stop here)', 'stop here'],
    ['$(shell)', "too few function arguments passed to 'shell'"],
    ['$(filename,1)', "too many function arguments passed to 'filename'"],
    [`$(f,${','.repeat(16)})`, 'too many function arguments'],
  ])('refuses %s', (text, reason) => {
    const { macros } = preprocessor();
    macros.assign('loop', '=', '$(other)');
    macros.assign('other', '=', '$(loop)');
    macros.assign('deep', '=', '$(deep,$(1))');
    expect(() => macros.expand(text)).toThrow(reason);
  });
});

describe('built-in functions', () => {
  it('say, warn, and know where they are', () => {
    const { macros, warnings, messages } = preprocessor();
    expect(
      macros.expand('$(info,a b)$(warning-if,y,w)$(warning-if,n,x)$(filename):$(lineno)'),
    ).toBe('arch/Kconfig:7');
    expect(messages).toEqual(['a b']);
    expect(warnings).toEqual(['w']);
  });

  it('asks for no command that is made of an answer not yet known', () => {
    const { macros, asked } = preprocessor();
    macros.assign('version', ':=', '$(shell,cc --version)');
    macros.expand('$(shell,test $(version)) $(shell,test $(shell,inner)) $(shell,other)');
    expect(asked).toEqual(['cc --version', 'blocked', 'inner', 'blocked', 'other']);
  });

  it('asks for none through a function that is handed such an answer', () => {
    const { macros, asked } = preprocessor();
    macros.assign('version', ':=', '$(shell,cc --version)');
    macros.assign('success', '=', '$(shell,$(2) && echo $(1))');
    macros.assign('deeper', '=', '$(success,$(2),$(1))');
    macros.expand('$(deeper,test $(version),y) $(deeper,true,y) $(success,$(version),true)');
    expect(asked).toEqual(['cc --version', 'blocked', 'true && echo y', 'blocked']);
  });

  it('asks for it once the answer is known', () => {
    const { macros, asked } = preprocessor({ 'cc --version': '12', 'test 12': 'y' });
    macros.assign('version', ':=', '$(shell,cc --version)');
    expect(macros.expand('$(shell,test $(version))')).toBe('y');
    expect(asked).toEqual(['cc --version', 'test 12']);
  });
});
