import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { makeKeyFiles, readPublicKey, readSecretKey } from '../../../src/bundle/signature/keys.ts';
import { generateKey, renderSecretKeyFile } from '../../../src/formats/minisign/index.ts';
import { cheap } from '../../formats/minisign/keys.ts';
import { scratchFolder } from '../../scratch.ts';

const open = async () => undefined;
const never = async (): Promise<string> => {
  throw new Error('nobody should have been asked');
};

describe('makeKeyFiles', () => {
  test('makes a pair, the secret one for its owner alone under any umask', async () => {
    const umask = process.umask(0);
    onTestFinished(() => {
      process.umask(umask);
    });
    const path = join(scratchFolder(), 'deeper', 'bundles.key');
    const made = await makeKeyFiles(path, open);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(`${path}.pub`).mode & 0o777).toBe(0o644);
    expect(readdirSync(join(path, '..')).sort()).toEqual(['bundles.key', 'bundles.key.pub']);
    expect(made).toMatchObject({ secretKey: path, publicKeyFile: `${path}.pub`, locked: false });
    const key = await readSecretKey(path, never);
    expect(key.publicKey.id).toBe(made.keyId);
    for (const given of [made.publicKey, made.publicKeyFile]) {
      expect((await readPublicKey(given)).id).toBe(made.keyId);
    }
  });

  test.each(['', '.pub'])('replaces nothing: x%s', async (end) => {
    const folder = scratchFolder();
    const path = join(folder, 'x');
    writeFileSync(path + end, 'old');
    await expect(makeKeyFiles(path, never)).rejects.toMatchObject({
      code: 'BW-KEY-EXISTS',
      message: `"${path}${end}" is there already.`,
    });
    expect(readdirSync(folder)).toEqual([`x${end}`]);
  });

  test.each(['', '.pub'])('nor what appears while a passphrase is typed: x%s', async (end) => {
    const folder = scratchFolder();
    const path = join(folder, 'x');
    const meanwhile = async () => {
      writeFileSync(path + end, 'other');
      return undefined;
    };
    await expect(makeKeyFiles(path, meanwhile)).rejects.toMatchObject({ code: 'BW-KEY-EXISTS' });
    expect(readdirSync(folder)).toEqual([`x${end}`]);
    expect(readFileSync(path + end, 'utf8')).toBe('other');
  });

  test.each(['', 'a\0b', 'x'.repeat(1024)])('takes no such passphrase (%#)', async (passphrase) => {
    const folder = scratchFolder();
    await expect(makeKeyFiles(join(folder, 'x'), async () => passphrase)).rejects.toMatchObject({
      code: 'BW-KEY-PASSPHRASE-UNFIT',
    });
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('readSecretKey', () => {
  test('opens a key by its passphrase alone', async () => {
    const path = join(scratchFolder(), 'x');
    const key = generateKey();
    writeFileSync(path, await renderSecretKeyFile(key, 'sesam', cheap));
    expect((await readSecretKey(path, async () => 'sesam')).publicKey.id).toBe(key.publicKey.id);
    await expect(readSecretKey(path, async () => 'Sesam')).rejects.toMatchObject({
      code: 'BW-KEY-PASSPHRASE',
      message: `The secret key "${path}" is not opened by this passphrase.`,
      exitStatus: 3,
    });
  });

  test.each<[string, string | Uint8Array]>([
    ['a text', 'this is no key'],
    ['a key of SSH', '-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjE=\n'],
    ['nothing', ''],
    ['bytes', Uint8Array.of(0xff, 0xfe)],
    ['a megabyte', 'x'.repeat(1 << 20)],
  ])('refuses %s', async (_, content) => {
    const path = join(scratchFolder(), 'x');
    writeFileSync(path, content);
    const error = { code: 'BW-KEY-NOT', message: expect.stringContaining(path) };
    await expect(readSecretKey(path, never)).rejects.toMatchObject(error);
    await expect(readPublicKey(path)).rejects.toMatchObject(error);
  });

  test('refuses a public key, as readPublicKey does a secret one', async () => {
    const path = join(scratchFolder(), 'x');
    await makeKeyFiles(path, open);
    await expect(readSecretKey(`${path}.pub`, never)).rejects.toMatchObject({ code: 'BW-KEY-NOT' });
    await expect(readPublicKey(path)).rejects.toMatchObject({ code: 'BW-KEY-NOT' });
  });

  test('says that there is none', async () => {
    const folder = scratchFolder();
    for (const path of [join(folder, 'none'), folder]) {
      const error = { code: 'BW-KEY-MISSING', message: expect.stringContaining(path) };
      await expect(readSecretKey(path, never)).rejects.toMatchObject(error);
      await expect(readPublicKey(path)).rejects.toMatchObject(error);
    }
  });
});
