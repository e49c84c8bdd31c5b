import { MinisignError } from './error.ts';

export const commentPrefix = 'untrusted comment: ';
export const trustedCommentPrefix = 'trusted comment: ';

/** How long comments can be, in bytes: what minisign reads a line into, less its prefix (minisign.h). */
export const commentLimit = 1024 - commentPrefix.length - 2;
export const trustedCommentLimit = 8192 - trustedCommentPrefix.length - 2;

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Whether a text holds what could move a terminal's cursor or end a line: all control characters but the tab. */
function hasControls(text: string): boolean {
  return /(?!\t)\p{Cc}/u.test(text);
}

/**
 * The first lines of a file, without their ends: a line feed, or a carriage return before it.
 *
 * @throws MinisignError `malformed` for fewer lines, for control characters, and for what is no UTF-8
 */
export function readLines(content: Uint8Array, count: number): readonly string[] {
  let text: string;
  try {
    text = utf8.decode(content);
  } catch {
    throw new MinisignError('malformed', 'is not a text file');
  }
  const lines = text.split('\n', count).map((line) => line.replace(/\r$/, ''));
  if (lines.length < count || lines.at(-1) === '') {
    throw new MinisignError('malformed', `has fewer than ${count} lines`);
  }
  if (lines.some(hasControls)) throw new MinisignError('malformed', 'has control characters in it');
  return lines;
}

/**
 * What follows on a line's prefix.
 *
 * @throws MinisignError `malformed`
 */
export function afterPrefix(line: string | undefined, prefix: string): string {
  if (line?.startsWith(prefix)) return line.slice(prefix.length);
  throw new MinisignError('malformed', `has no line that begins with "${prefix}"`);
}

/**
 * Decodes base64 of so many bytes, in the one form that those bytes have.
 *
 * @param what - what it should be, for the message
 * @throws MinisignError `malformed`
 */
export function decodeBase64(text: string | undefined, bytes: number, what: string): Buffer {
  const decoded = Buffer.from(text ?? '', 'base64');
  if (decoded.length !== bytes || decoded.toString('base64') !== text) {
    throw new MinisignError('malformed', `has no ${what} in base64, which is ${bytes} bytes`);
  }
  return decoded;
}

/**
 * Makes sure that a comment can stand in a file.
 *
 * @param limit - in bytes
 * @throws MinisignError `unfit`
 */
export function checkComment(comment: string, limit: number): void {
  if (hasControls(comment) || !comment.isWellFormed()) {
    throw new MinisignError('unfit', 'a comment is one line, without control characters');
  }
  if (Buffer.byteLength(comment) > limit) {
    throw new MinisignError('unfit', `a comment has at most ${limit} bytes`);
  }
}
