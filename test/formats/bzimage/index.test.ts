import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  BzImageError,
  hasSecureBootSignature,
  readBzImageHeader,
  readBzImagePayload,
} from '../../../src/formats/bzimage/index.ts';
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

describe('readBzImagePayload', () => {
  /** An image of one sector of set-up code, with a payload 16 bytes into the protected-mode code. */
  function withPayload(payload: Uint8Array, protocol = 0x020f): Buffer {
    const head = makeImage();
    const image = Buffer.concat([head, Buffer.alloc(64), payload]);
    const sectors = 1;
    image.writeUInt8(sectors, 0x1f1);
    image.writeUInt16LE(protocol, 0x206);
    image.writeUInt32LE(head.length + 64 - (sectors + 1) * 512, 0x248);
    image.writeUInt32LE(payload.length, 0x24c);
    return image;
  }

  test.each([
    ['gzip', [0x1f, 0x8b, 8, 0, 1, 2, 3, 4], 8],
    ['xz', [0xfd, 0x37, 0x7a, 0x58, 1, 2, 3, 4], 4],
    ['zstd', [0x28, 0xb5, 0x2f, 0xfd, 1, 2, 3, 4], 4],
    ['lz4', [0x02, 0x21, 0x4c, 0x18, 1, 2, 3, 4], 4],
  ])('%s, without the appended size where there is one', (format, bytes, kept) => {
    const payload = readBzImagePayload(withPayload(Uint8Array.from(bytes)));
    expect(payload.format).toBe(format);
    expect([...payload.bytes]).toEqual(bytes.slice(0, kept));
    expect(payload.unpackedBytes).toBe(Buffer.from(bytes).readUInt32LE(4));
  });

  test.each([
    ['of an unknown kind', withPayload(Buffer.from('nothing known'))],
    ['too old', withPayload(Buffer.from([0x1f, 0x8b, 0, 0, 0, 0]), 0x0207)],
    ['cut off', withPayload(Buffer.from([0x1f, 0x8b, 0, 0, 0, 0])).subarray(0, -1)],
  ])('refuses one that is %s', (message, image) => {
    expect(() => readBzImagePayload(image)).toThrow(BzImageError);
    expect(() => readBzImagePayload(image)).toThrow(message);
  });
});

describe('hasSecureBootSignature', () => {
  /** A PE image of 64 bits with a table of certificates of some size. */
  const peImage = (certificateBytes: number, magic = 0x20b): Buffer => {
    const image = makeImage();
    image.write('MZ', 0, 'latin1');
    image.writeUInt32LE(0x80, 0x3c);
    image.write('PE\0\0', 0x80, 'latin1');
    image.writeUInt16LE(magic, 0x80 + 24);
    image.writeUInt32LE(certificateBytes, 0x80 + 24 + 112 + 4 * 8 + 4);
    return image;
  };
  test.each([
    ['a signed image', peImage(1480), true],
    ['one that is not signed', peImage(0), false],
    ['a PE image of 32 bits', peImage(1480, 0x10b), false],
    ['a kernel without an EFI stub', makeImage(), false],
    ['nothing', Buffer.alloc(0), false],
    ['a header that is cut off', peImage(1480).subarray(0, 0x90), false],
  ])('%s', (_, image, expected) => {
    expect(hasSecureBootSignature(image)).toBe(expected);
  });
});
