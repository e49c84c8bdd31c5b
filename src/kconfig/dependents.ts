import { forEachSymbol } from './expression.ts';
import type { KconfigSymbol } from './model.ts';
import type { SymbolEntry } from './symbols.ts';

/** Tells every symbol which others refer to it in what makes their value or visibility. */
export function linkDependents(symbols: readonly SymbolEntry[]): void {
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
      forEachSymbol(property.condition, note);
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
  for (const symbol of symbols) symbol.dependents = dependents[symbol.index] ?? [];
}
