import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { findFirmware } from '../../src/wrap/firmware.ts';
import { scratchFolder } from '../scratch.ts';

const modules = [
  { name: 'tg3', firmware: ['tigon/tg3.bin', 'tigon/tg3_tso.bin'] },
  { name: 'bnx2x', firmware: ['bnx2x/a.fw', 'bnx2x/b.fw', 'bnx2x/link.fw'] },
  { name: 'bad', firmware: ['../escape', 'pattern*.fw'] },
];

test('takes what is there, whatever it is packed with, and tells what is not', async () => {
  const folder = scratchFolder();
  const tree = join(folder, 'firmware');
  for (const name of ['tigon', 'bnx2x']) mkdirSync(join(tree, name), { recursive: true });
  writeFileSync(join(tree, 'tigon/tg3.bin'), 'plain');
  writeFileSync(join(tree, 'bnx2x/a.fw.zst'), zstdCompressSync('zstd'));
  writeFileSync(join(tree, 'bnx2x/b.fw.xz'), execFileSync('xz', ['-c'], { input: 'xz' }));
  symlinkSync('a.fw.zst', join(tree, 'bnx2x/link.fw.zst'));
  writeFileSync(join(folder, 'escape'), 'outside');
  symlinkSync('../../escape', join(tree, 'tigon/tg3_tso.bin'));
  const { files, missing } = await findFirmware(tree, modules);
  expect([...files].map(([name, bytes]) => [name, Buffer.from(bytes).toString()])).toEqual([
    ['bnx2x/a.fw', 'zstd'],
    ['bnx2x/b.fw', 'xz'],
    ['bnx2x/link.fw', 'zstd'],
    ['tigon/tg3.bin', 'plain'],
  ]);
  expect(missing).toEqual([
    { module: 'tg3', file: 'tigon/tg3_tso.bin' },
    { module: 'bad', file: '../escape' },
    { module: 'bad', file: 'pattern*.fw' },
  ]);
});

test('a packing of gzip is known too, and without a tree all is missing', async () => {
  const tree = scratchFolder();
  writeFileSync(join(tree, 'one.fw.gz'), gzipSync('gzip'));
  const one = [{ name: 'one', firmware: ['one.fw', 'one.fw'] }];
  expect([...(await findFirmware(tree, one)).files.keys()]).toEqual(['one.fw']);
  expect((await findFirmware(undefined, one)).missing).toEqual([{ module: 'one', file: 'one.fw' }]);
});

test('a tree that is not there is told', async () => {
  await expect(findFirmware('/nonexistent', [])).rejects.toMatchObject({ code: 'BW-FILE-MISSING' });
});
