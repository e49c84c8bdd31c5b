import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readProofs } from '../../src/bundle/proof-record.ts';
import { verifyBundle } from '../../src/bundle/verify.ts';
import { machinesOf } from '../../src/proof/matrix/machines.ts';
import { proveMatrix, requireMatrixPassed } from '../../src/proof/matrix/prove-matrix.ts';
import { matrixSchema } from '../../src/proof/matrix/record.ts';
import { proveBundle } from '../../src/proof/prove-bundle.ts';
import { proofSchema } from '../../src/proof/record.ts';
import { type ProgressEvent, unwatched, watch } from '../../src/system/progress.ts';
import { exampleBuild } from '../example.ts';

let folder: string;
let example: Awaited<ReturnType<typeof exampleBuild>>['bundle'];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bundle-boot-'));
  example = (await exampleBuild()).bundle;
});
afterAll(() => rm(folder, { recursive: true }));

/** A copy of the example's bundle without what was proved of it. */
async function bundleCopy(name: string): Promise<string> {
  const copy = join(folder, name);
  await cp(example.folder, copy, { recursive: true });
  for (const part of ['proofs', 'proof.json']) {
    await rm(join(copy, part), { recursive: true, force: true });
  }
  return copy;
}

test('a bundle is unpacked, booted, and has its record', { timeout: 300_000 }, async () => {
  const bundle = await bundleCopy('one');
  const { proof, record } = await proveBundle(
    bundle,
    { nic: 'e1000e', firmware: 'bios', nfs: 4 },
    unwatched,
  );
  expect(proof.failure).toBeNull();
  expect(proof.bundle.id).toBe(example.manifest.id);
  expect(proof.bundle.imageSha256).toBe(example.manifest.kernel.sha256);
  // The manifest says what uname must say.
  expect(proof.checks).toContainEqual(
    expect.objectContaining({
      id: 'kernel-build',
      verdict: 'passed',
      expected: expect.stringMatching(/^#/),
    }),
  );
  expect(record).toBe(join(bundle, 'proofs', 'bios-e1000e-nfs4.json'));
  const latest = proofSchema.parse(JSON.parse(await readFile(join(bundle, 'proof.json'), 'utf8')));
  expect(latest).toEqual({ ...proof, logs: 'proofs/bios-e1000e-nfs4' });
  expect(await readFile(join(bundle, latest.logs, 'console.log'), 'utf8')).toContain(
    'Linux version',
  );
  expect(await readProofs(bundle)).toEqual([
    expect.objectContaining({ verdict: 'passed', title: 'BIOS, e1000e, NFS 4' }),
  ]);
  // What it was unpacked into is gone.
  expect((await readdir(join(bundle, 'proofs'))).sort()).toEqual([
    'bios-e1000e-nfs4',
    'bios-e1000e-nfs4.json',
  ]);
});

test('the quick matrix passes, two machines at a time', { timeout: 600_000 }, async () => {
  const bundle = await bundleCopy('matrix');
  const events: ProgressEvent[] = [];
  const { matrix, record } = await proveMatrix(
    bundle,
    { name: 'quick', jobs: 2 },
    watch((event) => events.push(event)),
  );
  // First, so that a boot that fails shows here why.
  expect(matrix.boots.filter(({ verdict }) => verdict !== 'passed')).toEqual([]);
  expect(matrix.boots).toHaveLength(machinesOf('quick').length);
  expect(() => requireMatrixPassed(matrix, record)).not.toThrow();
  expect(matrixSchema.parse(JSON.parse(await readFile(record, 'utf8')))).toEqual(matrix);
  expect(await readFile(join(bundle, 'matrix.xml'), 'utf8')).toContain('failures="0"');
  for (const { record: proof } of matrix.boots) {
    proofSchema.parse(JSON.parse(await readFile(join(bundle, proof ?? ''), 'utf8')));
  }
  // One step for each boot, not one for each of its stages.
  expect(events.filter(({ type }) => type === 'step-start')).toHaveLength(
    1 + machinesOf('quick').length,
  );
  // What lies beside the bundle belongs to it.
  expect((await verifyBundle(bundle)).findings).toEqual([]);
});

test('a matrix is stopped at once', { timeout: 300_000 }, async () => {
  const bundle = await bundleCopy('stopped');
  const abort = new AbortController();
  const work = proveMatrix(
    bundle,
    { name: 'quick', jobs: 2, signal: abort.signal },
    watch((event) => {
      if (event.type === 'step-start' && event.title.startsWith('BIOS, e1000,')) abort.abort();
    }),
  );
  await expect(work).rejects.toThrow();
  expect(await readdir(bundle)).not.toContain('matrix.json');
});
