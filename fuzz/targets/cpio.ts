import { CpioFormatError, readCpio } from '../../src/formats/cpio/index.ts';
import { writeCpio } from '../../test/formats/cpio/archive.ts';
import type { Target } from '../target.ts';

async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

/** Two files that an archive in rpm's stripped form may name by their numbers. */
const listed = [
  { name: 'one', mode: 0o100644, size: 3 },
  { name: 'huge', mode: 0o100644, size: 2 ** 52 },
];

/** A package's payload, once it is decompressed. The first byte tells the size of the pieces. */
export const cpioTarget: Target = {
  name: 'cpio',
  words: ['070701', '070702', '07070X', '00000000', 'ffffffff', 'TRAILER!!!\0', './', '\0'],
  seeds: () => [
    Buffer.concat([
      Buffer.from([200]),
      writeCpio([
        { name: './kernel.spec', content: 'Name: kernel\n' },
        { name: 'patch', content: 'x'.repeat(50) },
      ]),
    ]),
    Buffer.from('\x0707070X00000000one\x0007070X00000001some'),
    Buffer.concat([Buffer.from([0]), writeCpio([])]),
  ],
  async run(input) {
    const size = 1 + (input[0] ?? 0) * 8;
    const archive = input.subarray(1);
    for (const member of [undefined, (index: number) => listed[index]]) {
      for await (const entry of readCpio(pieces(archive, size), member)) {
        if (entry.size % 3 !== 0) for await (const chunk of entry.data()) void chunk.length;
      }
    }
  },
  isOwnError: (error) => error instanceof CpioFormatError,
};
