import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { bundleFormats } from '../../../src/bundle/format.ts';
import type { PackedBundle } from '../../../src/bundle/pack.ts';
import { readPublicKey } from '../../../src/bundle/signature/keys.ts';
import { describeSigned, signBundle } from '../../../src/bundle/signature/sign.ts';
import { describeVerification, verifyBundle } from '../../../src/bundle/verify.ts';
import { generateKey } from '../../../src/formats/minisign/index.ts';
import { run } from '../../../src/system/process.ts';
import { findTool } from '../../../src/system/tools.ts';
import { scratchFolder } from '../../scratch.ts';
import { bundleToCopy } from '../copies.ts';
import { pack, provenance, writeParts } from '../parts.ts';
import { repack } from '../repack.ts';

const copyOfBundle = bundleToCopy();
const key = generateKey();
const ours = async () => key;

const signatureOf = (bundle: PackedBundle): string => join(bundle.folder, 'SHA256SUMS.minisig');

async function signed(options: Parameters<typeof signBundle>[2] = {}): Promise<PackedBundle> {
  const bundle = await copyOfBundle(scratchFolder());
  await signBundle(bundle.folder, ours, options);
  return bundle;
}

/** What is found in a bundle, by the key that is trusted. */
async function findingsOf(bundle: PackedBundle, trusted = key.publicKey) {
  return (await verifyBundle(bundle.folder, { key: trusted })).findings;
}

describe('a signed bundle', () => {
  test.each(bundleFormats)('holds by the key that signed it (%s)', async (format) => {
    const folder = scratchFolder();
    const bundle = await pack(writeParts(join(folder, 'in')), join(folder, 'out'), { format });
    const made = await signBundle(bundle.archive, ours);
    expect(made).toMatchObject({
      id: bundle.manifest.id,
      signature: signatureOf(bundle),
      keyId: key.publicKey.id,
      comment: expect.stringMatching(
        new RegExp(`^timestamp:\\d+\\tfile:SHA256SUMS\\thashed\\tbundle:${bundle.manifest.id}$`),
      ),
    });
    expect(describeSigned(made)).toContain(`minisign -Vm SHA256SUMS -P ${made.publicKey}`);
    const verification = await verifyBundle(bundle.folder, { key: key.publicKey });
    expect(verification).toMatchObject({
      findings: [],
      signature: { trusted: true, keyId: key.publicKey.id, comment: made.comment },
    });
    expect(describeVerification(verification)).toContain(
      `SHA256SUMS is signed by key ${key.publicKey.id}: ${made.comment}`,
    );
  });

  test.skipIf(findTool('minisign') === undefined)('holds by minisign and sha256sum', async () => {
    const bundle = await copyOfBundle(scratchFolder());
    const { publicKey } = await signBundle(bundle.folder, ours, { comment: 'für den Bootserver' });
    const cwd = bundle.folder;
    const { stdout } = await run('minisign', ['-Vm', 'SHA256SUMS', '-P', publicKey], { cwd });
    expect(stdout).toContain('Trusted comment: für den Bootserver\n');
    await run('sha256sum', ['--check', '--strict', 'SHA256SUMS'], { cwd });
  });

  test('is only said to be signed where no key is given', async () => {
    const verification = await verifyBundle((await signed()).folder);
    expect(verification).toMatchObject({ findings: [] });
    expect(verification.signature).toEqual({ trusted: false, keyId: key.publicKey.id });
    const text = describeVerification(verification);
    expect(text).toContain('It proves nothing before it is checked');
    expect(text).not.toContain('timestamp:');
  });

  test('can be signed anew, by another key', async () => {
    const bundle = await signed();
    const other = generateKey();
    await signBundle(bundle.folder, async () => other);
    expect(await findingsOf(bundle, other.publicKey)).toEqual([]);
  });

  test('keeps its signature when the same is packed again', async () => {
    const folder = scratchFolder();
    const parts = writeParts(join(folder, 'in'));
    const bundle = await pack(parts, join(folder, 'out'));
    await signBundle(bundle.folder, ours);
    await pack(parts, join(folder, 'out'));
    expect(await findingsOf(bundle)).toEqual([]);
    writeFileSync(bundle.archive, 'damaged');
    await pack(parts, join(folder, 'out'));
    expect(await findingsOf(bundle)).toEqual([]);
  });
});

