import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { layoutOf, type Provenance } from '../../src/bundle/manifest.ts';
import { openBundle } from '../../src/bundle/open.ts';
import { describeBundle } from '../../src/bundle/show.ts';
import { readStockIndex } from '../../src/bundle/stock-index.ts';
import { verifyBundle } from '../../src/bundle/verify.ts';
import { keepStockIndex, renderStockIndex } from '../../src/kernel/stock/index.ts';
import { sha256 } from '../../src/system/files.ts';
import { scratchFolder } from '../scratch.ts';
import { pack, provenance, release, writeParts } from './parts.ts';

const e1000e = {
  name: 'e1000e',
  path: 'kernel/drivers/net/e1000e.ko',
  aliases: ['pci:v00008086d000010D3sv*sd*bc*sc*i*'],
  depends: [],
  softdeps: { pre: [], post: [] },
  firmware: [],
};
const index = keepStockIndex({ kernelRelease: release, modules: [e1000e], builtIn: [] }, [
  'kernel/drivers/net/e1000e.ko',
]);
const { stockIndex } = layoutOf(release);

/** Packs a bundle that keeps an index. */
async function packed(
  text = renderStockIndex(index),
  stock: Partial<Provenance['stockIndex']> = {},
) {
  const folder = scratchFolder();
  const parts = writeParts(join(folder, 'in'));
  const file = join(folder, 'in/stock.json');
  writeFileSync(file, text);
  return pack({ ...parts, stockIndex: file }, join(folder, 'out'), {
    provenance: {
      ...provenance,
      stockIndex: { modules: 1, promoted: 1, path: stockIndex, sha256: sha256(text), ...stock },
    },
  });
}

async function findingsOf(bundle: { readonly folder: string }) {
  const { findings } = await verifyBundle(bundle.folder);
  return findings.map(({ code, file, problem }) => `${code} ${file} ${problem}`);
}

test('a bundle keeps the index, and gives it back', async () => {
  const { folder, manifest } = await packed();
  expect(manifest.stockIndex).toMatchObject({ modules: 1, promoted: 1, path: stockIndex });
  expect(await readStockIndex(await openBundle(folder))).toEqual(index);
  expect((await verifyBundle(folder)).findings).toEqual([]);
});

test('one that was built without a stock kernel has none', async () => {
  const folder = scratchFolder();
  const bundle = await pack(writeParts(join(folder, 'in')), join(folder, 'out'));
  expect(bundle.manifest).not.toHaveProperty('stockIndex');
  expect(await readStockIndex(await openBundle(bundle.folder))).toBeUndefined();
});

describe('verify finds', () => {
  test('an index that is another than the manifest speaks of', async () => {
    expect(await findingsOf(await packed(undefined, { sha256: 'ab'.repeat(32) }))).toEqual([
      `BW-BUNDLE-CORRUPT ${stockIndex} is not the index of stock modules that the manifest speaks of`,
    ]);
  });

  test('one that is missing', async () => {
    const folder = scratchFolder();
    const bundle = await pack(writeParts(join(folder, 'in')), join(folder, 'out'), {
      provenance: {
        ...provenance,
        stockIndex: { modules: 1, promoted: 1, path: stockIndex, sha256: 'ab'.repeat(32) },
      },
    });
    expect(await findingsOf(bundle)).toEqual([
      `BW-BUNDLE-MISSING-FILE ${stockIndex} is missing, and the manifest speaks of it`,
    ]);
  });

  test('one of another release, of other modules, and one that cannot be read', async () => {
    const other = renderStockIndex({ ...index, kernelRelease: '6.1.0' });
    expect(await findingsOf(await packed(other))).toEqual([
      `BW-BUNDLE-CORRUPT ${stockIndex} is of another release`,
    ]);
    expect(await findingsOf(await packed(undefined, { promoted: 2 }))).toEqual([
      `BW-BUNDLE-CORRUPT ${stockIndex} has other modules than the manifest says`,
    ]);
    const [finding] = await findingsOf(await packed('{}'));
    expect(finding).toContain('cannot be read');
  });
});

test('show tells what is kept', async () => {
  const { manifest } = await packed();
  const text = describeBundle(manifest, []).replaceAll(/\s+/g, ' ');
  expect(text).toContain('keeps what 1 module of stock say of themselves, 1 of them in the image');
});
