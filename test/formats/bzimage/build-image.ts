/** What an image is made of. */
interface ImageSpec {
  /** The compressed kernel. */
  readonly payload: Uint8Array;
  readonly release?: string;
  /** Bytes of the program that unpacks it, before the payload and behind it. */
  readonly before?: number;
  readonly behind?: number;
}

/** An x86 image as the boot protocol 2.15 has it, with nothing that could run. */
export function buildImage({
  payload,
  release = '6.1.0-1',
  before = 64,
  behind = 32,
}: ImageSpec): Buffer {
  const setup = Buffer.alloc(5 * 512, 0x90);
  setup.writeUInt8(4, 0x1f1);
  setup.writeUInt16LE(0xaa55, 0x1fe);
  // A jump over the header, which is 0x6a bytes long behind it.
  setup.writeUInt8(0xeb, 0x200);
  setup.writeUInt8(0x6a, 0x201);
  setup.write('HdrS', 0x202, 'latin1');
  setup.writeUInt16LE(0x020f, 0x206);
  setup.writeUInt16LE(0x0600, 0x20e);
  setup.writeUInt32LE(before, 0x248);
  setup.writeUInt32LE(payload.length, 0x24c);
  setup.write(`${release} (build@host) #1 SMP\0`, 0x800, 'latin1');
  return Buffer.concat([setup, Buffer.alloc(before, 1), payload, Buffer.alloc(behind, 2)]);
}
