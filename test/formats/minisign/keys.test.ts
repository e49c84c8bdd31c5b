import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  checkSignature,
  defaultLimits,
  generateKey,
  isLocked,
  MinisignError,
  parsePublicKey,
  parsePublicKeyFile,
  parseSecretKeyFile,
  parseSignature,
  renderPublicKey,
  renderPublicKeyFile,
  renderSecretKeyFile,
  type SecretKey,
  scryptParameters,
  signContent,
  unlockKey,
} from '../../../src/formats/minisign/index.ts';
import { cheap, made } from './keys.ts';

const bytes = (text: string): Uint8Array => Buffer.from(text);

/** Opens a key that has no passphrase. */
function openKey(text: string): SecretKey {
  const key = parseSecretKeyFile(bytes(text));
  if (isLocked(key)) throw new Error('it is locked');
  return key;
}

/** A key's file with its bytes changed. */
function altered(text: string, change: (key: Buffer) => void): Uint8Array {
  const [comment, base64 = ''] = text.split('\n');
  const key = Buffer.from(base64, 'base64');
  change(key);
  return bytes(`${comment}\n${key.toString('base64')}\n`);
}

/** Whether two keys are one: what the one signs, the other has signed. */
function areSame(one: SecretKey, other: SecretKey): boolean {
  const comments = { comment: '', trusted: 'x' };
  const content = bytes('x');
  return signContent(content, one, comments) === signContent(content, other, comments);
}

describe("minisign's own keys", () => {
  test('are read, and the public one written as it writes it', () => {
    const key = openKey(made.secretKey);
    expect(key.publicKey.id).toBe('59E9EBEA7B07388F');
    expect(renderPublicKeyFile(key.publicKey)).toBe(made.publicKey);
    expect(renderPublicKey(parsePublicKeyFile(bytes(made.publicKey)))).toBe(
      made.publicKey.split('\n')[1],
    );
  });

  test('a number that begins with zeros is written as minisign writes it', () => {
    // What minisign 0.11 made, where such a number came about.
    const file =
      'untrusted comment: minisign public key 4CB71438992DD6B\n' +
      'RWRr3ZKJQ3HLBMGaDisPw0idyVGfdclduqjSiNt9jh08Hk93KnAU9QIG\n';
    const key = parsePublicKeyFile(bytes(file));
    expect(key.id).toBe('04CB71438992DD6B');
    expect(renderPublicKeyFile(key)).toBe(file);
  });

  test('with the ends of lines of Windows, too', () => {
    const windows = bytes(made.publicKey.replaceAll('\n', '\r\n'));
    expect(parsePublicKeyFile(windows).id).toBe('59E9EBEA7B07388F');
  });
});

describe('a new key', () => {
  test('comes back from its file', async () => {
    const key = generateKey();
    expect(areSame(openKey(await renderSecretKeyFile(key, undefined)), key)).toBe(true);
  });

  test('comes back from its file with every passphrase, and with no other one', async () => {
    const passphrase = fc.string({ unit: 'binary' }).filter((text) => !/[\n\r\0]/.test(text));
    await fc.assert(
      fc.asyncProperty(passphrase, passphrase, async (right, wrong) => {
        const key = generateKey();
        const locked = parseSecretKeyFile(bytes(await renderSecretKeyFile(key, right, cheap)));
        if (!isLocked(locked)) throw new Error('it is not locked');
        expect(areSame(await unlockKey(locked, right), key)).toBe(true);
        if (Buffer.from(wrong).equals(Buffer.from(right))) return;
        await expect(unlockKey(locked, wrong)).rejects.toMatchObject({
          problem: 'wrong-passphrase',
        });
      }),
      { numRuns: 20 },
    );
  });

  test('is another one each time, with another salt', async () => {
    const key = generateKey();
    expect(generateKey().publicKey.id).not.toBe(key.publicKey.id);
    const files = [1, 2].map(() => renderSecretKeyFile(key, 'x', cheap));
    const [one, two] = await Promise.all(files);
    expect(one).not.toBe(two);
  });

  test('shows its secret to nobody who prints it', async () => {
    const key = openKey(made.secretKey);
    const seed = Buffer.from(made.secretKey.split('\n')[1] ?? '', 'base64').subarray(62, 94);
    const shown = `${JSON.stringify(key)} ${inspect(key, { depth: 9, showHidden: true })}`;
    for (const encoding of ['hex', 'base64', 'base64url'] as const) {
      expect(shown).not.toContain(seed.toString(encoding).slice(0, 20));
    }
  });

  test.each([
    ['a line break', 'a\nb'],
    ['a NUL', 'a\0b'],
    ['more than minisign reads', 'ä'.repeat(512)],
  ])('has no passphrase with %s', async (_, passphrase) => {
    await expect(renderSecretKeyFile(generateKey(), passphrase, cheap)).rejects.toMatchObject({
      problem: 'unfit',
    });
  });
});

