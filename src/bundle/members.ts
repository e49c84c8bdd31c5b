/** What is wrong with a member of an archive; why it must not be unpacked. */
export interface UnsafeMember {
  readonly name: string;
  readonly reason: string;
}

/** The head of a member, as the archive states it. */
export interface MemberHead {
  readonly name: string;
  /** `file`, `directory`, `symlink` …; null for a kind that is not known. */
  readonly type: string | null;
}

/**
 * Whether a name may stand in a bundle: relative, in its shortest form, of
 * printable characters, and short enough for every file system.
 */
export function isMemberName(name: string): boolean {
  return reasonAgainst(name) === undefined;
}

function reasonAgainst(name: string): string | undefined {
  if (name === '') return 'its name is empty';
  if (name.startsWith('/')) return 'its name is absolute';
  // What a terminal, a shell script or another file system could trip over has no place in a kernel's tree.
  if (/[^\x20-\x7e]|\\/.test(name)) return 'its name has a backslash or a character outside ASCII';
  const parts = name.split('/');
  if (parts.includes('..')) return 'its name climbs out of the folder by ".."';
  if (parts.some((part) => part === '' || part === '.'))
    return 'its name is not in its shortest form';
  if (name.length > 1024 || parts.some((part) => part.length > 255)) return 'its name is too long';
  return undefined;
}

/**
 * Judges the members of an archive in the order in which they come: plain
 * files and folders only, names that stay inside, no name twice, nothing that
 * is at the same time a file and a folder.
 *
 * @returns a function that takes the next head and gives the name without a folder's trailing
 *   slash, or what is wrong with it
 */
export function memberJudge(): (head: MemberHead) => string | UnsafeMember {
  const seen = new Map<string, 'file' | 'directory' | 'implied'>();
  return (head) => {
    const unsafe = (reason: string): UnsafeMember => ({ name: head.name, reason });
    if (head.type !== 'file' && head.type !== 'directory') {
      return unsafe(`it is a ${head.type ?? 'member of an unknown kind'}, not a file or folder`);
    }
    const name = head.type === 'directory' ? head.name.replace(/\/$/, '') : head.name;
    const reason = reasonAgainst(name);
    if (reason !== undefined) return unsafe(reason);
    const before = seen.get(name);
    if (before === 'file' || before === 'directory') return unsafe('its name comes twice');
    if (before === 'implied' && head.type === 'file') return unsafe('it is a file and a folder');
    for (let end = name.lastIndexOf('/'); end !== -1; end = name.lastIndexOf('/', end - 1)) {
      const parent = name.slice(0, end);
      if (seen.get(parent) === 'file') return unsafe(`"${parent}" is a file and a folder`);
      if (!seen.has(parent)) seen.set(parent, 'implied');
    }
    seen.set(name, head.type);
    return name;
  };
}
