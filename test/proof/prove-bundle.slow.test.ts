import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packBundle } from '../../src/bundle/pack.ts';
import { readProofs } from '../../src/bundle/proof-record.ts';
import { proveBundle } from '../../src/proof/prove-bundle.ts';
import { proofSchema } from '../../src/proof/record.ts';
import { unwatched } from '../../src/system/progress.ts';
import { provenance, report } from '../bundle/parts.ts';
import { subjectFromEnvironment } from './boots.ts';

const subject = subjectFromEnvironment();

test.skipIf(subject === undefined)(
  'a bundle is unpacked, booted, and has its record; the manifest says what uname must say',
  { timeout: 300_000 },
  async () => {
    if (subject === undefined) return;
    const folder = await mkdtemp(join(tmpdir(), 'bundle-boot-'));
    const file = async (name: string, content: string): Promise<string> => {
      await writeFile(join(folder, name), content);
      return join(folder, name);
    };
    const packed = await packBundle({
      parts: {
        image: subject.image,
        config: await file('config', 'CONFIG_ROOT_NFS=y\n'),
        stockConfig: await file('stock', ''),
        systemMap: await file('map', ''),
        moduleSymvers: await file('symvers', ''),
        promotionReport: await file('report.json', JSON.stringify(report)),
        moduleTree: subject.modulesFolder,
      },
      provenance: {
        ...provenance,
        target: { ...provenance.target, kernelRelease: subject.kernelRelease },
        modules: { ...provenance.modules, signed: subject.signed },
      },
      folder: join(folder, 'bundles'),
      format: 'tar.zst',
      timestamp: 1_700_000_000,
      step: unwatched,
    });
    const { proof, record } = await proveBundle(
      packed.folder,
      { nic: 'e1000e', firmware: 'bios', nfs: 4 },
      unwatched,
    );
    expect(proof.failure).toBeNull();
    expect(proof.bundle.id).toBe(packed.manifest.id);
    expect(proof.bundle.imageSha256).toBe(packed.manifest.kernel.sha256);
    expect(proof.checks).toContainEqual(
      expect.objectContaining({
        id: 'kernel-build',
        verdict: 'passed',
        expected: expect.stringMatching(/^#/),
      }),
    );
    expect(record).toBe(join(packed.folder, 'proofs', 'bios-e1000e-nfs4.json'));
    const latest = proofSchema.parse(
      JSON.parse(await readFile(join(packed.folder, 'proof.json'), 'utf8')),
    );
    expect(latest).toEqual({ ...proof, logs: 'proofs/bios-e1000e-nfs4' });
    expect(await readFile(join(packed.folder, latest.logs, 'console.log'), 'utf8')).toContain(
      'Linux version',
    );
    expect(await readProofs(packed.folder)).toContainEqual(
      expect.objectContaining({ verdict: 'passed', title: 'BIOS, e1000e, NFS 4' }),
    );
    // What it was unpacked into is gone.
    expect((await readdir(join(packed.folder, 'proofs'))).sort()).toEqual([
      'bios-e1000e-nfs4',
      'bios-e1000e-nfs4.json',
    ]);
    await rm(folder, { recursive: true });
  },
);
