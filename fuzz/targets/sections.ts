/**
 * Splits an input that stands for several files: each begins at a line `## NAME`. What stands
 * before the first is left out; so are lines that begin with `#!`, which are remarks.
 */
export function splitSections(input: Uint8Array): ReadonlyMap<string, string> {
  // Latin-1 keeps every byte apart, as the readers of text files do with what is no UTF-8.
  const text = Buffer.from(input).toString('latin1');
  const sections = new Map<string, string>();
  const heads = [...text.matchAll(/^## (.*)\n/gm)];
  for (const [index, head] of heads.entries()) {
    const start = head.index + head[0].length;
    sections.set(head[1] ?? '', text.slice(start, heads[index + 1]?.index ?? text.length));
  }
  return sections;
}

/** The input that {@link splitSections} splits into these files. */
export function joinSections(sections: Readonly<Record<string, string>>): Buffer {
  const parts = Object.entries(sections).map(([name, text]) => `## ${name}\n${text}`);
  return Buffer.from(parts.join(''), 'latin1');
}
