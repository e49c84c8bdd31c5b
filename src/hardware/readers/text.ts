import { stripVTControlCharacters } from 'node:util';
import { HardwareTextError } from '../error.ts';

/** `lspci -vvnn` of a machine with hundreds of functions has less than 1 MB. */
export const textLimit = 5 * 1024 * 1024;

/** No line that is read is longer: names of devices have some hundred characters. */
const lineLimit = 4096;

function decode(bytes: Uint8Array): string {
  // What Windows PowerShell writes with ">" is UTF-16.
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  return new TextDecoder('utf-8').decode(bytes);
}

/**
 * The text in a file that somebody has made of a program's output.
 *
 * @throws HardwareTextError `too-large`, `empty`, `binary`, `html`
 */
export function decodeText(bytes: Uint8Array): string {
  if (bytes.length > textLimit) {
    throw new HardwareTextError('too-large', `has more than ${textLimit} bytes`);
  }
  const text = decode(bytes);
  if (text.trim() === '') {
    throw new HardwareTextError('empty', bytes.length === 0 ? 'is empty' : 'holds only spaces');
  }
  const beginning = text.slice(0, 65_536);
  // A terminal's escape sequences are no sign of a binary file, bytes that are no characters are.
  const strange = beginning.match(/[\x00-\x06\x0e-\x1a\ufffd]/g)?.length ?? 0;
  if (beginning.includes('\0') || strange * 20 > beginning.length) {
    throw new HardwareTextError('binary', 'is not text');
  }
  if (/<(!doctype\s+html|html|head|body|pre|div|table|script)\b/i.test(beginning)) {
    throw new HardwareTextError('html', 'is a web page (HTML), not the output of a program');
  }
  return text;
}

/** A name from outside without anything that a terminal would act on. */
export function plainName(text: string): string {
  return stripVTControlCharacters(text.slice(0, lineLimit))
    .replaceAll(/[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
}

/**
 * The lines of a text without what pasting puts around them: escape sequences, quotation marks of
 * mails, Windows line ends, tabs, spaces that do not break.
 */
export function pastedLines(text: string): readonly string[] {
  return text.split(/\r\n|\r|\n/).map((line) => plainName(line).replace(/^(> ?)+/, ''));
}

/** Whether a line is a shell's prompt with a command, and none of a program's output. */
export function isPrompt(line: string): boolean {
  return /^([$#%]( |$)|[\w.-]+@[\w.-]+[:\s].*[$#%]|\[[\w.-]+@[\w.-]+ [^\]]*\][$#%]|PS [A-Z]:)/.test(
    line,
  );
}
