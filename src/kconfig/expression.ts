import type { Comparison, Expression, KconfigSymbol } from './model.ts';

export function and(
  left: Expression | undefined,
  right: Expression | undefined,
): Expression | undefined {
  if (!left) return right;
  return right ? { kind: 'and', left, right } : left;
}

export function or(
  left: Expression | undefined,
  right: Expression | undefined,
): Expression | undefined {
  if (!left) return right;
  return right ? { kind: 'or', left, right } : left;
}

export function symbolExpression(symbol: KconfigSymbol): Expression {
  return { kind: 'symbol', symbol };
}

const comparisonText: Readonly<Record<Comparison, string>> = {
  eq: '=',
  ne: '!=',
  lt: '<',
  le: '<=',
  gt: '>',
  ge: '>=',
};

/** How tightly a kind binds: what stands inside something that binds tighter needs parentheses. */
function looseness(expression: Expression): number {
  switch (expression.kind) {
    case 'or':
      return 5;
    case 'and':
      return 4;
    case 'not':
      return 3;
    case 'eq':
    case 'ne':
      return 2;
    case 'symbol':
      return 0;
    default:
      return 1;
  }
}

/**
 * The expression in the notation of the Kconfig language, parenthesised as conf prints it
 * (expr_print() of expr.c); undefined is `y`.
 * @param label what to write for a symbol; the name unless given
 */
export function expressionToString(
  expression: Expression | undefined,
  label: (symbol: KconfigSymbol) => string = symbolName,
): string {
  if (!expression) return 'y';
  const inner = (part: Expression): string => {
    const text = expressionToString(part, label);
    return looseness(part) > looseness(expression) ? `(${text})` : text;
  };
  switch (expression.kind) {
    case 'symbol':
      return label(expression.symbol);
    case 'not':
      return `!${inner(expression.operand)}`;
    case 'and':
      return `${inner(expression.left)} && ${inner(expression.right)}`;
    case 'or':
      return `${inner(expression.left)} || ${inner(expression.right)}`;
    default: {
      const operator = comparisonText[expression.kind];
      return `${label(expression.left)}${operator}${label(expression.right)}`;
    }
  }
}

function symbolName(symbol: KconfigSymbol): string {
  return symbol.name ?? '<choice>';
}

/** Whether the expression mentions the symbol at all (expr_contains_symbol()). */
export function containsSymbol(expression: Expression | undefined, symbol: KconfigSymbol): boolean {
  if (!expression) return false;
  switch (expression.kind) {
    case 'symbol':
      return expression.symbol === symbol;
    case 'not':
      return containsSymbol(expression.operand, symbol);
    case 'and':
    case 'or':
      return containsSymbol(expression.left, symbol) || containsSymbol(expression.right, symbol);
    default:
      return expression.left === symbol || expression.right === symbol;
  }
}

/** Whether the expression is n whenever the symbol is (expr_depends_symbol()). */
export function dependsOnSymbol(
  expression: Expression | undefined,
  symbol: KconfigSymbol,
): boolean {
  if (!expression) return false;
  switch (expression.kind) {
    case 'and':
      return dependsOnSymbol(expression.left, symbol) || dependsOnSymbol(expression.right, symbol);
    case 'symbol':
      return expression.symbol === symbol;
    case 'eq':
      return expression.left === symbol && isConstant(expression.right, 'y', 'm');
    case 'ne':
      return expression.left === symbol && isConstant(expression.right, 'n');
    default:
      return false;
  }
}

function isConstant(symbol: KconfigSymbol, ...names: readonly string[]): boolean {
  return symbol.constant && names.includes(symbol.name ?? '');
}
