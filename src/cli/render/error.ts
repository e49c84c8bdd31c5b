import { styleText } from 'node:util';
import type { BootwrightError } from '../../system/errors/index.ts';
import type { Paint } from './frame.ts';
import { printable, wrapWords } from './text.ts';

/** How an error is to be shown. */
export interface ErrorView {
  readonly colour: boolean;
  /** Columns to write within; what is to be pasted is never broken. */
  readonly width: number;
  /** Whether it may have more than ASCII in it. */
  readonly unicode: boolean;
}

const indent = '  ';

/**
 * An error as a person reads it: the code and what happened, the particulars,
 * the words of the program or file, the command to paste, the log, and what to
 * do next.
 *
 * @returns lines, with a newline at the end
 */
export function renderError(error: BootwrightError, { colour, width, unicode }: ErrorView): string {
  const paint: Paint = (style, text) =>
    colour ? styleText(style, text, { validateStream: false }) : text;
  const { command, log, excerpt = [] } = error.occasion;
  const room = width - indent.length;
  const paragraph = (text: string): string[] =>
    text
      .split('\n')
      .flatMap((line) => wrapWords(printable(line), room))
      .map((line) => indent + line);

  const arrow = unicode ? '→' : '->';
  const { what } = error.definition;
  const oneLine = `${error.code}  ${what}`.length <= width;
  const lines = [
    `${paint(['red', 'bold'], error.code)}${oneLine ? `  ${paint('bold', what)}` : ''}`,
    ...(oneLine ? [] : wrapWords(what, room).map((line) => indent + paint('bold', line))),
    ...paragraph(error.message),
  ];
  if (excerpt.length > 0) {
    lines.push(
      '',
      ...excerpt.map((line) => paint('dim', `${indent}| ${printable(line)}`.trimEnd())),
      '',
    );
  }
  if (command !== undefined) lines.push(`${indent}command: ${printable(command)}`);
  if (log !== undefined) lines.push(`${indent}log:     ${printable(log)}`);
  const [hint = '', ...more] = wrapWords(printable(error.hint), room - arrow.length - 1);
  lines.push(
    `${indent}${paint('cyan', arrow)} ${hint}`,
    ...more.map((line) => indent + ' '.repeat(arrow.length + 1) + line),
  );
  return `${lines.join('\n')}\n`;
}