describe('with a key, a bundle does not hold', () => {
  test('that is not signed', async () => {
    const bundle = await copyOfBundle(scratchFolder());
    expect(await findingsOf(bundle)).toMatchObject([
      { code: 'BW-BUNDLE-NOT-SIGNED', file: 'SHA256SUMS' },
    ]);
  });

  test('whose archive lies alone', async () => {
    const bundle = await signed();
    const alone = join(scratchFolder(), 'alone.tar.zst');
    cpSync(bundle.archive, alone);
    const { findings } = await verifyBundle(alone, { key: key.publicKey });
    expect(findings).toMatchObject([{ code: 'BW-BUNDLE-NOT-SIGNED' }]);
    expect((await verifyBundle(alone)).findings).toEqual([]);
  });

  test('whose checksums are gone', async () => {
    const bundle = await signed();
    rmSync(join(bundle.folder, 'SHA256SUMS'));
    expect(await findingsOf(bundle)).toMatchObject([
      { code: 'BW-BUNDLE-NOT-SIGNED' },
      { code: 'BW-BUNDLE-MISSING-FILE' },
    ]);
  });

  test('that another key has signed', async () => {
    const { publicKey } = generateKey();
    expect(await findingsOf(await signed(), publicKey)).toEqual([
      {
        code: 'BW-BUNDLE-SIGNATURE-OTHER-KEY',
        file: 'SHA256SUMS.minisig',
        problem: 'is of another key',
        expected: publicKey.id,
        found: key.publicKey.id,
      },
    ]);
  });

  test('that a stranger has signed in the name of this key', async () => {
    const bundle = await copyOfBundle(scratchFolder());
    const stranger = generateKey();
    const impostor = { ...stranger, publicKey: { ...stranger.publicKey, id: key.publicKey.id } };
    await signBundle(bundle.folder, async () => impostor);
    expect(await findingsOf(bundle)).toMatchObject([{ code: 'BW-BUNDLE-SIGNATURE-FORGED' }]);
  });

  test('that was changed, its checksums with it', async () => {
    const bundle = await signed();
    await repack(bundle.archive, (members) =>
      members.filter(({ name }) => !name.endsWith('ext4.ko')),
    );
    const findings = await findingsOf(bundle);
    expect(findings).toMatchObject([
      { code: 'BW-BUNDLE-SIGNATURE-OTHER-FILE' },
      { code: 'BW-BUNDLE-MISSING-FILE' },
    ]);
  });

  test('that has the signature of another bundle', async () => {
    const folder = scratchFolder();
    const parts = writeParts(join(folder, 'in'));
    const other = await pack(parts, join(folder, 'out'), {
      provenance: { ...provenance, toolchain: [] },
    });
    await signBundle(other.folder, ours);
    const bundle = await signed();
    cpSync(signatureOf(other), signatureOf(bundle));
    expect(await findingsOf(bundle)).toMatchObject([{ code: 'BW-BUNDLE-SIGNATURE-OTHER-FILE' }]);
  });

  test('that has the folder of another bundle under its signed checksums', async () => {
    const folder = scratchFolder();
    const parts = writeParts(join(folder, 'in'));
    const other = await pack(parts, join(folder, 'out'), {
      format: 'folder',
      provenance: { ...provenance, toolchain: [] },
    });
    const bundle = await signed();
    for (const name of ['SHA256SUMS', 'SHA256SUMS.minisig']) {
      cpSync(join(bundle.folder, name), join(other.folder, name));
    }
    expect((await findingsOf(other)).length).toBeGreaterThan(0);
  });

  test('whose comment was changed', async () => {
    const bundle = await signed({ comment: 'for the test network' });
    const path = signatureOf(bundle);
    writeFileSync(path, readFileSync(path, 'utf8').replace('test network', 'whole world'));
    const verification = await verifyBundle(bundle.folder, { key: key.publicKey });
    expect(verification.findings).toMatchObject([{ code: 'BW-BUNDLE-SIGNATURE-FORGED' }]);
    expect(describeVerification(verification)).not.toContain('whole world');
  });

  test('whose bill of materials was changed', async () => {
    const bundle = await signed();
    writeFileSync(join(bundle.folder, 'sbom.cdx.json'), '{}');
    expect(await findingsOf(bundle)).toMatchObject([
      { code: 'BW-BUNDLE-CORRUPT', file: 'sbom.cdx.json' },
    ]);
  });

  test.each([
    ['nothing', ''],
    ['a page', '<html>\n\n\n\n'],
    ['control characters', 'untrusted comment: \x1b[2J\nx\ntrusted comment: x\nx\n'],
  ])('beside which there is no signature but %s', async (_, text) => {
    const bundle = await copyOfBundle(scratchFolder());
    writeFileSync(signatureOf(bundle), text);
    expect(await findingsOf(bundle)).toMatchObject([{ code: 'BW-BUNDLE-SIGNATURE-FORGED' }]);
    // Who does not ask for a signature is told that there is something.
    const verification = await verifyBundle(bundle.folder);
    expect(verification).toMatchObject({ findings: [], signature: { trusted: false } });
    expect(describeVerification(verification)).toContain('cannot be read');
  });

  test('beside which there is far more than a signature has', async () => {
    const bundle = await copyOfBundle(scratchFolder());
    writeFileSync(signatureOf(bundle), 'x'.repeat(100_000));
    await expect(findingsOf(bundle)).rejects.toMatchObject({ code: 'BW-FILE-TOO-LARGE' });
  });
});

