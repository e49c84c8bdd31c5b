import { stripVTControlCharacters } from 'node:util';

/**
 * A line of a serial console as a person would have seen it in the end:
 * without colours and cursor movements, and with what was wiped out by
 * backspaces gone.
 */
export function readableLine(raw: string): string {
  const shown: string[] = [];
  for (const character of stripVTControlCharacters(raw)) {
    if (character === '\b') shown.pop();
    else if (character >= ' ' || character === '\t') shown.push(character);
  }
  return shown.join('').trimEnd();
}
