import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { openStock, readStockText } from '../../../src/kernel/stock/index.ts';
import { scratchFolder } from '../../scratch.ts';

test('reads what there is, unpacked, and tells what there is not', async () => {
  const root = scratchFolder();
  const folder = join(root, 'lib/modules/6.12.0');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'modules.builtin'), '');
  writeFileSync(join(folder, 'symvers.gz'), gzipSync('0x1\ta\tvmlinux\n'));
  await using stock = await openStock({ paths: [root], parts: ['symvers'] });
  expect(await readStockText(stock, 'symvers')).toEqual({
    path: join(folder, 'symvers.gz'),
    text: '0x1\ta\tvmlinux\n',
  });
  expect(await readStockText(stock, 'config')).toBeUndefined();
});
