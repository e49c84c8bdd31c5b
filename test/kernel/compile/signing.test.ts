import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { signingMeans, signingSettings } from '../../../src/kernel/compile/index.ts';
import { placeSigningKey } from '../../../src/kernel/compile/signing.ts';
import { run } from '../../../src/system/process.ts';

const base = mkdtempSync(join(tmpdir(), 'bootwright-signing-'));
const keyFile = join(base, 'key.pem');

function tree(name: string, files: Readonly<Record<string, string>>): string {
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(base, name, file)), { recursive: true });
    writeFileSync(join(base, name, file), text);
  }
  return join(base, name);
}

const newer = tree('newer', {
  Makefile: 'VERSION = 6\n',
  'certs/Kconfig': 'config MODULE_SIG_KEY\n\tstring "Key"\n',
});
const older = tree('older', {
  Makefile: 'ifdef CONFIG_MODULE_SIG_ALL\nMODSECKEY = ./signing_key.priv\nendif\n',
  'init/Kconfig': 'config MODULE_SIG\n\tbool "Sign"\n',
});
const oldest = tree('oldest', { Makefile: 'VERSION = 2\n', 'init/Kconfig': 'config MODULE_SIG\n' });

beforeAll(async () => {
  await run('openssl', [
    ...['req', '-new', '-x509', '-nodes', '-newkey', 'rsa:2048', '-subj', '/CN=test'],
    ...['-out', keyFile, '-keyout', keyFile],
  ]);
});
afterAll(() => rmSync(base, { recursive: true }));

test('how a tree is told the key is found in its own sources', async () => {
  expect(await Promise.all([newer, older, oldest].map(signingMeans))).toEqual([
    'config',
    'files',
    'unknown',
  ]);
});

describe('signingSettings', () => {
  const signs = 'CONFIG_MODULE_SIG=y\n# CONFIG_MODULE_SIG_ALL is not set\n';
  const symbols = (config: string, means: 'config' | 'files' | 'unknown'): string[] =>
    signingSettings(config, means).map(({ symbol }) => symbol);

  test('sets only what the tree has', () => {
    expect(symbols(signs, 'config')).toEqual(['MODULE_SIG_KEY', 'MODULE_SIG_ALL']);
    expect(symbols(signs, 'files')).toEqual(['MODULE_SIG_ALL']);
    expect(symbols(signs, 'unknown')).toEqual([]);
  });

  test('names a key outside of certs/, where kbuild may overwrite what it finds', () => {
    const config =
      'CONFIG_MODULE_SIG=y\nCONFIG_MODULE_SIG_ALL=y\nCONFIG_MODULE_SIG_KEY="certs/x.pem"\n';
    const [key, ...rest] = signingSettings(config, 'config');
    expect(key?.value).toMatch(/^[\w-]+\.pem$/);
    expect(rest).toEqual([]);
  });

  test('leaves a kernel alone that signs nothing', () => {
    expect(symbols('CONFIG_MODULES=y\n', 'config')).toEqual([]);
    expect(symbols('# CONFIG_MODULE_SIG is not set\n', 'config')).toEqual([]);
  });
});

describe('placeSigningKey', () => {
  const values = new Map([['MODULE_SIG', 'y']]);

  test('puts one file where the config says', async () => {
    const folder = mkdtempSync(join(base, 'objects-'));
    const named = new Map([...values, ['MODULE_SIG_KEY', '"module-signing-key.pem"']]);
    await placeSigningKey(newer, folder, keyFile, named);
    expect(readFileSync(join(folder, 'module-signing-key.pem'))).toEqual(readFileSync(keyFile));
    await expect(placeSigningKey(newer, folder, keyFile, values)).rejects.toMatchObject({
      code: 'BW-COMPILE-SIGNING-KEY',
    });
  });

  test('puts three files where the names are fixed, the request the oldest', async () => {
    const folder = mkdtempSync(join(base, 'objects-'));
    await placeSigningKey(older, folder, keyFile, values);
    const certificate = new X509Certificate(readFileSync(join(folder, 'signing_key.x509')));
    const key = createPrivateKey(readFileSync(join(folder, 'signing_key.priv')));
    expect(certificate.checkPrivateKey(key)).toBe(true);
    const stamp = (name: string): number => statSync(join(folder, name)).mtimeMs;
    const before = stamp('signing_key.x509');
    expect(stamp('x509.genkey')).toBeLessThan(before);
    expect(statSync(join(folder, 'signing_key.priv')).mode & 0o777).toBe(0o600);
    await placeSigningKey(older, folder, keyFile, values);
    expect(stamp('signing_key.x509')).toBe(before);
  });

  test('says so where the tree signs otherwise', async () => {
    await expect(placeSigningKey(oldest, base, keyFile, values)).rejects.toMatchObject({
      code: 'BW-COMPILE-SIGNING-MEANS',
    });
  });
});
