/** A line that names a source or a patch of a spec, by its number. */
const numbered = (kind: string, number: string): RegExp =>
  new RegExp(`^${kind}0*${number}(?=[ \\t]*:)`, 'i');

/** A spec with other numbers. */
export interface Renumbered {
  readonly text: string;
  /** The number that was given more than once, such as `source 29`. */
  readonly name: string;
}

/**
 * Gives another number to sources (or patches) of a spec that share one. Older rpm let the last of
 * them have it, newer one refuses the spec: EL 5.1 has two of the number 29. The last keeps it, for
 * `%{SOURCE29}` means that one; nobody has called the others by number.
 *
 * Only lines outside of `%if` are changed: two of one number in different branches are none too many.
 *
 * @param error - what rpm said, such as `source 29 defined multiple times`
 * @returns undefined if that is not what is wrong, or nothing can be done about it
 */
export function renumberSources(spec: string, error: string): Renumbered | undefined {
  const [, kind, number] = /\b(source|patch) (\d{1,9}) defined multiple times/.exec(error) ?? [];
  if (kind === undefined || number === undefined) return undefined;
  const line = numbered(kind, number);
  const lines = spec.split('\n');
  const found: number[] = [];
  let depth = 0;
  for (const [i, text] of lines.entries()) {
    if (/^\s*%if/.test(text)) depth += 1;
    else if (/^\s*%endif\b/.test(text)) depth -= 1;
    else if (depth === 0 && line.test(text)) found.push(i);
  }
  const surplus = found.slice(0, -1);
  if (surplus.length === 0) return undefined;
  const used = new Set(
    [...spec.matchAll(new RegExp(`^${kind}(\\d+)[ \\t]*:`, 'gim'))].map((match) =>
      Number(match[1]),
    ),
  );
  let free = Number(number);
  for (const i of surplus) {
    while (used.has(free)) free += 1;
    used.add(free);
    lines[i] = (lines[i] ?? '').replace(line, (name) => name.replace(/\d+$/, `${free}`));
  }
  return { text: lines.join('\n'), name: `${kind} ${number}` };
}
