import { homedir } from 'node:os';

/** A command line cut into words, the last of which is being typed. */
export interface TypedLine {
  readonly words: readonly string[];
  /** How many characters at the start of the last word the shell takes for a word of its own. */
  readonly split: number;
}

/**
 * Joins what bash has cut at the `=` of COMP_WORDBREAKS: `--nic`, `=`, `vir` is `--nic=vir`, and
 * `fleet`, `=`, `f` is `fleet=f`. Nobody types a mere `=`, so nothing else is joined by mistake.
 */
export function joinAtEquals(words: readonly string[]): TypedLine {
  const joined: string[] = [];
  let split = 0;
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    const last = joined.at(-1);
    if (word !== '=' || last === undefined) {
      joined.push(word);
      split = 0;
      continue;
    }
    const value = words[at + 1];
    joined[joined.length - 1] = `${last}=${value ?? ''}`;
    split = last.length + 1;
    at += 1;
  }
  return { words: joined, split };
}

/**
 * What a word means that was typed into a shell: without quotes and backslashes, `~` as the home
 * folder. Nothing else is expanded: what is being typed must not be run.
 */
export function unquoted(word: string): string {
  const plain = word.replaceAll(
    /\\(.)|'([^']*)(?:'|$)|"((?:[^"\\]|\\.)*)(?:"|$)/gs,
    (_, escaped?: string, single?: string, double?: string) =>
      escaped ?? single ?? (double ?? '').replaceAll(/\\(["\\$`])/g, '$1'),
  );
  return word === '~' || word.startsWith('~/') ? homedir() + plain.slice(1) : plain;
}
