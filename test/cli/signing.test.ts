import { spawn } from 'node:child_process';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  generateKey,
  renderPublicKey,
  renderPublicKeyFile,
  renderSecretKeyFile,
} from '../../src/formats/minisign/index.ts';
import { run } from '../../src/system/process.ts';
import { bundleToCopy } from '../bundle/copies.ts';
import { cheap } from '../formats/minisign/keys.ts';
import { scratchFolder } from '../scratch.ts';

const launcher = resolve('bootwright');
const copyOfBundle = bundleToCopy();

/** Runs the command line as a person would, in a folder. */
async function bootwright(args: readonly string[], cwd: string) {
  const anyStatus = Array.from({ length: 256 }, (_, status) => status);
  return run(launcher, args, { cwd, accept: anyStatus });
}

/** Runs it on a terminal of its own (script(1)), and types an answer whenever it is asked for one. */
async function onTerminal(args: readonly string[], cwd: string, answers: readonly string[]) {
  const command = [launcher, ...args].map((word) => `'${word}'`).join(' ');
  const child = spawn('script', ['-qec', command, '/dev/null'], { cwd, stdio: 'pipe' });
  const waiting = answers.values();
  let output = '';
  let answered = 0;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    const asked = output.match(/(?:Passphrase .*|once more): /g)?.length ?? 0;
    for (; answered < asked; answered += 1) child.stdin.write(waiting.next().value ?? '\x03');
  });
  const status = await new Promise<number | null>((done) => child.once('close', done));
  return { output, status };
}

/** A folder with a bundle, and a key that a passphrase opens. */
async function withLockedKey(passphrase = 'sesam ähm') {
  const folder = scratchFolder();
  const bundle = await copyOfBundle(folder);
  const key = generateKey();
  writeFileSync(join(folder, 'k'), await renderSecretKeyFile(key, passphrase, cheap));
  writeFileSync(join(folder, 'k.pub'), renderPublicKeyFile(key.publicKey));
  writeFileSync(join(folder, 'passphrase'), `${passphrase}\nnot this line\n`);
  return { folder, bundle: bundle.manifest.id, key: renderPublicKey(key.publicKey) };
}

describe('key new', () => {
  test('makes a pair, once', async () => {
    const folder = scratchFolder();
    const made = await bootwright(['key', 'new', '--no-passphrase'], folder);
    expect(made.exitCode, made.stderr).toBe(0);
    expect(statSync(join(folder, 'bootwright.key')).mode & 0o777).toBe(0o600);
    const [, publicKey = ''] = readFileSync(join(folder, 'bootwright.key.pub'), 'utf8').split('\n');
    expect(made.stdout).toContain(publicKey);
    const [, secretKey = ''] = readFileSync(join(folder, 'bootwright.key'), 'utf8').split('\n');
    expect(made.stdout + made.stderr).not.toContain(secretKey.slice(0, 30));
    const again = await bootwright(['key', 'new', '--no-passphrase'], folder);
    expect(again.exitCode).toBe(2);
    expect(again.stderr).toContain('BW-KEY-EXISTS');
  });

  test.each([
    [['--passphrase-file', 'empty'], 2, 'BW-KEY-PASSPHRASE-UNFIT'],
    [['--passphrase-file', 'gone'], 3, 'BW-FILE-MISSING'],
    [['--passphrase-file', 'empty', '--no-passphrase'], 2, 'BW-USAGE'],
    [[], 2, 'BW-KEY-PASSPHRASE-NEEDED'],
  ])('%j makes none', async (args, status, code) => {
    const folder = scratchFolder();
    writeFileSync(join(folder, 'empty'), '\n');
    const { exitCode, stderr } = await bootwright(['key', 'new', ...args], folder);
    expect(stderr).toContain(code);
    expect(exitCode).toBe(status);
    expect(existsSync(join(folder, 'bootwright.key'))).toBe(false);
  });

  test('asks twice, shows nothing of what is typed, and wants the same', async () => {
    const folder = scratchFolder();
    const { output, status } = await onTerminal(['key', 'new'], folder, ['geheim\r', 'geheam\r']);
    expect(output).toContain('BW-KEY-PASSPHRASE-UNFIT');
    expect(output).not.toContain('gehe');
    expect(status).toBe(2);
    expect(existsSync(join(folder, 'bootwright.key'))).toBe(false);
  });

  test.each([
    ['Ctrl-C', '\x03'],
    ['Ctrl-D', '\x04'],
  ])('can be left by %s', async (_, typed) => {
    const { output, status } = await onTerminal(['key', 'new'], scratchFolder(), [typed]);
    expect(output).toContain('BW-INTERRUPTED');
    expect(status).toBe(130);
  });
});

