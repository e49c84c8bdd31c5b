import type { KconfigSymbol, MenuNode } from '../../kconfig/index.ts';

/** The titles of the menus around an entry, the outermost first, as `menuconfig` nests them. */
export function menuPath(node: MenuNode | undefined): string[] {
  const titles: string[] = [];
  for (let at = node?.parent; at?.parent !== undefined; at = at.parent) {
    if (at.prompt !== undefined) titles.push(at.prompt.text);
  }
  return titles.reverse();
}

/** The menu that a symbol is set in; of one that nobody can set, the menu that it stands in. */
export function menuOf(symbol: KconfigSymbol): string[] {
  return menuPath(symbol.prompts[0]?.menu ?? symbol.menus[0]);
}
