import type { ModuleFacts } from './module-facts.ts';

/**
 * Some modules, and those whose symbols they need: only with these beside them modpost knows the
 * CRCs of all that they import.
 *
 * @param wanted - paths
 * @param modules - all that there are, by path
 * @param isInImage - whether the image exports a symbol
 * @returns paths, sorted
 */
export function withProviders(
  wanted: Iterable<string>,
  modules: ReadonlyMap<string, ModuleFacts>,
  isInImage: (symbol: string) => boolean,
): readonly string[] {
  const providers = new Map<string, string>();
  for (const { path, exports } of modules.values()) {
    for (const { name } of exports) if (!providers.has(name)) providers.set(name, path);
  }
  const found = new Set<string>();
  const waiting = [...wanted];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (found.has(path)) continue;
    found.add(path);
    for (const symbol of modules.get(path)?.imports ?? []) {
      const provider = isInImage(symbol) ? undefined : providers.get(symbol);
      if (provider !== undefined) waiting.push(provider);
    }
  }
  return [...found].sort();
}
