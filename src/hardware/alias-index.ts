import { wildcardMatcher } from './wildcard.ts';

/** An alias of a module: a pattern that the modaliases of its devices match. */
export interface ModuleAlias {
  readonly pattern: string;
  /** With underscores, as lsmod shows it. */
  readonly module: string;
}

/** Finds the modules that claim a device. */
export interface AliasIndex {
  /** Names of the modules, each once, in the order in which their aliases were given. */
  lookup(modalias: string): readonly string[];
  /** The aliases by which they claim it, likewise. */
  matches(modalias: string): readonly ModuleAlias[];
}

/**
 * An alias in the form in which kmod compares them: dashes are underscores, but not within brackets
 * (`alias_normalize` in kmod's shared/util.c).
 *
 * @returns undefined for one whose brackets do not pair, which kmod refuses
 */
export function normalizeAlias(alias: string): string | undefined {
  let normalized = '';
  for (let at = 0; at < alias.length; ) {
    const character = alias[at] ?? '';
    if (character === ']') return undefined;
    if (character === '[') {
      const end = alias.indexOf(']', at);
      if (end === -1) return undefined;
      normalized += alias.slice(at, end + 1);
      at = end + 1;
    } else {
      normalized += character === '-' ? '_' : character;
      at += 1;
    }
  }
  return normalized;
}

/** What of a pattern stands before its first wildcard: every text that it matches begins so. */
function literalStart(pattern: string): string {
  return /^[^*?[\\]*/.exec(pattern)?.[0] ?? '';
}

/**
 * Indexes the aliases of modules as depmod(8) does, so that a device is compared with a few of
 * some ten thousand patterns.
 */
export function indexAliases(aliases: readonly ModuleAlias[]): AliasIndex {
  interface Entry {
    readonly order: number;
    readonly alias: ModuleAlias;
    readonly matches: (text: string) => boolean;
  }
  const byStart = new Map<string, Entry[]>();
  for (const [order, alias] of aliases.entries()) {
    const normalized = normalizeAlias(alias.pattern);
    if (normalized === undefined) continue;
    const start = literalStart(normalized);
    const entry = { order, alias, matches: wildcardMatcher(normalized) };
    const entries = byStart.get(start);
    if (entries === undefined) byStart.set(start, [entry]);
    else entries.push(entry);
  }
  const lengths = [...new Set(Array.from(byStart.keys(), (start) => start.length))];
  const matches = (modalias: string): readonly ModuleAlias[] => {
    const text = normalizeAlias(modalias);
    if (text === undefined) return [];
    return lengths
      .filter((length) => length <= text.length)
      .flatMap((length) => byStart.get(text.slice(0, length)) ?? [])
      .filter((entry) => entry.matches(text))
      .sort((a, b) => a.order - b.order)
      .map(({ alias }) => alias);
  };
  return {
    lookup: (modalias) => [...new Set(matches(modalias).map(({ module }) => module))],
    matches,
  };
}
