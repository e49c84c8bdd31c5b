import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { BootwrightError, isSystemError } from '../system/errors/index.ts';
import { readTextUpTo } from '../system/files.ts';

/** Passphrases have at most 1023 bytes. */
const fileLimit = 64 * 1024;

/**
 * The passphrase in the first line of a file.
 *
 * @throws BootwrightError `BW-FILE-MISSING`, `BW-FILE-ACCESS`, `BW-FILE-TOO-LARGE`
 */
export async function readPassphraseFile(path: string): Promise<string> {
  try {
    const [line = ''] = (await readTextUpTo(path, fileLimit)).split('\n', 1);
    return line.replace(/\r$/, '');
  } catch (error) {
    if (!isSystemError(error, 'ENOENT', 'ENOTDIR', 'EISDIR')) throw error;
    throw new BootwrightError(
      'BW-FILE-MISSING',
      `There is no file "${path}" to take the passphrase from.`,
      { cause: error },
    );
  }
}

/**
 * Asks for a passphrase on the terminal, without showing what is typed.
 *
 * @param prompts - the questions: with two of them, both answers have to be the same
 * @throws BootwrightError `BW-KEY-PASSPHRASE-NEEDED` where there is no terminal,
 *   `BW-KEY-PASSPHRASE-UNFIT` for different answers, `BW-INTERRUPTED`
 */
export async function askPassphrase(
  prompts: readonly string[],
  signal: AbortSignal,
): Promise<string> {
  const { stdin, stderr } = process;
  if (!stdin.isTTY) {
    throw new BootwrightError(
      'BW-KEY-PASSPHRASE-NEEDED',
      'The secret key needs a passphrase, and standard input is not a terminal.',
    );
  }
  // The line editor takes the terminal's echo away and writes what is typed itself: to nowhere.
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: stdin, output: nowhere, terminal: true, historySize: 0 });
  const stopped = new AbortController();
  for (const event of ['SIGINT', 'close'] as const) lines.on(event, () => stopped.abort());
  const answers: string[] = [];
  try {
    for (const prompt of prompts) {
      stderr.write(prompt);
      try {
        const either = AbortSignal.any([signal, stopped.signal]);
        answers.push(await lines.question('', { signal: either }));
      } finally {
        stderr.write('\n');
      }
    }
  } finally {
    lines.close();
  }
  const [answer = ''] = answers;
  if (answers.some((other) => other !== answer)) {
    throw new BootwrightError(
      'BW-KEY-PASSPHRASE-UNFIT',
      'The passphrase was typed in two different ways.',
    );
  }
  return answer;
}
