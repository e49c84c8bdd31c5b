/** Columns of a plain terminal. */
export const width = 80;

/** Breaks words into lines; a word that is longer than a line stands on one of its own. */
export function wrap(words: readonly string[], indent: string, first = indent): readonly string[] {
  const lines: string[] = [];
  let line = first;
  for (const word of words) {
    const fresh = line.trim() === '' || line === first;
    if (!fresh && line.length + 1 + word.length > width) {
      lines.push(line);
      line = indent + word;
    } else line += fresh ? word : ` ${word}`;
  }
  return [...lines, line];
}

const labelColumns = 14;

/** A label and what belongs to it, as many lines as that takes. */
export function field(label: string, ...values: readonly string[]): readonly string[] {
  const indent = ' '.repeat(labelColumns);
  return values.flatMap((value, index) =>
    wrap(value.split(' '), indent, index === 0 ? `  ${label}`.padEnd(labelColumns) : indent),
  );
}

/** A count with what is counted. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
