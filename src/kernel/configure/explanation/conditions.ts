import type { Configuration, Expression, KconfigSymbol, Tristate } from '../../../kconfig/index.ts';

/** The operands of the outermost `&&`, each of which has to hold. */
function conjuncts(expression: Expression | undefined): Expression[] {
  if (expression === undefined) return [];
  if (expression.kind !== 'and') return [expression];
  return [...conjuncts(expression.left), ...conjuncts(expression.right)];
}

/** The parts of a condition that keep it below a level, each once. */
export function failingParts(
  condition: Expression | undefined,
  level: Tristate,
  values: Configuration,
): Expression[] {
  return conjuncts(condition).filter((part) => values.evaluate(part) < level);
}

/** A symbol of a condition, and whether the condition asks for more or for less of it. */
export interface Mention {
  readonly symbol: KconfigSymbol;
  readonly wants: 'more' | 'less';
}

/** The symbols of a condition that would have to change for it to reach a level, as it stands. */
export function obstacles(
  expression: Expression,
  level: Tristate,
  values: Configuration,
  wants: 'more' | 'less' = 'more',
): Mention[] {
  switch (expression.kind) {
    case 'symbol': {
      const { symbol } = expression;
      if (symbol.constant) return [];
      const is = values.tristate(symbol);
      const isInTheWay = wants === 'more' ? is < level : is > 0;
      return isInTheWay ? [{ symbol, wants }] : [];
    }
    case 'not':
      return obstacles(expression.operand, level, values, wants === 'more' ? 'less' : 'more');
    case 'and':
    case 'or':
      return [
        ...obstacles(expression.left, level, values, wants),
        ...obstacles(expression.right, level, values, wants),
      ];
    default: {
      const { kind, left, right } = expression;
      return [left, right]
        .filter(({ constant }) => !constant)
        .map((symbol) => ({
          symbol,
          wants: (kind === 'eq') === (right.name === 'n' || left.name === 'n') ? 'less' : 'more',
        }));
    }
  }
}
