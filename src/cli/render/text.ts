import { stripVTControlCharacters } from 'node:util';

/**
 * Makes text from outside (file names, the words of programs) fit to be shown:
 * no escape sequences, no control characters, tabs as spaces.
 */
export function printable(text: string): string {
  return stripVTControlCharacters(text)
    .replaceAll('\t', '  ')
    .replaceAll(/[\x00-\x1f\x7f-\x9f]/g, '');
}

/** Cuts a text at its end to fit, with an ellipsis. */
export function cutEnd(text: string, width: number): string {
  if (text.length <= width) return text;
  return width < 1 ? '' : `${text.slice(0, width - 1)}…`;
}

/** Cuts a text at its beginning to fit: of a path, the end says most. */
export function cutStart(text: string, width: number): string {
  if (text.length <= width) return text;
  return width < 1 ? '' : `…${text.slice(text.length - width + 1)}`;
}

/** Breaks a text into lines at its spaces; a longer word stands on a line of its own. */
export function wrapWords(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

/** `1234567` as `1,234,567`. */
export function formatCount(count: number): string {
  return count.toLocaleString('en-US', { maximumFractionDigits: 0 });
}

/**
 * A span of time as a person reads it: `0.4 s`, `12.3 s`, `2 min 05 s`, `1 h 02 min`.
 *
 * @param milliseconds - the span
 * @param tenths - whether spans under a minute have tenths
 */
export function formatDuration(milliseconds: number, tenths = true): string {
  const seconds = milliseconds / 1000;
  if (tenths && seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const pad = (number: number): string => String(number).padStart(2, '0');
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${pad(whole % 60)} s`;
  return `${Math.floor(whole / 3600)} h ${pad(Math.floor((whole % 3600) / 60))} min`;
}
