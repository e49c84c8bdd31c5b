import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  containsSymbol,
  dependsOnSymbol,
  expressionToString,
  symbolExpression,
} from '../../src/kconfig/expression.ts';
import type { Expression, KconfigSymbol, Tristate } from '../../src/kconfig/index.ts';
import { Simplifier } from '../../src/kconfig/simplify.ts';
import { SymbolTable } from '../../src/kconfig/symbols.ts';

const table = new SymbolTable(true);
const [a, b, c, d] = ['A', 'B', 'C', 'D'].map((name) => table.symbol(name));
if (!a || !b || !c || !d) throw new Error('no symbols');
a.type = 'bool';
b.type = 'bool';
c.type = 'tristate';
d.type = 'tristate';
const variables: readonly KconfigSymbol[] = [a, b, c, d];
const constants: readonly KconfigSymbol[] = [table.no, table.mod, table.yes];

const { expression } = fc.letrec<{ expression: Expression }>((tie) => ({
  expression: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(...variables, ...constants).map(symbolExpression),
    fc.record({
      kind: fc.constantFrom('eq' as const, 'ne' as const),
      left: fc.constantFrom(...variables),
      right: fc.constantFrom(...constants),
    }),
    fc.record({ kind: fc.constant('not' as const), operand: tie('expression') }),
    fc.record({
      kind: fc.constantFrom('and' as const, 'or' as const),
      left: tie('expression'),
      right: tie('expression'),
    }),
  ),
}));

type Values = ReadonlyMap<KconfigSymbol, Tristate>;

function levelOf(expr: Expression, values: Values): Tristate {
  const value = (symbol: KconfigSymbol): Tristate => values.get(symbol) ?? 0;
  switch (expr.kind) {
    case 'symbol':
      return value(expr.symbol);
    case 'not':
      return (2 - levelOf(expr.operand, values)) as Tristate;
    case 'and':
      return Math.min(levelOf(expr.left, values), levelOf(expr.right, values)) as Tristate;
    case 'or':
      return Math.max(levelOf(expr.left, values), levelOf(expr.right, values)) as Tristate;
    case 'eq':
      return value(expr.left) === value(expr.right) ? 2 : 0;
    default:
      return value(expr.left) !== value(expr.right) ? 2 : 0;
  }
}

/** Every assignment of the four symbols. */
function* assignments(): Generator<Values> {
  const levels: readonly Tristate[] = [0, 1, 2];
  for (const va of [0, 2] as const)
    for (const vb of [0, 2] as const)
      for (const vc of levels)
        for (const vd of levels) {
          yield new Map<KconfigSymbol, Tristate>([
            [table.mod, 1],
            [table.yes, 2],
            [a as KconfigSymbol, va],
            [b as KconfigSymbol, vb],
            [c as KconfigSymbol, vc],
            [d as KconfigSymbol, vd],
          ]);
        }
}

describe('simplification', () => {
  const simplifier = new Simplifier(table, false, () => undefined);
  const classic = new Simplifier(table, true, () => undefined);

  it.each([
    ['transform', (expr: Expression) => simplifier.transform(expr)],
    ['eliminateDuplicates', (expr: Expression) => simplifier.eliminateDuplicates(expr)],
    ['both', (expr: Expression) => simplifier.eliminateDuplicates(simplifier.transform(expr))],
    ['the classic way', (expr: Expression) => classic.eliminateDuplicates(classic.transform(expr))],
  ])('keeps the value: %s', (_, simplify) => {
    fc.assert(
      fc.property(expression, (expr) => {
        const simple = simplify(expr);
        for (const values of assignments())
          expect(levelOf(simple, values)).toBe(levelOf(expr, values));
      }),
      { numRuns: 400 },
    );
  });

  it.each([
    ['A', 'A!=n'],
    ['!A', 'A=n'],
    ['A && B', '!(A=n || B=n)'],
    ['A || B', '!(A=n && B=n)'],
    ['A=y', 'A=y'],
  ])('compares with n through all operators: %s becomes %s', (text, compared) => {
    expect(expressionToString(simplifier.notNo(parse(text)))).toBe(compared);
  });

  it.each([
    ['A && B && A', 'B && A'],
    ['A || !A', 'y'],
    ['C=y || C=m', 'C!=n'],
    ['C && C=y', 'C=y'],
    ['C!=y && C!=n', 'C=m'],
    ['!(A || B)', '!A && !B'],
    ['A=n', '!A'],
    ['A && (B || n) && y', 'A && B'],
  ])('makes of %s: %s', (text, simple) => {
    const parsed = parse(text);
    const result = simplifier.eliminateDuplicates(simplifier.transform(parsed));
    expect(expressionToString(result)).toBe(simple);
  });
});

/** A parser for these tests: the real one wants a whole file. */
function parse(text: string): Expression {
  const parts = text.match(/\|\||&&|!=|=|!|\(|\)|\w+/g) ?? [];
  const symbolOf = (name = ''): KconfigSymbol => table.symbol(name);
  const term = (): Expression => {
    const part = parts.shift();
    if (part === '!') return { kind: 'not', operand: term() };
    if (part === '(') {
      const inner = disjunction();
      parts.shift();
      return inner;
    }
    const left = symbolOf(part);
    if (parts[0] !== '=' && parts[0] !== '!=') return symbolExpression(left);
    return { kind: parts.shift() === '=' ? 'eq' : 'ne', left, right: symbolOf(parts.shift()) };
  };
  const conjunction = (): Expression => {
    let left = term();
    while (parts[0] === '&&') {
      parts.shift();
      left = { kind: 'and', left, right: term() };
    }
    return left;
  };
  const disjunction = (): Expression => {
    let left = conjunction();
    while (parts[0] === '||') {
      parts.shift();
      left = { kind: 'or', left, right: conjunction() };
    }
    return left;
  };
  return disjunction();
}

describe('the text of an expression', () => {
  it('means the same when it is read again', () => {
    fc.assert(
      fc.property(expression, (expr) => {
        const again = parse(expressionToString(expr));
        for (const values of assignments())
          expect(levelOf(again, values)).toBe(levelOf(expr, values));
      }),
    );
  });

  it('is y for none', () => {
    expect(expressionToString(undefined)).toBe('y');
  });
});

describe('what an expression asks of a symbol', () => {
  it.each([
    ['A && B', true, true],
    ['A || B', true, false],
    ['!A', true, false],
    ['A=y && B', true, true],
    ['A!=n', true, true],
    ['A=n', true, false],
    ['B', false, false],
  ])('%s: contains %s, depends %s', (text, contains, depends) => {
    const expr = parse(text);
    expect(containsSymbol(expr, a)).toBe(contains);
    expect(dependsOnSymbol(expr, a)).toBe(depends);
  });
});
