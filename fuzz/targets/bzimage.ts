import { gzipSync } from 'node:zlib';
import { BzImageError, readBzImageLayout } from '../../src/formats/bzimage/index.ts';
import { makeImage } from '../../test/bundle/parts.ts';
import { buildImage } from '../../test/formats/bzimage/build-image.ts';
import type { Target } from '../target.ts';

/** A kernel image: its head, and where it says that the rest lies. */
export const bzImageTarget: Target = {
  name: 'bzimage',
  words: ['HdrS', '\x55\xaa'],
  seeds: () => [makeImage(), makeImage(''), buildImage({ payload: gzipSync('kernel') })],
  async run(input) {
    readBzImageLayout(input);
  },
  isOwnError: (error) => error instanceof BzImageError,
};
