import { styleText } from 'node:util';

/** How a text for a person is to be laid out. */
export interface RenderOptions {
  /** Columns to keep within, for text (a long path is never broken). */
  readonly width: number;
  readonly colour: boolean;
}

export type Style = 'bold' | 'dim' | 'yellow' | 'red' | 'green';
export type Paint = (style: Style, text: string) => string;

/** Paints, or leaves the text as it is where no colour is wanted. */
export function painter({ colour }: RenderOptions): Paint {
  return (style, text) => (colour ? styleText(style, text, { validateStream: false }) : text);
}

/** Breaks text at spaces into lines of at most that many characters, where words allow. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}

/** Lines as one text, without blanks at their ends. */
export function joinLines(lines: readonly string[]): string {
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`;
}
