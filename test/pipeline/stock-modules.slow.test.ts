import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { openBundle } from '../../src/bundle/open.ts';
import { readStockIndex } from '../../src/bundle/stock-index.ts';
import { verifyBundle } from '../../src/bundle/verify.ts';
import { compareWithStock } from '../../src/compare/compare.ts';
import { type BuildOutcome, build, planBuild } from '../../src/pipeline/build.ts';
import type { BuildRequest } from '../../src/pipeline/request.ts';
import { proveBundle } from '../../src/proof/prove-bundle.ts';
import { unwatched } from '../../src/system/progress.ts';
import { exampleSrpm, exampleStock, exampleWorkspace } from '../example.ts';

// The example's kernel as a vendor would ship it gives its modules to the netboot image.
let root: string;
let request: BuildRequest;
let bundle: NonNullable<BuildOutcome['bundle']>;

describe('a bundle of stock modules', { timeout: 40 * 60_000 }, () => {
  beforeAll(async () => {
    ({ root } = await exampleStock());
    request = {
      srpm: await exampleSrpm(),
      workspace: exampleWorkspace,
      architecture: 'x86_64',
      defines: {},
      sandbox: 'auto',
      scope: 'network-devices',
      debugInfo: 'auto',
      modules: { stock: [root] },
      jobs: availableParallelism(),
      ccache: 'auto',
      format: 'tar.zst',
      proofs: [],
    };
    const outcome = await build(request, 'bundle', unwatched);
    if (outcome.bundle === undefined) throw new Error('there is no bundle');
    bundle = outcome.bundle;
  }, 40 * 60_000);

  test('says where its modules come from, and that none was touched', async () => {
    const { stock, settings, promotion } = bundle.manifest;
    expect(settings.modules).toBe('stock');
    expect(stock).toMatchObject({ types: 'kept', resigned: 0, rebuilt: [], missing: [] });
    expect(stock?.trusted.map(({ subject }) => subject)).toEqual([
      'O=Bootwright example, CN=Bootwright example kernel signing key',
    ]);
    expect(stock?.inImage.length).toBeGreaterThan(promotion.promoted.length / 2);
    expect(stock?.untouched).toBe(bundle.manifest.modules.count);
    const { findings } = await verifyBundle(bundle.folder);
    expect(findings).toEqual([]);
  });

  test('keeps what all stock modules say, and the way back from those in the image', async () => {
    const { stock, stockIndex, modules } = bundle.manifest;
    const index = await readStockIndex(await openBundle(bundle.folder));
    expect(Object.values(index?.promoted ?? {}).sort()).toEqual(stock?.inImage.toSorted());
    expect(index?.modules).toHaveLength(modules.count + (stock?.inImage.length ?? 0));
    expect(stockIndex).toMatchObject({
      modules: index?.modules.length,
      promoted: stock?.inImage.length,
    });
  });

  test('equals the stock kernel but for what was asked for', async () => {
    const report = await compareWithStock({
      bundle: bundle.folder,
      stock: [root],
      kabi: [],
      step: unwatched,
      signal: new AbortController().signal,
    });
    expect(report.open).toEqual([]);
    const { exports, fit, vermagic, modules } = report;
    // There is no Module.symvers beside it: what the modules of stock need counts.
    expect(exports).toMatchObject({ source: 'imports', equal: exports.shared });
    expect(exports.moved).toBeGreaterThan(0);
    expect(fit).toMatchObject({ fitting: fit.modules, unfit: [] });
    expect(fit.modules).toBe(bundle.manifest.modules.count);
    expect(vermagic.equal).toBe(true);
    const builtIn = modules.filter(({ stock, now }) => stock === 'module' && now === 'built-in');
    expect(builtIn.length).toBe(bundle.manifest.stock?.inImage.length);
  });

  test("loads them over NFS, with the vendor's signatures and nobody else's", async () => {
    const count = Math.min(bundle.manifest.modules.count, 20);
    const { proof } = await proveBundle(
      bundle.folder,
      { nic: 'e1000e', firmware: 'bios', nfs: 3, sample: { count, seed: 1 } },
      unwatched,
    );
    const verdicts = Object.fromEntries(proof.checks.map(({ id, verdict }) => [id, verdict]));
    expect(verdicts).toMatchObject({
      sample: 'passed',
      'module-complaints': 'passed',
      'signatures-enforced': 'passed',
    });
    expect(proof.verdict).toBe('passed');
  });

  test('every stage is kept as long as the stock kernel is the same', async () => {
    const actions = async (): Promise<Record<string, string>> => {
      const plans = await planBuild(request, 'bundle', unwatched);
      return Object.fromEntries(plans.map(({ stage, action }) => [stage, action]));
    };
    expect(new Set(Object.values(await actions()))).toEqual(new Set(['keep']));
    const changed = join(
      root,
      'lib/modules',
      bundle.manifest.target.kernelRelease,
      'modules.order',
    );
    const text = readFileSync(changed);
    writeFileSync(changed, `${text}kernel/lib/none.ko\n`);
    try {
      expect(await actions()).toMatchObject({ source: 'keep', stock: 'run', modules: 'run' });
    } finally {
      writeFileSync(changed, text);
    }
  });
});
