/** The one error that reading an archive throws. */
export class CpioFormatError extends Error {
  override readonly name = 'CpioFormatError';
  /** Whether the archive ends too early, or says something that cannot be. */
  readonly problem: 'truncated' | 'malformed';
  /** Where in the archive, in bytes from its start. */
  readonly offset: number;

  constructor(problem: 'truncated' | 'malformed', message: string, offset: number) {
    super(message);
    this.problem = problem;
    this.offset = offset;
  }
}

/** A member of an archive, as its header has it. */
export interface CpioEntry {
  /** As it stands in the archive: nothing says that it is safe to use as a path. */
  readonly name: string;
  /** Type and permissions, as in `stat`. */
  readonly mode: number;
  readonly size: number;
  /**
   * The member's bytes, once. What is not read of them before the next member is asked for is
   * skipped.
   */
  data(): AsyncGenerator<Uint8Array, void, undefined>;
}

/** Name, mode and size of a member that is named by number only (see {@link readCpio}). */
export type CpioMemberInfo = Pick<CpioEntry, 'name' | 'mode' | 'size'>;

/** Longest name of a member: PATH_MAX and its NUL. */
const maxNameSize = 4097;

const trailerName = 'TRAILER!!!';

/** Takes bytes from a sequence of chunks without ever joining more than was asked for. */
class ChunkReader {
  offset = 0;
  readonly #chunks: AsyncIterator<Uint8Array>;
  #rest: Uint8Array = new Uint8Array(0);

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /** The next bytes, at most `length` and at least one; throws at the end of the archive. */
  async some(length: number): Promise<Uint8Array> {
    while (this.#rest.length === 0) {
      const next = await this.#chunks.next();
      if (next.done === true) {
        throw new CpioFormatError('truncated', 'The archive ends inside of a member.', this.offset);
      }
      this.#rest = next.value;
    }
    const taken = this.#rest.subarray(0, length);
    this.#rest = this.#rest.subarray(taken.length);
    this.offset += taken.length;
    return taken;
  }

  /** Exactly so many bytes: for headers and names, which are short. */
  async exactly(length: number): Promise<Uint8Array> {
    const bytes = new Uint8Array(length);
    let filled = 0;
    while (filled < length) {
      const part = await this.some(length - filled);
      bytes.set(part, filled);
      filled += part.length;
    }
    return bytes;
  }

  async skip(length: number): Promise<void> {
    let left = length;
    while (left > 0) left -= (await this.some(left)).length;
  }

  /** Reads on to the end, which digests of the whole need. */
  async drain(): Promise<void> {
    this.#rest = new Uint8Array(0);
    while ((await this.#chunks.next()).done !== true);
  }
}

/**
 * Reads an archive in cpio's "new ASCII" format (`070701`, and `070702` with checksums, which are
 * not checked), as described in the kernel's `Documentation/driver-api/early-userspace/buffer-format.rst`,
 * and in rpm's stripped form of it (`07070X`), whose members carry only a number.
 *
 * @param chunks - the archive, in pieces of any size; read to its end
 * @param member - tells what member a number stands for, in the stripped form
 * @throws CpioFormatError
 */
export async function* readCpio(
  chunks: AsyncIterable<Uint8Array>,
  member?: (index: number) => CpioMemberInfo | undefined,
): AsyncGenerator<CpioEntry, void, undefined> {
  const reader = new ChunkReader(chunks);
  const pad = async (size: number): Promise<void> => reader.skip((4 - (size % 4)) % 4);
  for (;;) {
    const start = reader.offset;
    const info = await readMemberHeader(reader, member);
    await pad(reader.offset - start);
    if (info.name === trailerName) {
      await reader.drain();
      return;
    }
    let left = info.size;
    yield {
      ...info,
      async *data() {
        while (left > 0) {
          const part = await reader.some(left);
          left -= part.length;
          yield part;
        }
      },
    };
    await reader.skip(left);
    await pad(info.size);
  }
}

async function readMemberHeader(
  reader: ChunkReader,
  member: ((index: number) => CpioMemberInfo | undefined) | undefined,
): Promise<CpioMemberInfo> {
  const start = reader.offset;
  const ascii = new TextDecoder('latin1');
  const hexadecimal = (digits: string): number => {
    if (!/^[0-9A-Fa-f]{8}$/.test(digits)) {
      throw new CpioFormatError('malformed', 'A member has a header that is no number.', start);
    }
    return Number.parseInt(digits, 16);
  };
  const magic = ascii.decode(await reader.exactly(6));
  if (magic === '07070X' && member !== undefined) {
    const index = hexadecimal(ascii.decode(await reader.exactly(8)));
    const info = member(index);
    if (info === undefined) {
      throw new CpioFormatError('malformed', `The archive has no member ${index}.`, start);
    }
    return info;
  }
  if (magic !== '070701' && magic !== '070702') {
    throw new CpioFormatError(
      'malformed',
      'A member does not start with the magic of cpio.',
      start,
    );
  }
  const fields = ascii.decode(await reader.exactly(104));
  const field = (number: number): number => hexadecimal(fields.slice(number * 8, number * 8 + 8));
  const nameSize = field(11);
  if (nameSize < 2 || nameSize > maxNameSize) {
    throw new CpioFormatError('malformed', `A member's name has ${nameSize} bytes.`, start);
  }
  const name = await reader.exactly(nameSize);
  if (name.indexOf(0) !== nameSize - 1) {
    throw new CpioFormatError('malformed', "A member's name does not end with its NUL.", start);
  }
  return {
    name: new TextDecoder().decode(name.subarray(0, -1)),
    mode: field(1),
    size: field(6),
  };
}
