import type { Expression, KconfigSymbol } from '../../kconfig/index.ts';

/**
 * The symbols that a symbol's value may come from, each once: those in its prompts' conditions,
 * and, where no prompt can be seen, its selectors and defaults.
 */
export function influences(symbol: KconfigSymbol): Set<KconfigSymbol> {
  const found = new Set<KconfigSymbol>();
  for (const { condition } of symbol.prompts) collect(condition, found);
  for (const { source, condition } of [...symbol.selectedBy, ...symbol.impliedBy]) {
    found.add(source);
    collect(condition, found);
  }
  for (const { value, condition } of symbol.defaults) {
    collect(value, found);
    collect(condition, found);
  }
  found.delete(symbol);
  return found;
}

/** Adds the symbols that an expression mentions, without constants. */
export function collect(expression: Expression | undefined, into: Set<KconfigSymbol>): void {
  if (expression === undefined) return;
  switch (expression.kind) {
    case 'symbol':
      if (!expression.symbol.constant) into.add(expression.symbol);
      break;
    case 'not':
      collect(expression.operand, into);
      break;
    case 'and':
    case 'or':
      collect(expression.left, into);
      collect(expression.right, into);
      break;
    default:
      for (const side of [expression.left, expression.right]) if (!side.constant) into.add(side);
  }
}
