import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { afterEach, expect, test, vi } from 'vitest';
import { readModuleFiles } from '../../../src/kernel/modules/module-file.ts';
import { run } from '../../../src/system/process.ts';
import { scratchFolder } from '../../scratch.ts';

afterEach(() => vi.unstubAllEnvs());

test('modules of any packing, in their order, and nothing left behind', async () => {
  const folder = scratchFolder();
  const temporary = scratchFolder();
  vi.stubEnv('TMPDIR', temporary);
  const path = (name: string): string => join(folder, name);
  writeFileSync(path('a.ko'), 'a');
  writeFileSync(path('b.ko.gz'), gzipSync('b'));
  writeFileSync(path('c.ko.zst'), zstdCompressSync('c'));
  const xz = Array.from({ length: 120 }, (_, index) => `x${index}.ko`);
  for (const name of xz) writeFileSync(path(name), name);
  await run('xz', xz.map(path));
  const names = ['a.ko', ...xz.map((name) => `${name}.xz`), 'b.ko.gz', 'c.ko.zst'];
  const found = await Array.fromAsync(readModuleFiles(names.map(path)), (module) => [
    module.path,
    Buffer.from(module.bytes).toString(),
  ]);
  expect(found).toEqual([
    [path('a.ko'), 'a'],
    ...xz.map((name) => [path(`${name}.xz`), name]),
    [path('b.ko.gz'), 'b'],
    [path('c.ko.zst'), 'c'],
  ]);
  expect(readdirSync(temporary)).toEqual([]);
  for (const name of xz) expect(readdirSync(folder)).toContain(`${name}.xz`);
});

test('one that is cut off is refused', async () => {
  const path = join(scratchFolder(), 'cut.ko.xz');
  writeFileSync(path, Buffer.from('fd377a585a000004', 'hex'));
  await expect(Array.fromAsync(readModuleFiles([path]))).rejects.toMatchObject({
    code: 'BW-MODULES-UNREADABLE',
  });
});
