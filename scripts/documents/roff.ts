/** Characters that not every terminal has, by their names in groff_char(7), and what roff reads itself. */
const special: Readonly<Record<string, string>> = {
  '\\': '\\e',
  '-': '\\-',
  "'": '\\(aq',
  '`': '\\(ga',
  '^': '\\(ha',
  '~': '\\(ti',
  '’': '\\(cq',
  '“': '\\(lq',
  '”': '\\(rq',
  '→': '\\(->',
  '–': '\\(en',
  '…': '...',
};

/** A text as roff is to print it, whatever is in it; all on one line. */
export function roffText(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').replaceAll(/[^\x20-\x7e]|[\\'`^~-]/gu, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return special[character] ?? `\\[u${code.toString(16).toUpperCase().padStart(4, '0')}]`;
  });
  return line.startsWith('.') ? `\\&${line}` : line;
}

/** Such text in bold. */
export function bold(text: string): string {
  return `\\fB${roffText(text)}\\fR`;
}

/** Such text in italics: what the reader is to replace. */
export function italic(text: string): string {
  return `\\fI${roffText(text)}\\fR`;
}

/**
 * Running text: a sentence a line, as roff likes it (it knows then where sentences end), and no
 * line over 78 characters. What stands between asterisks is bold.
 */
export function paragraph(text: string): string {
  return text
    .split(/(?<=[.?!]) (?=[A-Z"*])/)
    .flatMap((sentence) => {
      const lines: string[] = [];
      let line = '';
      // What is bold must not be torn apart.
      for (const word of sentence.match(/\*[^*]+\*\S*|\S+/g) ?? []) {
        if (line !== '' && line.length + word.length > 65) {
          lines.push(line);
          line = word;
        } else line = line === '' ? word : `${line} ${word}`;
      }
      return [...lines, line];
    })
    .map((line) =>
      line
        .split(/(\*[^*]+\*)/)
        .map((part) => (/^\*.+\*$/.test(part) ? bold(part.slice(1, -1)) : roffText(part)))
        .join(''),
    )
    .map((line) => (/^['.]/.test(line) ? `\\&${line}` : line))
    .join('\n');
}

/** An entry of a list: a term, and what it is. */
export function entry(term: string, text: string): string {
  return `.TP\n${term}\n${paragraph(text)}`;
}
