import { readConfigLines } from '../../kernel/configure/delta.ts';
import type { Place } from './report.ts';
import { textPlaces } from './text.ts';
import { valuePlaces } from './values.ts';

function symbols(text: string): ReadonlyMap<string, string> {
  return new Map(Array.from(readConfigLines(text), ([name, value]) => [`CONFIG_${name}`, value]));
}

/** Where two configs differ: by symbol, or if it is none of these, by line. */
export function configPlaces(a: string, b: string): readonly Place[] {
  const places = valuePlaces(symbols(a), symbols(b));
  return places.length > 0 ? places : textPlaces(a, b);
}
