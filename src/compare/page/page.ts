/** How something is to be taken. */
export type Tone = 'same' | 'explained' | 'open' | 'unknown';

/** Names under a heading of their own. */
export interface NameList {
  /** Empty for a list that needs none. */
  readonly label: string;
  readonly names: readonly string[];
}

/** Things that differ in one way. */
export interface Group {
  readonly title: string;
  readonly tone: Tone;
  /** A sentence, or empty. */
  readonly why: string;
  readonly lists: readonly NameList[];
}

/** A table of figures: the first column names, the others count or say. */
export interface Table {
  readonly caption: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** What is said of one matter. */
export interface Section {
  readonly title: string;
  readonly tone: Tone;
  /** Sentences. */
  readonly summary: string;
  readonly table?: Table;
  readonly groups: readonly Group[];
}

/** A figure that stands for much. */
export interface Figure {
  readonly value: string;
  /** What goes on from it: `16,555 exported symbols have …`. */
  readonly label: string;
  readonly tone: Tone;
}

/** A comparison laid out for a person, whatever it is shown on. */
export interface Page {
  readonly title: string;
  readonly verdict: string;
  readonly tone: Tone;
  readonly figures: readonly Figure[];
  readonly sections: readonly Section[];
  /** What the comparison does not look at, and what it lacked; sentences. */
  readonly limits: readonly string[];
}

/** What each tone is called. */
export const toneWords: Readonly<Record<Tone, string>> = {
  same: 'as in stock',
  explained: 'accounted for',
  open: 'not accounted for',
  unknown: 'not known',
};

/** The tone of what has parts: the worst of theirs. */
export function worst(tones: readonly Tone[]): Tone {
  const order: readonly Tone[] = ['open', 'unknown', 'explained', 'same'];
  return order.find((tone) => tones.includes(tone)) ?? 'same';
}

/** Puts things into lists by a label, the longest first. */
export function listsBy<T>(
  items: readonly T[],
  label: (item: T) => string,
  name: (item: T) => string,
): readonly NameList[] {
  const lists = new Map<string, string[]>();
  for (const item of items) {
    const key = label(item);
    const names = lists.get(key);
    if (names === undefined) lists.set(key, [name(item)]);
    else names.push(name(item));
  }
  return Array.from(lists, ([key, names]) => ({ label: key, names })).sort(
    (a, b) => b.names.length - a.names.length || (a.label < b.label ? -1 : 1),
  );
}
