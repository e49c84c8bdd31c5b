/** A paragraph of a machine-readable `copyright` that says under which licence some files are. */
interface FilesParagraph {
  readonly patterns: readonly string[];
  readonly licence: string;
}

/** A field's value: the words behind it and in the lines that go on with it. */
function field(paragraph: string, name: string): string | undefined {
  const match = new RegExp(`^${name}:((?:.*\\n?)(?:[ \\t].*\\n?)*)`, 'm').exec(paragraph);
  return match?.[1]?.trim();
}

/** Whether a name is matched by a pattern of a `Files` field: `*` and `?` stand for slashes too. */
function matches(pattern: string, name: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  const fits = (part: string, at: number): boolean =>
    at >= 0 &&
    at + part.length <= name.length &&
    [...part].every((letter, index) => letter === '?' || letter === name[at + index]);
  if (rest.length === 0) return first.length === name.length && fits(first, 0);
  if (!fits(first, 0)) return false;
  let at = first.length;
  const last = rest.pop() ?? '';
  for (const part of rest) {
    while (at + part.length <= name.length && !fits(part, at)) at += 1;
    if (at + part.length > name.length) return false;
    at += part.length;
  }
  return name.length - last.length >= at && fits(last, name.length - last.length);
}

/**
 * Reads what a Debian package's `copyright` says of its files (debian-policy, copyright-format 1.0):
 * the paragraph that counts is the last that has a pattern for a file.
 *
 * @returns tells the name of a file's licence, such as `binary-redist-Broadcom`; undefined if none
 *   is told
 */
export function parseCopyright(text: string): (name: string) => string | undefined {
  const paragraphs = text
    .split(/\n(?:[ \t]*\n)+/)
    .flatMap((paragraph): readonly FilesParagraph[] => {
      const files = field(paragraph, 'Files');
      const [licence] = field(paragraph, 'License')?.split('\n') ?? [];
      if (files === undefined || licence === undefined || licence === '') return [];
      return [{ patterns: files.split(/\s+/), licence }];
    });
  return (name) =>
    paragraphs.findLast(({ patterns }) => patterns.some((pattern) => matches(pattern, name)))
      ?.licence;
}
