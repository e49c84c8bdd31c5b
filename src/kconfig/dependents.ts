import type { Expression, KconfigSymbol } from './model.ts';

/**
 * For every symbol, by its index, those that refer to it in what makes their value or visibility;
 * each once. Of constants nothing is noted: they do not change.
 */
export function findDependents(
  symbols: readonly KconfigSymbol[],
): readonly (readonly KconfigSymbol[])[] {
  const dependents = symbols.map((): KconfigSymbol[] => []);
  /** The last symbol that each has been noted for, by its index. */
  const notedFor = new Int32Array(symbols.length).fill(-1);

  const note = (mentioned: KconfigSymbol, by: KconfigSymbol): void => {
    const { index, constant } = mentioned;
    if (constant || notedFor[index] === by.index) return;
    notedFor[index] = by.index;
    dependents[index]?.push(by);
  };
  const noteAll = (expression: Expression | undefined, by: KconfigSymbol): void => {
    let rest = expression;
    while (rest !== undefined) {
      switch (rest.kind) {
        case 'symbol':
          note(rest.symbol, by);
          return;
        case 'not':
          rest = rest.operand;
          break;
        case 'and':
        case 'or':
          noteAll(rest.right, by);
          rest = rest.left;
          break;
        default:
          note(rest.left, by);
          note(rest.right, by);
          return;
      }
    }
  };

  for (const symbol of symbols) {
    const { directDependency } = symbol;
    noteAll(directDependency, symbol);
    noteAll(symbol.reverseDependency, symbol);
    noteAll(symbol.weakReverseDependency, symbol);
    for (const property of symbol.properties) {
      if (property.kind === 'select' || property.kind === 'imply') continue;
      if (property.condition !== directDependency) noteAll(property.condition, symbol);
      if (property.kind === 'default') noteAll(property.value, symbol);
      if (property.kind === 'range') {
        note(property.low, symbol);
        note(property.high, symbol);
      }
    }
    // Members of a choice decide together.
    if (symbol.choice) note(symbol.choice, symbol);
    for (const member of symbol.members) note(member, symbol);
  }
  return dependents;
}
