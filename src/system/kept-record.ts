import { readFile } from 'node:fs/promises';

/**
 * Reads texts by name that an earlier run has kept, from a JSON file.
 *
 * @returns undefined if there is no such file, or a full disk has cut it short, or it is of another
 *   make: what is kept can be found out again
 */
export async function readKeptRecord(
  path: string,
): Promise<Readonly<Record<string, string>> | undefined> {
  try {
    const content: unknown = JSON.parse(await readFile(path, 'utf8'));
    if (typeof content !== 'object' || content === null || Array.isArray(content)) return undefined;
    const isText = (value: unknown): value is string => typeof value === 'string';
    return Object.values(content).every(isText) ? { ...content } : undefined;
  } catch {
    return undefined;
  }
}
