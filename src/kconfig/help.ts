/** Whether a character code is a space or a tab. */
export function isBlank(c: number): boolean {
  return c === 0x20 || c === 0x09;
}

/** The width of an indent, with tabs to every eighth column. */
export function indentOf(text: string, start: number, end: number): number {
  let width = 0;
  for (let i = start; i < end; i++) {
    width = text.charCodeAt(i) === 0x09 ? (width & ~7) + 8 : width + 1;
  }
  return width;
}

/** The lines of a help text without the indent of its first, as `menuconfig` shows them. */
export function helpText(raw: string): string {
  let firstIndent = 0;
  const lines = raw.split('\n').map((line) => {
    let start = 0;
    while (isBlank(line.charCodeAt(start))) start++;
    const content = line.slice(start).replace(/[ \t]+$/, '');
    if (content === '') return '';
    const indent = indentOf(line, 0, start);
    const more = start > 0 && firstIndent > 0 ? indent - firstIndent : 0;
    if (firstIndent === 0) firstIndent = indent;
    return ' '.repeat(more) + content;
  });
  return lines.join('\n');
}
