export { type ListedSymbol, parseSymbolList } from './symbol-list.ts';
export { type ExportedSymbol, parseSymvers, SymversFormatError } from './symvers.ts';
