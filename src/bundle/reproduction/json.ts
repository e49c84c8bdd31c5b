import type { Place } from './report.ts';
import { valuePlaces } from './values.ts';

/** What entries of a list are told apart by, if all have it. */
const entryNames = ['path', 'symbol', 'name', 'what', 'id'];

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Labels of a list's entries: their own names, if these tell them apart, or else their numbers. */
function labels(list: readonly unknown[]): readonly string[] {
  for (const key of entryNames) {
    const found = list.map((entry) => (isObject(entry) ? entry[key] : undefined));
    const names = found.filter((name) => typeof name === 'string');
    if (names.length === list.length && new Set(names).size === list.length) return names;
  }
  return list.map((_, index) => `${index}`);
}

/** All values of a document by their path, such as `files[boot/config].sha256`. */
function flatten(value: unknown, path: string, found: Map<string, string>): Map<string, string> {
  if (Array.isArray(value) && value.length > 0) {
    const list: readonly unknown[] = value;
    const names = labels(list);
    for (const [index, entry] of list.entries()) flatten(entry, `${path}[${names[index]}]`, found);
  } else if (isObject(value) && Object.keys(value).length > 0) {
    for (const [key, each] of Object.entries(value)) {
      flatten(each, path === '' ? key : `${path}.${key}`, found);
    }
  } else found.set(path, JSON.stringify(value));
  return found;
}

function values(text: string): ReadonlyMap<string, string> | undefined {
  try {
    return flatten(JSON.parse(text), '', new Map());
  } catch (error) {
    // What is no JSON, or nests deeper than can be followed.
    if (error instanceof SyntaxError || error instanceof RangeError) return undefined;
    throw error;
  }
}

/** The keys at which two JSON documents differ; none if one of them is no such document. */
export function jsonPlaces(a: string, b: string): readonly Place[] {
  const [one, other] = [values(a), values(b)];
  return one === undefined || other === undefined ? [] : valuePlaces(one, other);
}
