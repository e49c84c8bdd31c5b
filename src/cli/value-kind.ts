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
