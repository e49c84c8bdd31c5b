import { basename } from 'node:path';
import { BootwrightError } from '../../system/errors/index.ts';
import { readTextFile } from '../../system/files.ts';
import { readConfigLines } from './delta.ts';
import type { Setting } from './settings.ts';

/** Where a person wants a config to depart from what the rules of promotion make. */
export interface Wishes {
  /** Symbols to be built in besides those of the scope. */
  readonly promote: readonly string[];
  /** Symbols that are to stay as stock has them. */
  readonly exclude: readonly string[];
  /** Path of a file with lines of a `.config`, each of which has to take. */
  readonly fragment?: string;
}

/** No wishes at all. */
export const noWishes: Wishes = { promote: [], exclude: [] };

/**
 * The lines of a fragment as settings. Of a symbol that comes twice the last line counts, as in a
 * `.config`.
 *
 * @param text - the fragment's text
 * @param name - what it is called in reasons
 */
export function parseFragment(text: string, name: string): readonly Setting[] {
  const settings = new Map<string, Setting>();
  text.split('\n').forEach((line, index) => {
    for (const [symbol, value] of readConfigLines(line)) {
      settings.set(symbol, { symbol, value, reason: `--fragment ${name}:${index + 1}` });
    }
  });
  return [...settings.values()];
}

/**
 * Reads a fragment.
 *
 * @throws BootwrightError `BW-FILE-MISSING`, `BW-CONFIG-NOT-A-CONFIG` if there is no line CONFIG_… in it
 */
export async function readFragment(path: string): Promise<readonly Setting[]> {
  // Without its folder: the reason stands in the bundle, which is the same wherever it is made.
  const settings = parseFragment(await readTextFile(path, 'config fragment'), basename(path));
  if (settings.length === 0) {
    throw new BootwrightError('BW-CONFIG-NOT-A-CONFIG', `"${path}" has no line CONFIG_….`);
  }
  return settings;
}
