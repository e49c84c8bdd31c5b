import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { openBundle } from '../../src/bundle/open.ts';
import type { PackedBundle } from '../../src/bundle/pack.ts';
import { signatureName } from '../../src/bundle/signature/name.ts';
import { unpackBundle } from '../../src/bundle/unpack.ts';
import { describeVerification, verificationError, verifyBundle } from '../../src/bundle/verify.ts';
import { generateKey, signContent } from '../../src/formats/minisign/index.ts';
import { BootwrightError } from '../../src/system/errors/index.ts';
import { pack, writeParts } from '../../test/bundle/parts.ts';
import { sumAgain } from '../../test/bundle/repack.ts';
import type { Target } from '../target.ts';
import { joinSections, splitSections } from './sections.ts';

/** A key that is trusted, which has signed the sample. */
const key = generateKey();

let packing: Promise<PackedBundle> | undefined;

/** A bundle of a few small files, packed once. */
function sample(): Promise<PackedBundle> {
  packing ??= (async () => {
    const home = mkdtempSync(join(tmpdir(), 'bootwright-fuzz-'));
    process.once('exit', () => rmSync(home, { recursive: true, force: true }));
    return pack(writeParts(join(home, 'in')), join(home, 'out'));
  })();
  return packing;
}

async function check(folder: string): Promise<void> {
  const verification = await verifyBundle(folder, { key: key.publicKey });
  verificationError(verification);
  describeVerification(verification);
}

/** A bundle's archive, once it is decompressed: read, checked, unpacked. */
export const archiveTarget: Target = {
  name: 'archive',
  words: ['ustar\0', '00', '../', '/', 'manifest.json', '\0', '0000644\0', '5', '2', 'x', 'L'],
  async seeds() {
    const { archive } = await sample();
    return [zstdDecompressSync(readFileSync(archive))];
  },
  async run(input) {
    const { folder, archive } = await sample();
    writeFileSync(archive, zstdCompressSync(input));
    sumAgain(archive);
    await check(folder);
    const lone = join(folder, '..', 'lone.tar.zst');
    writeFileSync(lone, readFileSync(archive));
    const bundle = await openBundle(lone);
    const place = join(folder, '..', 'unpacked');
    try {
      await unpackBundle(bundle, place);
    } finally {
      rmSync(place, { recursive: true, force: true });
    }
  },
  isOwnError: (error) => error instanceof BootwrightError,
};

const proof = {
  bundle: { id: 'kernel', imageSha256: '00' },
  verdict: 'passed',
  title: 'BIOS',
  time: '2026-01-01T00:00:00Z',
};

/** What lies beside a bundle's archive: checksums, their signature, proofs. */
export const besideTarget: Target = {
  name: 'beside',
  words: [
    '## sums\n',
    '## proof\n',
    '## signature\n',
    '  ',
    ' *',
    'manifest.json\n',
    '{',
    '[',
    '"verdict"',
    'null',
  ],
  async seeds() {
    const { folder } = await sample();
    const sums = readFileSync(join(folder, 'SHA256SUMS'), 'latin1');
    const comments = { comment: 'x', trusted: 'y' };
    const signature = signContent(Buffer.from(sums, 'latin1'), key, comments);
    return [joinSections({ sums, proof: JSON.stringify(proof), signature })];
  },
  async run(input) {
    const { folder } = await sample();
    const sections = splitSections(input);
    writeFileSync(join(folder, 'SHA256SUMS'), sections.get('sums') ?? '', 'latin1');
    writeFileSync(join(folder, 'proof.json'), sections.get('proof') ?? '', 'latin1');
    writeFileSync(join(folder, signatureName), sections.get('signature') ?? '', 'latin1');
    await check(folder);
  },
  isOwnError: (error) => error instanceof BootwrightError,
};