describe('signBundle does not sign', () => {
  test('what does not hold', async () => {
    const bundle = await copyOfBundle(scratchFolder());
    await repack(bundle.archive, (members) => [...members, { name: 'boot/more', content: 'x' }]);
    await expect(signBundle(bundle.folder, ours)).rejects.toMatchObject({
      code: 'BW-BUNDLE-EXTRA-FILE',
    });
    expect(existsSync(signatureOf(bundle))).toBe(false);
  });

  test('an archive that lies alone', async () => {
    const bundle = await copyOfBundle(scratchFolder());
    const alone = join(scratchFolder(), `x${basename(bundle.archive)}`);
    cpSync(bundle.archive, alone);
    await expect(signBundle(alone, ours)).rejects.toMatchObject({ code: 'BW-BUNDLE-MISSING-FILE' });
  });

  test.each(['a\nb', 'x'.repeat(9000), 'red \x1b[31m'])('such a comment (%#)', async (comment) => {
    const bundle = await copyOfBundle(scratchFolder());
    await expect(signBundle(bundle.folder, ours, { comment })).rejects.toMatchObject({
      code: 'BW-USAGE',
    });
    expect(existsSync(signatureOf(bundle))).toBe(false);
  });
});

test.skipIf(findTool('minisign') === undefined).each([['-S'], ['-Sl']])(
  'a signature that minisign has made is as good (%s)',
  async (flags) => {
    const { folder, ...rest } = await copyOfBundle(scratchFolder());
    const minisign = (args: readonly string[]) => run('minisign', args, { cwd: folder });
    const keys = scratchFolder();
    await minisign(['-G', '-W', '-p', join(keys, 'its.pub'), '-s', join(keys, 'its.key')]);
    await minisign([flags, '-m', 'SHA256SUMS', '-s', join(keys, 'its.key')]);
    const its = await readPublicKey(join(keys, 'its.pub'));
    expect(await findingsOf({ folder, ...rest }, its)).toEqual([]);
  },
);
