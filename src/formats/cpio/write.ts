/** What a member is, beside its name. */
export type CpioMember = {
  /** Relative, without a leading `./`. */
  readonly name: string;
} & (
  | {
      readonly type: 'folder';
      /** The default is that of most folders, 0755. */
      readonly permissions?: number;
    }
  | { readonly type: 'file'; readonly data: Uint8Array; readonly executable?: boolean }
  | { readonly type: 'link'; readonly target: string }
  /** A character device. */
  | { readonly type: 'device'; readonly major: number; readonly minor: number }
);

/** Types in the mode of a member, as in stat(2). */
const typeBits = { folder: 0o040000, file: 0o100000, link: 0o120000, device: 0o020000 } as const;

/** PATH_MAX with its NUL, beyond which the kernel skips a member (init/initramfs.c). */
const longestName = 4096;

/** Sizes are eight hexadecimal digits. */
const largestFile = 0xffff_ffff;

const empty = new Uint8Array(0);

const hex = (value: number): string => value.toString(16).padStart(8, '0');

const filling = (length: number): Uint8Array => new Uint8Array((4 - (length % 4)) % 4);

function permissionsOf(member: CpioMember): number {
  switch (member.type) {
    case 'folder':
      return member.permissions ?? 0o755;
    case 'file':
      return member.executable === true ? 0o755 : 0o644;
    case 'link':
      return 0o777;
    case 'device':
      return 0o600;
  }
}

function dataOf(member: CpioMember): Uint8Array {
  if (member.type === 'file') return member.data;
  return member.type === 'link' ? Buffer.from(member.target) : empty;
}

/** The header of a member (cpio(5), "New ASCII Format"), its name and the filling up to its data. */
function headerOf(name: string, fields: readonly number[]): readonly Uint8Array[] {
  const bytes = Buffer.from(`${name}\0`);
  const header = Buffer.from(`070701${[...fields, bytes.length, 0].map(hex).join('')}`);
  return [header, bytes, filling(header.length + bytes.length)];
}

/**
 * Writes an archive of the newc format, as the kernel unpacks it for an initramfs
 * (Documentation/driver-api/early-userspace/buffer-format.rst). Everything in it belongs to root and
 * has the same time, so that the same members give the same bytes.
 *
 * @param members - a folder before what is in it: the kernel makes none by itself
 * @param timestamp - of every member, in seconds since the epoch
 * @returns the archive, in pieces
 * @throws RangeError for what the format cannot hold: a name or a file that is too long
 */
export function* writeCpio(
  members: Iterable<CpioMember>,
  timestamp: number,
): Generator<Uint8Array, void, undefined> {
  let inode = 0;
  for (const member of members) {
    inode += 1;
    const data = dataOf(member);
    if (Buffer.byteLength(member.name) >= longestName) {
      throw new RangeError(`"${member.name}" is too long for the name of a member.`);
    }
    if (data.length > largestFile) {
      throw new RangeError(`"${member.name}" has ${data.length} bytes, more than a member can.`);
    }
    const device = member.type === 'device' ? [member.major, member.minor] : [0, 0];
    yield* headerOf(member.name, [
      inode,
      typeBits[member.type] | permissionsOf(member),
      ...[0, 0],
      member.type === 'folder' ? 2 : 1,
      timestamp,
      data.length,
      ...[0, 0],
      ...device,
    ]);
    yield data;
    yield filling(data.length);
  }
  yield* headerOf('TRAILER!!!', [0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0]);
}
