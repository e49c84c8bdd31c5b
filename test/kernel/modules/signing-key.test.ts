import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { givenSigningKey, ownSigningKey } from '../../../src/kernel/modules/index.ts';
import { run } from '../../../src/system/process.ts';

const folder = mkdtempSync(join(tmpdir(), 'bootwright-key-'));
const file = (name: string): string => join(folder, name);
const mode = (path: string): number => statSync(path).mode & 0o777;

beforeAll(async () => {
  for (const name of ['one', 'two']) {
    await run('openssl', [
      ...['req', '-new', '-x509', '-nodes', '-newkey', 'rsa:2048', '-subj', `/O=Test/CN=${name}`],
      ...['-out', file(`${name}.crt`), '-keyout', file(`${name}.key`)],
    ]);
  }
  const read = (name: string): string => readFileSync(file(name), 'utf8');
  writeFileSync(file('good.pem'), read('one.key') + read('one.crt'), { mode: 0o600 });
  writeFileSync(file('mixed.pem'), read('one.key') + read('two.crt'));
  await run('openssl', [
    ...['rsa', '-aes128', '-passout', 'pass:secret', '-in', file('one.key')],
    ...['-out', file('locked.key')],
  ]);
  writeFileSync(file('locked.pem'), read('locked.key') + read('one.crt'));
});

afterAll(() => rmSync(folder, { recursive: true }));

describe('ownSigningKey', () => {
  test('makes a key once, for nobody else to read, and leaves nothing else behind', async () => {
    const keys = file('keys');
    const made = await ownSigningKey(keys);
    expect(mode(made.keyFile)).toBe(0o600);
    expect(mode(keys)).toBe(0o700);
    expect(readdirSync(keys)).toHaveLength(1);
    expect(made.certificate.subject).toContain('Bootwright');

    const bytes = readFileSync(made.keyFile);
    const again = await ownSigningKey(keys);
    expect(readFileSync(again.keyFile)).toEqual(bytes);
    expect(again.certificate).toEqual(made.certificate);

    const { stdout } = await run('openssl', ['x509', '-in', made.keyFile, '-noout', '-text']);
    expect(stdout).toMatch(/Public-Key: \(4096 bit\)/);
    expect(stdout).toMatch(/CA:FALSE/);
    expect(stdout).toMatch(/Digital Signature/);
  });

  test('does not go on with a file that is no key, nor overwrite it', async () => {
    const keys = file('spoilt');
    const { keyFile } = await ownSigningKey(keys);
    writeFileSync(keyFile, 'not a key');
    await expect(ownSigningKey(keys)).rejects.toMatchObject({ code: 'BW-MODULES-KEY' });
    expect(readFileSync(keyFile, 'utf8')).toBe('not a key');
  });
});

describe('givenSigningKey', () => {
  test('reads subject and fingerprint as openssl does', async () => {
    const key = await givenSigningKey(file('good.pem'));
    expect(key.certificate.subject).toBe('O=Test, CN=one');
    const args = ['x509', '-in', file('one.crt'), '-noout', '-fingerprint', '-sha256'];
    const { stdout } = await run('openssl', args);
    expect(key.certificate.sha256).toBe(
      stdout.trim().split('=')[1]?.replaceAll(':', '').toLowerCase(),
    );
    expect(key.warning).toBeUndefined();
  });

  test('warns of a key that others can read', async () => {
    chmodSync(file('good.pem'), 0o644);
    expect((await givenSigningKey(file('good.pem'))).warning).toMatch(/chmod 600/);
    chmodSync(file('good.pem'), 0o600);
  });

  test.each([
    ['mixed.pem', /do not belong together/],
    ['one.key', /no certificate/],
    ['one.crt', /no private key/],
    ['locked.pem', /passphrase/],
  ])('refuses %s', async (name, message) => {
    await expect(givenSigningKey(file(name))).rejects.toMatchObject({
      code: 'BW-MODULES-KEY',
      message: expect.stringMatching(message),
    });
  });

  test('says when there is no such file', async () => {
    await expect(givenSigningKey(file('none'))).rejects.toMatchObject({ code: 'BW-FILE-MISSING' });
  });
});
