import { jsonPlaces } from './json.ts';
import type { Place } from './report.ts';

/** What a manifest says of the files, which are compared themselves, and what follows from all of it. */
const following = /^(id|contentKey|files\[.*\]\.(sha256|bytes)|kernel\.(sha256|bytes)|bytes)$/;

/**
 * Where two manifests differ: by key, without what only follows from files that differ or from other
 * keys. If there is nothing else, their ids stand for that.
 */
export function manifestPlaces(a: string, b: string): readonly Place[] {
  const places = jsonPlaces(a, b);
  const own = places.filter(({ where }) => !following.test(where));
  return own.length > 0 ? own : places.filter(({ where }) => where === 'id');
}
