import { sign } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  checkSignature,
  generateKey,
  MinisignError,
  parsePublicKeyFile,
  parseSignature,
  signContent,
} from '../../../src/formats/minisign/index.ts';
import { made } from './keys.ts';

const bytes = (text: string): Uint8Array => Buffer.from(text);
const comments = { comment: 'x', trusted: 'y' };
const trustedKey = parsePublicKeyFile(bytes(made.publicKey));

/** What a signature of minisign's, changed as text, says of the content that it is of. */
function verdictOf(text: string, content: string = made.content) {
  return checkSignature(parseSignature(bytes(text)), bytes(content), trustedKey);
}

test('holds for any content and comments, and for nothing else', () => {
  const line = fc.string({ unit: 'grapheme', maxLength: 200 });
  fc.assert(
    fc.property(
      fc.uint8Array(),
      fc.uint8Array(),
      line,
      line,
      (content, other, comment, trusted) => {
        const key = generateKey();
        const signature = parseSignature(bytes(signContent(content, key, { comment, trusted })));
        expect(signature).toMatchObject({
          keyId: key.publicKey.id,
          prehashed: true,
          trustedComment: trusted,
        });
        expect(checkSignature(signature, content, key.publicKey)).toBe('good');
        if (Buffer.compare(content, other) !== 0) {
          expect(checkSignature(signature, other, key.publicKey)).toBe('other-content');
        }
        const { publicKey } = generateKey();
        expect(checkSignature(signature, content, publicKey)).toBe('other-key');
        // Somebody who gives their key the number of another one.
        const impostor = { ...publicKey, id: key.publicKey.id };
        expect(checkSignature(signature, content, impostor)).toBe('forged');
      },
    ),
  );
});

test('the same content, key and comments give the same signature', () => {
  const key = generateKey();
  expect(signContent(bytes('x'), key, comments)).toBe(signContent(bytes('x'), key, comments));
});

describe("minisign's own signature", () => {
  test('is good, and of nothing else', () => {
    expect(verdictOf(made.signature)).toBe('good');
    expect(verdictOf(made.signature, 'hello')).toBe('other-content');
  });

  test('does not depend on its untrusted comment', () => {
    expect(verdictOf(made.signature.replace('from minisign', 'of somebody'))).toBe('good');
    expect(verdictOf(made.signature.replaceAll('\n', '\r\n'))).toBe('good');
  });

  test('does depend on its trusted one', () => {
    const changed = made.signature.replace('hällo', 'hollo');
    expect(verdictOf(changed)).toBe('other-comment');
    expect(verdictOf(changed, 'hello')).toBe('forged');
  });

  test('does not hold once a bit of it was changed', () => {
    const [comment, base64 = '', trusted, globalBase64 = ''] = made.signature.split('\n');
    const flipped = (text: string, at: number, mask: number): string => {
      const content = Buffer.from(text, 'base64');
      content[at] = (content[at] ?? 0) ^ mask;
      return content.toString('base64');
    };
    fc.assert(
      fc.property(fc.nat(73), fc.nat(63), fc.integer({ min: 1, max: 255 }), (at, end, mask) => {
        const first = [comment, flipped(base64, at, mask), trusted, globalBase64].join('\n');
        const last = [comment, base64, trusted, flipped(globalBase64, end, mask)].join('\n');
        for (const text of [first, last]) {
          let verdict: unknown;
          try {
            verdict = verdictOf(text);
          } catch (error) {
            verdict = error;
          }
          expect(verdict).not.toBe('good');
        }
      }),
    );
  });
});

test('one of the legacy kind, of the content itself, is read as well', () => {
  const key = generateKey();
  const text = signContent(bytes('x'), key, comments);
  const [comment, base64 = '', trusted] = text.split('\n');
  const head = Buffer.from(base64, 'base64').subarray(0, 10);
  head.write('Ed');
  const of = sign(undefined, bytes('x'), key.key);
  const whole = sign(undefined, Buffer.concat([of, bytes('y')]), key.key);
  const legacy = [
    comment,
    Buffer.concat([head, of]).toString('base64'),
    trusted,
    whole.toString('base64'),
  ].join('\n');
  const signature = parseSignature(bytes(legacy));
  expect(signature.prehashed).toBe(false);
  expect(checkSignature(signature, bytes('x'), key.publicKey)).toBe('good');
  // What is of a hash must not pass for what is of the content, nor the other way round.
  const swapped = bytes(legacy.replace(/^RWQ|^RWR|^RWS|^RWT/m, (start) => `RU${start[2]}`));
  expect(checkSignature(parseSignature(swapped), bytes('x'), key.publicKey)).not.toBe('good');
});

describe('refuses', () => {
  test.each<[string, string, RegExp]>([
    ['nothing', '', /fewer than 4 lines/],
    ['half a signature', made.signature.split('\n').slice(0, 3).join('\n'), /fewer than 4 lines/],
    ["one of OpenBSD's signify", made.signature.replace('trusted comment: h', 'h'), /no line that/],
    ['another first line', made.signature.replace('untrusted', 'trusted'), /untrusted comment: /],
    ['control characters', made.signature.replace('hällo', 'h\x1b[2Jllo'), /control characters/],
    ['a carriage return inside', made.signature.replace('hällo', 'h\rllo'), /control characters/],
    ['base64 that goes on', made.signature.replace('5Q4=', '5Q4=AAAA'), /no signature in base64/],
    ['base64 with stray bits', made.signature.replace('5Q4=', '5Q5='), /no signature in base64/],
    ['another algorithm', made.signature.replace('RUSP', 'RVSP'), /other than Ed25519/],
  ])('%s', (_, text, message) => {
    expect(() => parseSignature(bytes(text))).toThrow(MinisignError);
    expect(() => parseSignature(bytes(text))).toThrow(message);
  });

  test.each([
    ['a line break', { comment: 'x', trusted: 'a\nb' }],
    ['a control character', { comment: 'a\x07', trusted: '' }],
    ['half a character', { comment: 'x', trusted: '\ud800' }],
    ['more than minisign reads', { comment: 'x', trusted: 'ä'.repeat(4087) }],
    ['more than it reads as untrusted', { comment: 'x'.repeat(1004), trusted: '' }],
  ])('a comment with %s', (_, each) => {
    expect(() => signContent(bytes('x'), generateKey(), each)).toThrow(
      expect.objectContaining({ problem: 'unfit' }),
    );
  });
});
