import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { moduleName } from '../../../src/kernel/modules/index.ts';
import { parseStockIndex } from '../../../src/kernel/stock/index.ts';
import type { BuildRequest } from '../../../src/pipeline/request.ts';
import {
  type StockIndexInputs,
  stockIndexStage,
} from '../../../src/pipeline/stages/stock-index.ts';
import { workspaceAt } from '../../../src/pipeline/workspace.ts';
import { sha256 } from '../../../src/system/files.ts';
import { unwatched } from '../../../src/system/progress.ts';
import { release } from '../../bundle/parts.ts';
import { builtIn } from '../../coverage/bundle.ts';
import { makeStock } from '../../coverage/stock.ts';
import { scratchFolder } from '../../scratch.ts';

/** The stage of a netboot kernel that has some drivers built in. */
async function stageOf(home: string, stock: string, inImage: readonly string[]) {
  const tree = join(home, 'tree');
  mkdirSync(tree, { recursive: true });
  writeFileSync(join(tree, 'modules.builtin'), inImage.map((path) => `${path}\n`).join(''));
  const promoted = inImage.map((path) => ({
    symbol: moduleName(path).toUpperCase(),
    from: 'm',
    to: 'y',
    reason: 'in scope',
  }));
  const report = join(home, 'report.json');
  writeFileSync(report, JSON.stringify({ promoted }));
  const source = { digest: 's', result: { target: { kernelRelease: release } } };
  const inputs = { source, configured: { result: { report } }, modules: { result: { tree } } };
  const stage = await stockIndexStage(
    { stock: [stock], modules: 'none' } as unknown as BuildRequest,
    workspaceAt(join(home, 'w')),
    inputs as unknown as StockIndexInputs,
  );
  if (stage === undefined) throw new Error('no stage, though a stock kernel was given');
  return stage;
}

test('what the stock modules say is written down, with the way back from the image', async () => {
  const home = scratchFolder();
  const stock = await makeStock(join(home, 'stock'), release, { depmod: false });
  const stage = await stageOf(home, stock, builtIn);
  const result = await stage.run({ step: unwatched, log: join(home, 'log') });
  const text = readFileSync(result.index, 'utf8');
  expect(result).toMatchObject({ modules: 9, promoted: 6, sha256: sha256(text) });
  const index = parseStockIndex(text, result.index);
  expect(index.promoted.r8152).toBe('kernel/drivers/net/usb/r8152.ko');
  expect(index.promoted).not.toHaveProperty('virtio_pci');
  expect(await stage.outputs(result)).toEqual([result.index]);
  expect(stage.schema.parse(JSON.parse(JSON.stringify(result)))).toEqual(result);
});

test('it is done again for other modules or another image, and not otherwise', async () => {
  const home = scratchFolder();
  const stock = await makeStock(join(home, 'stock'), release, { depmod: false });
  const keyOf = async (inImage = builtIn): Promise<unknown> =>
    (await stageOf(home, stock, inImage)).determinants;
  const before = await keyOf();
  expect(await keyOf()).toEqual(before);
  expect(await keyOf(builtIn.slice(1))).not.toEqual(before);
  appendFileSync(join(stock, 'kernel/drivers/net/usb/r8152.ko'), 'x');
  expect(await keyOf()).not.toEqual(before);
});

test("a netboot kernel's own modules are refused", async () => {
  const home = scratchFolder();
  const stock = await makeStock(join(home, 'stock'), release, { depmod: false, builtIn });
  const stage = await stageOf(home, stock, builtIn);
  await expect(stage.run({ step: unwatched, log: join(home, 'log') })).rejects.toThrow(
    expect.objectContaining({ code: 'BW-STOCK-IS-NETBOOT' }),
  );
});