describe('the parameters of scrypt are those of libsodium', () => {
  // Worked out by hand from pickparams() of libsodium 1.0.18.
  test.each([
    [defaultLimits, { N: 1n << 20n, r: 8n, p: 1n }],
    // crypto_pwhash_scryptsalsa208sha256_*LIMIT_INTERACTIVE and _MIN
    [
      { operations: 524288n, memory: 16777216n },
      { N: 1n << 14n, r: 8n, p: 1n },
    ],
    [
      { operations: 32768n, memory: 16777216n },
      { N: 1n << 10n, r: 8n, p: 1n },
    ],
    [
      { operations: 0n, memory: 16777216n },
      { N: 1n << 10n, r: 8n, p: 1n },
    ],
    [
      { operations: 1n << 22n, memory: 1n << 20n },
      { N: 1n << 10n, r: 8n, p: 128n },
    ],
  ])('%o', (limits, parameters) => {
    expect(scryptParameters(limits)).toEqual(parameters);
  });

  test('and N is a power of two, whatever a file says', () => {
    const number = fc.bigInt({ min: 0n, max: (1n << 64n) - 1n });
    fc.assert(
      fc.property(number, number, (operations, memory) => {
        const { N, p } = scryptParameters({ operations, memory });
        expect(N & (N - 1n)).toBe(0n);
        expect(N).toBeGreaterThan(1n);
        expect(p).toBeGreaterThanOrEqual(0n);
      }),
    );
  });
});

describe('hostile keys', () => {
  test.each<[string, string, RegExp]>([
    ['nothing', '', /fewer than 2 lines/],
    ['one line', 'RWSPOAd76uvpWUjL0nNBG63Fo/Pt3y2/Rle7hESVjqjpkJXDKU0G6/ty', /fewer than 2 lines/],
    ['a control character', made.publicKey.replace('key', '\x1b[2J'), /control characters/],
    [
      'base64 with a blank in it',
      made.publicKey.replace('RWSP', 'RW P'),
      /no public key in base64/,
    ],
    ['base64 cut off', made.publicKey.replace('/ty\n', '\n'), /no public key in base64/],
    ['a secret key', made.secretKey, /no public key in base64/],
    ['a key of PEM', '-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA\n', /no public key in base64/],
    ['another algorithm', made.publicKey.replace('\nRWS', '\nRUS'), /other than Ed25519/],
  ])('as the public one: %s', (_, text, message) => {
    expect(() => parsePublicKeyFile(bytes(text))).toThrow(MinisignError);
    expect(() => parsePublicKeyFile(bytes(text))).toThrow(message);
  });

  test('as the public one: what is no text', () => {
    expect(() => parsePublicKeyFile(Buffer.from([0xff, 0x0a, 0xff, 0x0a]))).toThrow(
      /no.*text file/,
    );
  });

  test('whatever the bytes are, they are read or refused', async () => {
    const line = fc.oneof(
      fc.constantFrom(...made.secretKey.split('\n'), ...made.signature.split('\n')),
      fc.string({ unit: 'binary' }),
      fc.base64String({ minLength: 200, maxLength: 220 }),
    );
    const readers = [parsePublicKeyFile, parseSecretKeyFile, parseSignature];
    fc.assert(
      fc.property(fc.array(line, { maxLength: 5 }), fc.constantFrom(...readers), (lines, read) => {
        try {
          read(bytes(lines.join('\n')));
        } catch (error) {
          expect(error).toBeInstanceOf(MinisignError);
        }
      }),
    );
  });

  test('a secret key without passphrase, whose bits were changed', async () => {
    const whole = await renderSecretKeyFile(generateKey(), undefined);
    fc.assert(
      fc.property(
        fc.integer({ min: 54, max: 157 }),
        fc.integer({ min: 1, max: 255 }),
        (at, mask) => {
          const key = altered(whole, (content) => {
            content[at] = (content[at] ?? 0) ^ mask;
          });
          expect(() => parseSecretKeyFile(key)).toThrow(/is a damaged secret key/);
        },
      ),
    );
  });

  test('one of minisign, which has no checksum: its halves have to belong together', () => {
    const key = altered(made.secretKey, (content) => {
      content[70] = (content[70] ?? 0) ^ 1;
    });
    expect(() => parseSecretKeyFile(key)).toThrow(/is a damaged secret key/);
  });

  test.each([
    ['the signature', 0],
    ['the derivation', 2],
    ['the checksum', 4],
  ])('another algorithm for %s', (_, at) => {
    const key = altered(made.secretKey, (content) => content.write('Xx', at, 'latin1'));
    expect(() => parseSecretKeyFile(key)).toThrow(
      expect.objectContaining({ problem: 'unsupported' }),
    );
  });

  test.each([
    ['time without end', (1n << 64n) - 1n, 1n << 24n],
    ['all memory', 1n << 40n, (1n << 64n) - 1n],
    ['next to nothing', 0n, 0n],
  ])('one that asks for %s', async (_, operations, memory) => {
    const whole = await renderSecretKeyFile(generateKey(), 'x', cheap);
    const key = parseSecretKeyFile(
      altered(whole, (content) => {
        content.writeBigUInt64LE(operations, 38);
        content.writeBigUInt64LE(memory, 46);
      }),
    );
    if (!isLocked(key)) throw new Error('it is not locked');
    // What costs little is tried, and is not what the key was locked with.
    await expect(unlockKey(key, 'x')).rejects.toMatchObject({
      problem: expect.stringMatching(/^(unsupported|wrong-passphrase)$/),
    });
  });
});

test('a public key on the command line is its second line', () => {
  const key = parsePublicKey(made.publicKey.split('\n')[1] ?? '');
  const signature = parseSignature(bytes(made.signature));
  expect(checkSignature(signature, bytes(made.content), key)).toBe('good');
});
