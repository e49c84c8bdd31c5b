/** What a WHENCE says of the blobs of a collection. */
export interface Whence {
  /** What is said of the licence of each blob, in one line, by its name. */
  readonly licences: ReadonlyMap<string, string>;
  /** Names that stand for others, as they are made when the collection is installed: from, to. */
  readonly links: ReadonlyMap<string, string>;
}

/** How long the word about a licence may get before it is cut. */
const licenceLength = 160;

/** A name in WHENCE: in quotes, or with escaped blanks, or plain. */
function plainName(text: string): string {
  return text
    .trim()
    .replace(/^"(.*)"$/, '$1')
    .replaceAll('\\ ', ' ');
}

/** Joins a link's target to the folder that the link is in: both as relative to the collection. */
export function linkTarget(link: string, target: string): string | undefined {
  const parts = link.split('/').slice(0, -1);
  for (const part of target.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) return undefined;
  }
  return parts.join('/');
}

/** The licence of a section: the words behind `Licence:` up to the end of its first paragraph. */
function licenceOf(lines: readonly string[]): string | undefined {
  const start = lines.findIndex((line) => /^Licen[cs]e:/.test(line));
  if (start === -1) return undefined;
  const words: string[] = [];
  for (const [index, line] of lines.slice(start).entries()) {
    const text = (index === 0 ? line.replace(/^Licen[cs]e:/, '') : line).trim();
    if (text === '' && words.length > 0) break;
    // The next field of the section.
    if (index > 0 && /^[A-Z][\w -]*:( |$)/.test(line)) break;
    if (text !== '') words.push(text);
  }
  const whole = words.join(' ').replaceAll(/\s+/g, ' ');
  if (whole === '') return undefined;
  return whole.length > licenceLength ? `${whole.slice(0, licenceLength - 1).trimEnd()}…` : whole;
}

/**
 * Reads a WHENCE, the table of contents of linux-firmware: sections divided by lines of dashes, each
 * with `File:` (or `RawFile:`), `Link: NAME -> TARGET`, and one `Licence:` for all of them, which may
 * come after or before (linux-firmware: WHENCE, check_whence.py, copy-firmware.sh).
 */
export function parseWhence(text: string): Whence {
  const licences = new Map<string, string>();
  const links = new Map<string, string>();
  for (const section of text.split(/^-{10,}\s*$/m)) {
    const lines = section.split(/\r?\n/);
    const licence = licenceOf(lines);
    for (const line of lines) {
      const file = /^(?:File|RawFile):(.+)$/.exec(line)?.[1];
      if (file !== undefined && licence !== undefined) licences.set(plainName(file), licence);
      const [, link, target] = /^Link:(.+?) -> (.+)$/.exec(line) ?? [];
      if (link === undefined || target === undefined) continue;
      const from = plainName(link);
      const to = linkTarget(from, plainName(target));
      if (to !== undefined) links.set(from, to);
    }
  }
  return { licences, links };
}
