import type { ModuleAlias } from './alias-index.ts';

/**
 * Reads a `modules.alias` file as depmod(8) writes it: lines `alias PATTERN MODULE`. Other lines
 * are comments, or none of this file's.
 */
export function parseModulesAlias(text: string): ModuleAlias[] {
  return text.split('\n').flatMap((line) => {
    const [keyword, pattern, module, ...rest] = line.trim().split(/\s+/);
    if (keyword !== 'alias' || pattern === undefined || module === undefined) return [];
    return rest.length > 0 ? [] : [{ pattern, module: module.replaceAll('-', '_') }];
  });
}

/**
 * Reads the aliases in a `modules.builtin.modinfo`: NUL-terminated `MODULE.alias=PATTERN`. Kernels
 * before 6.18 name no device ids there, only what a driver states by MODULE_ALIAS.
 */
export function parseBuiltInAliases(text: string): ModuleAlias[] {
  return text.split('\0').flatMap((entry) => {
    const [, module, pattern] = /^([\w-]+)\.alias=(\S+)$/.exec(entry) ?? [];
    if (module === undefined || pattern === undefined) return [];
    return [{ pattern, module: module.replaceAll('-', '_') }];
  });
}
