import type { Argument, Option } from 'commander';

/** What the value of an option or argument names. */
export type ValueKind = 'file' | 'folder' | 'symbol' | 'text';

/** What the placeholders of --help stand for; any other one is free text. */
const kinds: Readonly<Record<string, ValueKind>> = {
  a: 'file',
  b: 'file',
  bundle: 'file',
  dir: 'folder',
  file: 'file',
  'file|base64': 'file',
  folder: 'folder',
  new: 'file',
  old: 'file',
  path: 'file',
  'path|strict|bios|uefi': 'file',
  srpm: 'file',
  symbol: 'symbol',
  symbols: 'symbol',
};

/** The placeholder of an option's value, such as `file` of `--config <file>`; undefined for a flag. */
export function placeholderOf(option: Option): string | undefined {
  return /[<[](.+?)(?:\.\.\.)?[>\]]$/.exec(option.flags)?.[1];
}

/** What the value of an option names, by the placeholder that --help shows for it. */
export function optionValueKind(option: Option): ValueKind {
  return kinds[placeholderOf(option)?.toLowerCase() ?? ''] ?? 'text';
}

/** Ways to say a value: words, and beginnings that a path follows. */
export interface Ways {
  readonly words: readonly string[];
  /** With the `=`: `fleet=`. */
  readonly beforePath: readonly string[];
}

/** The ways in the placeholder of an option, such as `wired|fleet=file`; undefined without a path among them. */
export function waysOf(option: Option): Ways | undefined {
  const ways = placeholderOf(option)?.split('|') ?? [];
  const beforePath = ways.flatMap((way) => /^.+=(?=file$)/.exec(way)?.[0] ?? []);
  if (beforePath.length === 0) return undefined;
  return { words: ways.filter((way) => !way.includes('=')), beforePath };
}

/** Words that an option takes besides what its placeholder names: all but the first of its parts. */
const keywords: Readonly<Record<string, readonly string[]>> = {
  'path|strict|bios|uefi': ['strict', 'bios', 'uefi'],
};

/** The words that stand for themselves among an option's values, and name no file. */
export function optionKeywords(option: Option): readonly string[] {
  return keywords[placeholderOf(option) ?? ''] ?? [];
}

/** What an argument names, likewise. */
export function argumentValueKind(argument: Argument): ValueKind {
  return kinds[argument.name().toLowerCase()] ?? 'text';
}

/** Whether an option can be given several times, each adding to what was there. */
export function isRepeatable(option: Option): boolean {
  return (
    option.variadic || (typeof option.defaultValue === 'object' && option.defaultValue !== null)
  );
}
