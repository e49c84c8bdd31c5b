import type { Place } from './report.ts';

/** How much of a value is shown, in characters. */
const shownCharacters = 100;

/** What stands for something that is not there. */
export const absent = 'absent';

/** As much of a value as is shown. */
export function cut(text: string): string {
  return text.length > shownCharacters ? `${text.slice(0, shownCharacters)}…` : text;
}

/** The names whose values differ between two lists, in the order of the first, then of the second. */
export function valuePlaces(
  a: ReadonlyMap<string, string>,
  b: ReadonlyMap<string, string>,
): readonly Place[] {
  return [...new Set([...a.keys(), ...b.keys()])].flatMap((where): Place[] => {
    const [original, rebuilt] = [a.get(where), b.get(where)];
    if (original === rebuilt) return [];
    return [{ where, original: cut(original ?? absent), rebuilt: cut(rebuilt ?? absent) }];
  });
}
