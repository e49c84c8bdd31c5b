import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BzImageError, readBzImageHeader } from '../../../src/formats/bzimage/index.ts';
import { makeImage } from '../../bundle/parts.ts';

describe('readBzImageHeader', () => {
  test('reads release, version and protocol', () => {
    expect(readBzImageHeader(makeImage('6.12.117-x (root@host) #1 SMP Thu'))).toEqual({
      protocol: '2.15',
      version: '6.12.117-x (root@host) #1 SMP Thu',
      release: '6.12.117-x',
    });
  });

  test('reads a part of a larger buffer', () => {
    const whole = Buffer.concat([Buffer.alloc(7), makeImage('6.1.0 #1')]);
    expect(readBzImageHeader(whole.subarray(7)).release).toBe('6.1.0');
  });

  const broken = (change: (image: Buffer) => void): Buffer => {
    const image = makeImage();
    change(image);
    return image;
  };
  test.each([
    ['nothing', Buffer.alloc(0), 'too short'],
    ['text', Buffer.alloc(4096, 'text '), 'boot sector signature'],
    ['no HdrS', broken((image) => image.write('XXXX', 0x202)), 'no Linux boot header'],
    ['no version', broken((image) => image.writeUInt16LE(0, 0x20e)), 'no version string'],
    ['version outside', broken((image) => image.writeUInt16LE(0xfff0, 0x20e)), 'no version string'],
    ['version without end', broken((image) => image.fill(0x41, 0x800)), 'no version string'],
    ['a space', makeImage(' x'), 'empty version string'],
  ])('refuses %s', (_, image, message) => {
    expect(() => readBzImageHeader(image)).toThrow(BzImageError);
    expect(() => readBzImageHeader(image)).toThrow(message);
  });

  test('throws its own error alone, whatever the bytes are', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(0x8ff), fc.nat(255)), { maxLength: 20 }),
        fc.nat(4096),
        (changes, length) => {
          const image = makeImage();
          for (const [at, byte] of changes) image[at] = byte;
          try {
            readBzImageHeader(image.subarray(0, length));
          } catch (error) {
            expect(error).toBeInstanceOf(BzImageError);
          }
        },
      ),
    );
  });
});
