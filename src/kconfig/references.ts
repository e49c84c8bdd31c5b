import type { SymbolTable } from './symbols.ts';

/**
 * Puts the values of symbols in the place of `$NAME`, as kconfig before 4.18 does in file names and
 * in the main title, by the defaults that `option env` gives (sym_expand_string_value() of
 * symbol.c).
 */
export function expandNames(text: string, table: SymbolTable): string {
  return text.replace(/\$([A-Za-z0-9_]*)/g, (_, name: string) => {
    const value = table.named.get(name)?.defaults[0]?.value;
    return value?.kind === 'symbol' && value.symbol.constant ? (value.symbol.name ?? '') : '';
  });
}

/** A variable of the environment; what all objects have, such as `constructor`, is none. */
export function variableOf(
  environment: Readonly<Record<string, string>>,
  name: string,
): string | undefined {
  return Object.hasOwn(environment, name) ? environment[name] : undefined;
}
