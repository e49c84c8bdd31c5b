import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BzImageError, readBzImageLayout } from '../../../src/formats/bzimage/index.ts';
import { makeImage } from '../../bundle/parts.ts';
import { buildImage } from './build-image.ts';

const payload = gzipSync(Buffer.from('the kernel'));

describe('readBzImageLayout', () => {
  test('finds the payload', () => {
    const image = buildImage({ payload });
    const found = readBzImageLayout(image).find(({ name }) => name === 'payload');
    expect(image.subarray(found?.start, found?.end).equals(payload)).toBe(true);
  });

  test('names the fields of the boot header', () => {
    const parts = readBzImageLayout(buildImage({ payload }));
    const at = (offset: number) => parts.find(({ start, end }) => start <= offset && offset < end);
    expect(at(0)?.name).toBe('boot sector');
    expect(at(0x1f1)?.name).toBe('boot header, setup_sects');
    expect(at(0x24d)?.name).toBe('boot header, payload_length');
    expect(at(0x26b)?.name).toBe('boot header, kernel_info_offset');
    expect(at(0x26c)?.name).toBe('set-up code');
    expect(at(2560)?.name).toBe('decompressor');
    expect(at(2560 + 64)?.name).toBe('payload');
    expect(at(2560 + 64 + payload.length)?.name).toBe('decompressor, behind the payload');
  });

  test('takes an image of before 2.08 as a whole', () => {
    const parts = readBzImageLayout(makeImage());
    expect(parts.at(-1)).toEqual({ name: 'kernel', start: 2560, end: 4096 });
  });

  test('covers every byte once, whatever the header says, or refuses it', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ at: fc.integer({ min: 0, max: 0x280 }), to: fc.nat(255) })),
        (changes) => {
          const image = buildImage({ payload });
          for (const { at, to } of changes) image[at] = to;
          try {
            let reached = 0;
            for (const { start, end } of readBzImageLayout(image)) {
              expect(start).toBe(reached);
              expect(end).toBeGreaterThan(start);
              reached = end;
            }
            expect(reached).toBe(image.length);
          } catch (error) {
            if (!(error instanceof BzImageError)) throw error;
          }
        },
      ),
    );
  });
});
