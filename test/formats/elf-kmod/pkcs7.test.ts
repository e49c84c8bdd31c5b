import { verify, X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ModuleFormatError, readDetachedSignature } from '../../../src/formats/elf-kmod/index.ts';
import { run } from '../../../src/system/process.ts';

const folder = mkdtempSync(join(tmpdir(), 'bootwright-pkcs7-'));
const key = join(folder, 'key.pem');
const content = join(folder, 'content');

/** A detached signature as sign-file makes it, by OpenSSL's own hand. */
async function sign(digest: string, ...more: string[]): Promise<Buffer> {
  const out = join(folder, `${digest}.p7s`);
  await run('openssl', [
    ...['cms', '-sign', '-binary', '-nocerts', '-outform', 'DER', '-md', digest],
    ...['-signer', key, '-in', content, '-out', out, ...more],
  ]);
  return readFileSync(out);
}

beforeAll(async () => {
  writeFileSync(content, 'the module\n');
  await run('openssl', [
    ...['req', '-new', '-x509', '-nodes', '-newkey', 'rsa:2048', '-subj', '/CN=test'],
    ...['-out', key, '-keyout', key],
  ]);
});

afterAll(() => rmSync(folder, { recursive: true }));

describe('readDetachedSignature', () => {
  test.each(['sha1', 'sha256', 'sha384', 'sha512'])(
    'reads what OpenSSL signs with %s',
    async (md) => {
      const read = readDetachedSignature(await sign(md, '-noattr'));
      expect(read.digest).toBe(md);
      const { publicKey } = new X509Certificate(readFileSync(key));
      expect(verify(read.digest, readFileSync(content), publicKey, read.signature)).toBe(true);
      expect(verify(read.digest, Buffer.from('another'), publicKey, read.signature)).toBe(false);
    },
  );

  test('reads one that names its signer by key identifier', async () => {
    expect(readDetachedSignature(await sign('sha256', '-noattr', '-keyid')).digest).toBe('sha256');
  });

  test('refuses signed attributes, which it does not evaluate', async () => {
    const der = await sign('sha256');
    expect(() => readDetachedSignature(der)).toThrow(/signed attributes/);
  });

  test('answers or refuses, for a message with any byte changed or cut off', async () => {
    const der = await sign('sha256', '-noattr');
    fc.assert(
      fc.property(fc.nat(der.length - 1), fc.nat(255), fc.nat(der.length), (at, value, length) => {
        const bytes = Buffer.from(der.subarray(0, length));
        if (at < length) bytes[at] = value;
        try {
          readDetachedSignature(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(ModuleFormatError);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
