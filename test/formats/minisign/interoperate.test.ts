import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  checkSignature,
  generateKey,
  isLocked,
  parsePublicKeyFile,
  parseSecretKeyFile,
  parseSignature,
  renderPublicKey,
  renderPublicKeyFile,
  renderSecretKeyFile,
  signContent,
} from '../../../src/formats/minisign/index.ts';
import { run } from '../../../src/system/process.ts';
import { findTool } from '../../../src/system/tools.ts';
import { scratchFolder } from '../../scratch.ts';
import { cheap } from './keys.ts';

/** Runs minisign in a folder; it takes passphrases from standard input, where that is no terminal. */
function minisign(
  folder: string,
  args: readonly string[],
  input = '',
): Promise<{ stdout: string }> {
  return run('minisign', args, { cwd: folder, input });
}

/** A folder with content, and a key of ours. */
async function ours(passphrase?: string) {
  const folder = scratchFolder();
  const content = Buffer.from('what is signed\n');
  const key = generateKey();
  writeFileSync(join(folder, 'content'), content);
  writeFileSync(join(folder, 'our.pub'), renderPublicKeyFile(key.publicKey));
  writeFileSync(join(folder, 'our.key'), await renderSecretKeyFile(key, passphrase, cheap));
  return { folder, content, key };
}

describe.skipIf(findTool('minisign') === undefined)('with minisign itself', () => {
  let version: string;
  beforeAll(async () => {
    version = (await run('minisign', ['-v'])).stdout;
  });

  const comments = ['plain', 'a\ttab and "quotes"', 'ähm, 日本語, 🐧', '', 'x'.repeat(8173)];

  test.each(comments)('it verifies what we sign (%#)', async (trusted) => {
    const { folder, content, key } = await ours();
    const text = signContent(content, key, { comment: 'of a test', trusted });
    writeFileSync(join(folder, 'content.minisig'), text);
    const { stdout } = await minisign(folder, ['-Vm', 'content', '-p', 'our.pub']);
    expect(stdout, version).toBe(
      `Signature and comment signature verified\nTrusted comment: ${trusted}\n`,
    );
    await minisign(folder, ['-Vm', 'content', '-P', renderPublicKey(key.publicKey)]);
    writeFileSync(join(folder, 'content'), 'something else\n');
    await expect(minisign(folder, ['-Vm', 'content', '-p', 'our.pub'])).rejects.toMatchObject({
      code: 'BW-TOOL-FAILED',
    });
  });

  test.each([
    ['prehashed', []],
    ['legacy', ['-l']],
  ])('we verify what it signs with our key (%s)', async (_, args) => {
    const { folder, content, key } = await ours();
    await minisign(folder, ['-S', ...args, '-m', 'content', '-s', 'our.key', '-t', 'ähm\tx']);
    const signature = parseSignature(readFileSync(join(folder, 'content.minisig')));
    expect(signature.trustedComment).toBe('ähm\tx');
    expect(checkSignature(signature, content, key.publicKey)).toBe('good');
    expect(checkSignature(signature, Buffer.from('x'), key.publicKey)).toBe('other-content');
  });

  test('it opens our locked key by its passphrase, and by no other one', async () => {
    const passphrase = 'korrektes Pferd "Batterie" ähm';
    const { folder, content, key } = await ours(passphrase);
    const sign = ['-Sm', 'content', '-s', 'our.key'];
    await expect(minisign(folder, sign, 'wrong\n')).rejects.toMatchObject({
      code: 'BW-TOOL-FAILED',
    });
    await minisign(folder, sign, `${passphrase}\n`);
    const signature = parseSignature(readFileSync(join(folder, 'content.minisig')));
    expect(checkSignature(signature, content, key.publicKey)).toBe('good');
  });

  test('it makes our public key out of our secret one', async () => {
    const { folder, key } = await ours();
    await minisign(folder, ['-R', '-s', 'our.key', '-p', 'again.pub']);
    // Its comment has the key's number without leading zeros; a comment means nothing.
    const again = parsePublicKeyFile(readFileSync(join(folder, 'again.pub')));
    expect(renderPublicKey(again)).toBe(renderPublicKey(key.publicKey));
  });

  test('we sign with the key that it makes', async () => {
    const { folder, content } = await ours();
    await minisign(folder, ['-G', '-W', '-p', 'its.pub', '-s', 'its.key']);
    const key = parseSecretKeyFile(readFileSync(join(folder, 'its.key')));
    if (isLocked(key)) throw new Error('it is locked');
    const its = parsePublicKeyFile(readFileSync(join(folder, 'its.pub')));
    expect(renderPublicKey(key.publicKey)).toBe(renderPublicKey(its));
    const text = signContent(content, key, { comment: 'x', trusted: 'y' });
    writeFileSync(join(folder, 'content.minisig'), text);
    await minisign(folder, ['-Vm', 'content', '-p', 'its.pub']);
  });
});
