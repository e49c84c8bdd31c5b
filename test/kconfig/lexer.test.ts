import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { helpText } from '../../src/kconfig/help.ts';
import { Lexer } from '../../src/kconfig/lexer.ts';
import { Preprocessor } from '../../src/kconfig/preprocess.ts';
import { Token, type TokenKind } from '../../src/kconfig/tokens.ts';
import { modern } from './kconfig.ts';

const names = new Map(Object.entries(Token).map(([name, kind]) => [kind as TokenKind, name]));

function lexer(text: string) {
  const warnings: string[] = [];
  const preprocessor = new Preprocessor({
    environment: { ARCH: 'x86', NOTHING: '', TWO: 'a b' },
    position: () => ({ file: 'Kconfig', line: 0 }),
    shell: () => '',
    blocked: () => undefined,
    unsettled: () => undefined,
    fail: (reason) => {
      throw new Error(reason);
    },
    warn: () => undefined,
    info: () => undefined,
  });
  const instance = new Lexer('Kconfig', text, modern, preprocessor, ({ line }, message) => {
    warnings.push(`${line}: ${message}`);
  });
  return { instance, warnings };
}

/** All tokens; those with a text as `kind:text`. */
function tokens(text: string): string[] {
  const { instance } = lexer(text);
  const out: string[] = [];
  for (let kind = instance.next(); kind !== Token.end; kind = instance.next()) {
    const hasText = kind === Token.word || kind === Token.quoted || kind === Token.assigned;
    out.push(hasText ? `${names.get(kind)}:${instance.value}` : (names.get(kind) ?? ''));
  }
  return out;
}

describe('tokens', () => {
  it('knows keywords wherever they stand', () => {
    expect(tokens('config on\n\tdef_bool y # no\n')).toEqual([
      'config',
      'on',
      'eol',
      'defBool',
      'word:y',
      'eol',
    ]);
  });

  it('tells the operators apart', () => {
    expect(tokens('if !A||B&&(C!=D)<E<=F>G>=H=I\n')).toEqual([
      'if',
      'not',
      'word:A',
      'or',
      'word:B',
      'and',
      'open',
      'word:C',
      'unequal',
      'word:D',
      'close',
      'less',
      'word:E',
      'lessEqual',
      'word:F',
      'greater',
      'word:G',
      'greaterEqual',
      'word:H',
      'equal',
      'word:I',
      'eol',
    ]);
  });

  it('joins lines at a backslash and skips empty ones', () => {
    expect(tokens('\n\n  \n# x\nselect A \\\n  if B\n\n')).toEqual([
      'select',
      'word:A',
      'if',
      'word:B',
      'eol',
    ]);
  });

  it('takes quotes of both kinds, escapes and macros in them', () => {
    expect(tokens(`prompt "a \\"b\\" 'c' $(ARCH)"\n`)).toEqual([
      'prompt',
      `quoted:a "b" 'c' x86`,
      'eol',
    ]);
    expect(tokens(`default 'x"y'\n`)).toEqual(['default', 'quoted:x"y', 'eol']);
  });

  it('expands macros in words and does not look at the expansion again', () => {
    expect(tokens('source arch-$(ARCH)-$(TWO)/x\n')).toEqual([
      'source',
      'word:arch-x86-a b',
      'word:x',
      'eol',
    ]);
    expect(tokens('bool $(NOTHING)\n')).toEqual(['bool', 'eol']);
  });

  it('keeps the rest of the line of an assignment as it is', () => {
    expect(tokens('cc-option = $(success,$(CC) -c $(1))  \nx:=\ny += "a" # b\n')).toEqual([
      'word:cc-option',
      'equal',
      'assigned:$(success,$(CC) -c $(1))  ',
      'eol',
      'word:x',
      'colonEqual',
      'eol',
      'word:y',
      'plusEqual',
      'assigned:"a" # b',
      'eol',
    ]);
  });

  it('warns of what it cannot use', () => {
    const { instance, warnings } = lexer('config A; %\nprompt "open\nbool');
    while (instance.next() !== Token.end);
    expect(warnings).toEqual([
      "1: ignoring unsupported character ';'",
      "1: ignoring unsupported character '%'",
      '2: multi-line strings not supported',
      '3: no new line at end of file',
    ]);
  });

  it('tells the line in which a statement begins', () => {
    const { instance } = lexer('\nconfig \\\n A\n\n\tbool\n');
    const lines: number[] = [];
    while (instance.next() !== Token.end) lines.push(instance.statementLine);
    expect(lines).toEqual([2, 2, 2, 5, 5]);
  });

  it('ends for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'aB_"\'\\$(), \t\n#=!<>|&') }), (text) => {
        try {
          expect(tokens(text).length).toBeLessThanOrEqual(2 * text.length + 1);
        } catch (error) {
          expect(String(error)).toMatch(/unterminated|too many|Recursive/);
        }
      }),
    );
  });
});

describe('help', () => {
  function help(text: string): { text: string; next: string; line: number } {
    const { instance } = lexer(`help\n${text}`);
    instance.next();
    instance.next();
    instance.startHelp();
    instance.next();
    const raw = instance.value;
    const kind = instance.next();
    const next = kind === Token.word ? instance.value : (names.get(kind) ?? '');
    return { text: helpText(raw).trimEnd(), next, line: instance.statementLine };
  }

  it('ends where the indent is less than that of its first line', () => {
    expect(help('\t  one\n\t    two\n\n\tthree\nconfig\n')).toEqual({
      text: 'one\n  two',
      next: 'three',
      line: 5,
    });
  });

  it('ends at a line that is not indented at all', () => {
    expect(help('  one\n  # two\nfoo\n')).toEqual({ text: 'one\n# two', next: 'foo', line: 4 });
  });

  it('may be empty', () => {
    expect(help('\nfoo\n')).toEqual({ text: '', next: 'foo', line: 3 });
  });

  it('may be the last thing in the file', () => {
    expect(help('  one')).toEqual({ text: 'one', next: 'end', line: 2 });
  });
});
