import { BzImageError, readBzImageHeader } from '../../src/formats/bzimage/index.ts';
import { makeImage } from '../../test/bundle/parts.ts';
import type { Target } from '../target.ts';

/** The head of a kernel image. */
export const bzImageTarget: Target = {
  name: 'bzimage',
  words: ['HdrS', '\x55\xaa'],
  seeds: () => [makeImage(), makeImage('')],
  async run(input) {
    readBzImageHeader(input);
  },
  isOwnError: (error) => error instanceof BzImageError,
};
