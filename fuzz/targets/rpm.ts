import {
  checkDigests,
  expectedDigests,
  expectedSize,
  RpmFormatError,
  readPackage,
} from '../../src/formats/rpm/index.ts';
import { craftRpm } from '../../test/formats/rpm/build.ts';
import type { Random } from '../random.ts';
import type { Target } from '../target.ts';

/** Where the headers of a package begin, by their magic. */
function headers(bytes: Buffer): number[] {
  const magic = Buffer.from('8eade801', 'hex');
  const found: number[] = [];
  for (let at = bytes.indexOf(magic); at >= 0; at = bytes.indexOf(magic, at + 4)) found.push(at);
  return found;
}

/** Changes a field of an entry, or a count, of one of the headers. */
function mutateEntry(input: Uint8Array, random: Random): Uint8Array | undefined {
  const bytes = Buffer.from(input);
  const start = random.pick(headers(bytes));
  if (start === undefined || start + 16 > bytes.length) return undefined;
  for (let times = 1 + random.below(3); times > 0; times--) {
    const entries = Math.min(bytes.readUInt32BE(start + 8), 64);
    const entry = start + 16 + 16 * random.below(entries);
    const field = random.oneIn(5) ? start + 8 + 4 * random.below(2) : entry + 4 * random.below(4);
    if (field + 4 > bytes.length) continue;
    const old = bytes.readUInt32BE(field);
    const value = random.pick([
      old + 1,
      old - 1,
      old * 2,
      random.below(10),
      random.below(bytes.length),
      random.below(6000),
      0xffffffff,
      0x7fffffff,
      0x0fffffff,
      0xffff,
    ]);
    bytes.writeUInt32BE((value ?? 0) >>> 0, field);
  }
  return bytes;
}

/** A source package up to its payload: lead, signature, header. */
export const rpmTarget: Target = {
  name: 'rpm',
  words: ['\xed\xab\xee\xdb', '\x8e\xad\xe8\x01'],
  seeds: () => [
    craftRpm([{ name: 'kernel.spec', content: 'Name: kernel\n' }]),
    craftRpm([
      { name: 'kernel.spec', content: '' },
      { name: 'linux.tar.xz', content: 'x'.repeat(100) },
      { name: 'kernel-x86_64.config', content: '# x86_64\n' },
    ]),
  ],
  mutate: mutateEntry,
  async run(input) {
    const rpm = await readPackage(
      async (offset, length) => input.slice(offset, offset + length),
      input.length,
    );
    for (const header of [rpm.signature, rpm.header]) {
      for (const tag of header.tags) {
        header.text(tag);
        header.texts(tag);
        header.number(tag);
        header.numbers(tag);
        header.binary(tag);
      }
    }
    expectedDigests(rpm);
    expectedSize(rpm);
    const check = checkDigests(rpm);
    check.payload(input.subarray(rpm.payloadOffset));
    check.failures();
  },
  isOwnError: (error) => error instanceof RpmFormatError,
};