describe('sign and verify', () => {
  test('with a passphrase from a file, and the key by its file or by itself', async () => {
    const { folder, bundle, key } = await withLockedKey();
    const how = ['--key', 'k', '--passphrase-file', 'passphrase', '--comment', 'for site B'];
    const signed = await bootwright(['sign', bundle, ...how], folder);
    expect(signed.exitCode, signed.stderr).toBe(0);
    expect(signed.stdout).toContain(`bootwright verify --public-key ${key}`);
    expect(signed.stdout + signed.stderr).not.toContain('sesam');
    for (const given of ['k.pub', key]) {
      const verified = await bootwright(['verify', bundle, '--public-key', given], folder);
      expect(verified.exitCode, verified.stderr).toBe(0);
      expect(verified.stdout).toMatch(/^SHA256SUMS is signed by key [0-9A-F]{16}: for site B$/m);
    }
    const unasked = await bootwright(['verify', bundle], folder);
    expect(unasked.exitCode).toBe(0);
    expect(unasked.stdout).toContain('It proves nothing');
    const json = await bootwright(['verify', '--json', bundle, '--public-key', key], folder);
    expect(JSON.parse(json.stdout.trimEnd().split('\n').at(-1) ?? '')).toMatchObject({
      type: 'result',
      value: { findings: [], sbom: true, signature: { trusted: true, comment: 'for site B' } },
    });
  });

  test('with a passphrase that is typed, and not shown', async () => {
    const { folder, bundle } = await withLockedKey();
    const typed = ['sesam ähmm\x7f\r'];
    const { output, status } = await onTerminal(['sign', bundle, '--key', 'k'], folder, typed);
    expect(output).toContain('is signed by key');
    expect(output).not.toContain('sesam');
    expect(status).toBe(0);
  });

  test('with a wrong passphrase nothing is signed', async () => {
    const { folder, bundle } = await withLockedKey();
    writeFileSync(join(folder, 'passphrase'), 'sesam\n');
    const how = ['--key', 'k', '--passphrase-file', 'passphrase'];
    const { exitCode, stderr } = await bootwright(['sign', bundle, ...how], folder);
    expect(exitCode).toBe(3);
    expect(stderr).toContain('BW-KEY-PASSPHRASE');
    expect(stderr).not.toContain('sesam');
    expect(existsSync(join(folder, bundle, 'SHA256SUMS.minisig'))).toBe(false);
  });

  test('without a terminal, a locked key needs a file', async () => {
    const { folder, bundle } = await withLockedKey();
    const { exitCode, stderr } = await bootwright(['sign', bundle, '--key', 'k'], folder);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('BW-KEY-PASSPHRASE-NEEDED');
    expect(stderr).toContain('--passphrase-file');
  });

  test.each<[string, readonly string[], number, string]>([
    ['no such key', ['sign', '--key', 'gone'], 3, 'BW-KEY-MISSING'],
    ['a public key to sign with', ['sign', '--key', 'k.pub'], 3, 'BW-KEY-NOT'],
    ['no key to sign with', ['sign'], 2, 'BW-USAGE'],
    ['no such public key', ['verify', '--public-key', 'RWgone'], 3, 'BW-KEY-MISSING'],
    ['a secret key to verify by', ['verify', '--public-key', 'k'], 3, 'BW-KEY-NOT'],
    ['a bundle that is not signed', ['verify', '--public-key', 'k.pub'], 6, 'BW-BUNDLE-NOT-SIGNED'],
  ])('%s', async (_, args, status, code) => {
    const { folder, bundle } = await withLockedKey();
    const { exitCode, stderr } = await bootwright([...args, bundle], folder);
    expect(stderr).toContain(code);
    expect(exitCode).toBe(status);
  });

  test('a forged signature', async () => {
    const { folder, bundle } = await withLockedKey();
    const how = ['--key', 'k', '--passphrase-file', 'passphrase'];
    await bootwright(['sign', bundle, ...how], folder);
    const path = join(folder, bundle, 'SHA256SUMS.minisig');
    writeFileSync(path, readFileSync(path, 'utf8').replace('timestamp:1', 'timestamp:2'));
    const verify = ['verify', bundle, '--public-key', 'k.pub'];
    const { exitCode, stdout, stderr } = await bootwright(verify, folder);
    expect(exitCode).toBe(6);
    expect(stdout).toContain('does NOT hold (1 finding)');
    expect(stderr).toContain('BW-BUNDLE-SIGNATURE-FORGED');
  });

  test('whom to trust is not for a file of defaults to say', async () => {
    const { folder, bundle, key } = await withLockedKey();
    const defaults = { verify: { 'public-key': key } };
    writeFileSync(join(folder, 'bootwright.json'), JSON.stringify(defaults));
    const { exitCode, stderr } = await bootwright(['verify', bundle], folder);
    expect(stderr).toContain('BW-DEFAULTS-INVALID');
    expect(exitCode).toBe(2);
  });
});
