/** One step of a pattern: a character of some kind, or any number of any characters. */
type Token =
  | { readonly kind: 'literal'; readonly character: string }
  | { readonly kind: 'any' }
  | { readonly kind: 'many' }
  | { readonly kind: 'set'; readonly negated: boolean; readonly ranges: readonly Range[] };

interface Range {
  readonly first: string;
  readonly last: string;
}

/** Reads a bracket expression that begins at an offset; undefined if it does not end. */
function readSet(pattern: string, start: number): { token: Token; next: number } | undefined {
  let at = start + 1;
  const negated = pattern[at] === '!' || pattern[at] === '^';
  if (negated) at += 1;
  const ranges: Range[] = [];
  const character = (): string | undefined => {
    if (pattern[at] === '\\') at += 1;
    return pattern[at++];
  };
  for (let isFirst = true; ; isFirst = false) {
    if (pattern[at] === ']' && !isFirst) break;
    const first = character();
    if (first === undefined) return undefined;
    let last: string | undefined = first;
    if (pattern[at] === '-' && pattern[at + 1] !== ']') {
      at += 1;
      last = character();
      if (last === undefined) return undefined;
    }
    ranges.push({ first, last });
  }
  return { token: { kind: 'set', negated, ranges }, next: at + 1 };
}

function readPattern(pattern: string): readonly Token[] | undefined {
  const tokens: Token[] = [];
  for (let at = 0; at < pattern.length; ) {
    const character = pattern[at] ?? '';
    if (character === '[') {
      const set = readSet(pattern, at);
      if (set !== undefined) {
        tokens.push(set.token);
        at = set.next;
        continue;
      }
    }
    if (character === '\\') {
      const quoted = pattern[at + 1];
      if (quoted === undefined) return undefined;
      tokens.push({ kind: 'literal', character: quoted });
      at += 2;
      continue;
    }
    if (character === '*') tokens.push({ kind: 'many' });
    else if (character === '?') tokens.push({ kind: 'any' });
    else tokens.push({ kind: 'literal', character });
    at += 1;
  }
  return tokens;
}

function matchesCharacter(token: Token, character: string): boolean {
  if (token.kind === 'literal') return token.character === character;
  if (token.kind !== 'set') return token.kind === 'any';
  const isIn = token.ranges.some(({ first, last }) => first <= character && character <= last);
  return isIn !== token.negated;
}

/**
 * A matcher for one pattern, with the meaning that fnmatch(3) gives it without flags, which is how
 * kmod compares a device's modalias with the aliases of modules: `*`, `?`, `[…]`, and `\` to quote.
 * Character classes (`[[:digit:]]`) are not known; no alias has them.
 *
 * Takes time in proportion to pattern times text at most, however many stars there are.
 */
export function wildcardMatcher(pattern: string): (text: string) => boolean {
  const tokens = readPattern(pattern);
  // A pattern that ends in a lone backslash matches nothing.
  if (tokens === undefined) return () => false;
  return (text) => {
    let token = 0;
    let at = 0;
    let star = -1;
    let starAt = 0;
    while (at < text.length) {
      const next = tokens[token];
      if (next?.kind === 'many') {
        star = token++;
        starAt = at;
      } else if (next !== undefined && matchesCharacter(next, text[at] ?? '')) {
        token += 1;
        at += 1;
      } else if (star !== -1) {
        // The last star takes one character more; an earlier one never needs to.
        token = star + 1;
        at = ++starAt;
      } else return false;
    }
    return tokens.slice(token).every(({ kind }) => kind === 'many');
  };
}
