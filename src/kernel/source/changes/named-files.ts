/** How the lines begin by which a patch names a file, old and new, in all dialects of diff. */
const naming = [
  /^(?:---|\+\+\+|\*\*\*) (?!\d)(\S[^\t]*?)(?:\t.*)?$/,
  /^Index: (\S+)$/,
  /^(?:rename|copy) (?:from|to) (\S.*)$/,
];

/** The two names of git's own head, which stands alone where only the mode changes. */
const gitHead = /^diff --git (\S+) (\S+)$/;

/** A name without its first folder, as `patch -p1` takes it; undefined for one that has none. */
function withoutFirst(name: string): string | undefined {
  const stripped = name.replace(/^[^/]*\/+/, '');
  return stripped === name || stripped === '' ? undefined : stripped;
}

/**
 * The files that a patch may be about, as `patch -p1` would find them in a tree. There may be
 * names among them that it does not touch: a line that is taken out can look like a head.
 *
 * @param text - the patch
 */
export function filesNamedIn(text: string): ReadonlySet<string> {
  const names = new Set<string>();
  for (const line of text.split(/\r?\n/)) {
    const head = gitHead.exec(line);
    const found = head?.slice(1) ?? naming.map((pattern) => pattern.exec(line)?.[1]);
    for (const name of found) {
      if (name === undefined || name === '/dev/null') continue;
      // git writes the names of a rename without the folders a/ and b/.
      const isPlain = /^(?:rename|copy) /.test(line);
      const inTree = isPlain ? name : withoutFirst(name);
      if (inTree !== undefined) names.add(inTree);
    }
  }
  return names;
}
