import type { Place } from './report.ts';
import { absent, cut } from './values.ts';

/** A line and its number, from 1 on. */
interface Line {
  readonly text: string;
  readonly number: number;
}

/** The lines that the one text has more often than the other. */
function linesOnlyIn(one: readonly string[], other: readonly string[]): readonly Line[] {
  const left = new Map<string, number>();
  for (const text of other) left.set(text, (left.get(text) ?? 0) + 1);
  return one.flatMap((text, index) => {
    const count = left.get(text) ?? 0;
    left.set(text, count - 1);
    return count > 0 ? [] : [{ text, number: index + 1 }];
  });
}

/**
 * The lines in which two texts differ: those that only one of them has, side by side; or where the
 * order first differs, if both have the same ones.
 */
export function textPlaces(a: string, b: string): readonly Place[] {
  if (a === b) return [];
  const [one, other] = [a.split('\n'), b.split('\n')];
  const [onlyA, onlyB] = [linesOnlyIn(one, other), linesOnlyIn(other, one)];
  if (onlyA.length === 0 && onlyB.length === 0) {
    const at = one.findIndex((line, index) => line !== other[index]);
    return [
      {
        where: `line ${at + 1}, the order of lines`,
        original: cut(one[at] ?? absent),
        rebuilt: cut(other[at] ?? absent),
      },
    ];
  }
  return Array.from({ length: Math.max(onlyA.length, onlyB.length) }, (_, index) => {
    const [left, right] = [onlyA[index], onlyB[index]];
    return {
      where: `line ${(left ?? right)?.number}`,
      original: cut(left?.text ?? absent),
      rebuilt: cut(right?.text ?? absent),
    };
  });
}
