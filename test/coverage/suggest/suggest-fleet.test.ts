import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openBundle } from '../../../src/bundle/open.ts';
import { describeFleetReport } from '../../../src/coverage/suggest/describe.ts';
import { suggestFleet } from '../../../src/coverage/suggest/suggest-fleet.ts';
import { unwatched } from '../../../src/system/progress.ts';
import { release } from '../../bundle/parts.ts';
import { scratchFolder } from '../../scratch.ts';
import { packCoverageBundle } from '../bundle.ts';
import { makeStock } from '../stock.ts';

let home = '';
let bundle = '';
let stock = '';

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'bootwright-test-'));
  bundle = await packCoverageBundle(home);
  stock = await makeStock(join(home, 'stock'), release);
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

const x710 = '18:00.0 Ethernet controller [0200]: X710 [8086:1572]\n';

function machine(name: string, text: string): string {
  const path = join(scratchFolder(), name);
  writeFileSync(path, text);
  return path;
}

/** The bundle with a proof beside it, in which each stage takes a second times `factor`. */
async function proved(factor: number, imageSha256?: string): Promise<string> {
  const folder = join(scratchFolder(), 'bundle');
  cpSync(bundle, folder, { recursive: true });
  const { manifest } = await openBundle(folder);
  mkdirSync(join(folder, 'proofs'), { recursive: true });
  const ids = ['loader', 'image', 'kernel', 'link', 'init'];
  writeFileSync(
    join(folder, 'proofs/bios.json'),
    JSON.stringify({
      bundle: { id: manifest.id, imageSha256: imageSha256 ?? manifest.kernel.sha256 },
      verdict: 'passed',
      title: 'BIOS, e1000, NFS 3',
      host: { accelerator: 'tcg' },
      stages: ids.map((id, index) => ({ id, at: 1000 * factor * (index + 1) })),
    }),
  );
  return folder;
}

const request = (machines: readonly string[]) => ({
  bundle,
  machines,
  cards: 'every' as const,
  stock: [stock],
});

describe('machines', () => {
  test('are called like their files, and with their folders where two are called the same', async () => {
    const [one, two] = [machine('m.txt', x710), machine('m.txt', x710)];
    const other = machine('n.txt', x710);
    const { suggestion } = await suggestFleet(request([one, two, other]), unwatched);
    expect(suggestion.machines.map(({ name }) => name)).toEqual([one, two, 'n.txt']);
  });
});

describe('time to boot', () => {
  test('is what the proofs of the very image have measured', async () => {
    const machines = [machine('m.txt', x710)];
    const { price } = await suggestFleet(
      { ...request(machines), bundle: await proved(2), built: await proved(1) },
      unwatched,
    );
    const time = (factor: number) => ({
      machine: 'BIOS, e1000, NFS 3 (tcg)',
      transfer: 1000 * factor,
      unpacking: 1000 * factor,
      toLink: 1000 * factor,
      toInit: 2000 * factor,
    });
    expect(price.now?.boots).toEqual([time(2)]);
    expect(price.built?.boots).toEqual([time(1)]);
  });

  test('is not told by the proof of another image, nor guessed', async () => {
    const machines = [machine('m.txt', x710)];
    const report = await suggestFleet(
      { ...request(machines), bundle: await proved(2, 'f'.repeat(64)) },
      unwatched,
    );
    expect(report.price.now?.boots).toEqual([]);
    const text = describeFleetReport(report).replaceAll(/\s+/g, ' ');
    expect(text).toContain('No proof lies beside the bundle.');
    expect(text).toContain('With this scope: not known.');
  });

  test('of two bundles is told for the machines that both have run on', async () => {
    const machines = [machine('m.txt', x710)];
    const report = await suggestFleet(
      { ...request(machines), bundle: await proved(2), built: bundle },
      unwatched,
    );
    expect(describeFleetReport(report)).toContain('No machine that both bundles were proved on');
  });
});

test('without a bundle, stock says which kernel it is, and drivers are what may be built in', async () => {
  const machines = [machine('m.txt', x710)];
  const { bundle: _, ...rest } = request(machines);
  const report = await suggestFleet(rest, unwatched);
  expect(report).toMatchObject({
    kernelRelease: release,
    suggestion: { drivers: [{ module: 'i40e', machines: ['m.txt'] }] },
  });
  expect(report.price).toEqual({ drivers: { modules: 1, bytes: expect.any(Number) } });
  expect(describeFleetReport(report)).toContain('from a bundle of this kernel');
});

test('without stock, the size is not estimated', async () => {
  const named = machine('m.txt', `${x710}\tKernel modules: i40e\n`);
  const report = await suggestFleet({ ...request([named]), stock: [] }, unwatched);
  expect(report.price.estimate).toBeUndefined();
  const text = describeFleetReport(report).replaceAll(/\s+/g, ' ');
  expect(text).toContain('With this scope: not known. The sizes of drivers');
  expect(text).toContain('Found by the names of drivers alone');
});

test('an answer for a person fits 80 columns', async () => {
  const many = Array.from({ length: 9 }, (_, index) =>
    machine(`a-machine-with-a-long-name-${index}.lspci.txt`, x710),
  );
  const text = describeFleetReport(await suggestFleet(request(many), unwatched));
  expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  expect(text).toContain('and 3 more');
});
