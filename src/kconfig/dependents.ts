import { forEachSymbol } from './expression.ts';
import type { KconfigSymbol } from './model.ts';

/**
 * For every symbol, by its index, those that refer to it in what makes their value or visibility;
 * each once.
 */
export function findDependents(
  symbols: readonly KconfigSymbol[],
): readonly (readonly KconfigSymbol[])[] {
  const dependents = symbols.map((): KconfigSymbol[] => []);
  for (const symbol of symbols) {
    const note = (mentioned: KconfigSymbol): void => {
      const list = dependents[mentioned.index];
      if (list && list.at(-1) !== symbol) list.push(symbol);
    };
    forEachSymbol(symbol.directDependency, note);
    forEachSymbol(symbol.reverseDependency, note);
    forEachSymbol(symbol.weakReverseDependency, note);
    for (const property of symbol.properties) {
      if (property.kind === 'select' || property.kind === 'imply') continue;
      if (property.condition !== symbol.directDependency) forEachSymbol(property.condition, note);
      if (property.kind === 'default') forEachSymbol(property.value, note);
      if (property.kind === 'range') {
        note(property.low);
        note(property.high);
      }
    }
    // Members of a choice decide together.
    if (symbol.choice) note(symbol.choice);
    for (const member of symbol.members) note(member);
  }
  return dependents;
}
