import { mkdtempSync, renameSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compareWithStock } from '../../src/compare/compare.ts';
import { comparisonHtml } from '../../src/compare/page/html.ts';
import { layOut } from '../../src/compare/page/lay-out.ts';
import { describeComparison } from '../../src/compare/page/text.ts';
import { compareKernels } from '../../src/compare/report.ts';
import { run } from '../../src/system/process.ts';
import { unwatched } from '../../src/system/progress.ts';
import { release } from '../bundle/parts.ts';
import { scratchFolder } from '../scratch.ts';
import { layStock, packBundleOf, symversText } from './packed.ts';
import { bundle, stock, stockModule } from './world.ts';

let home = '';
let packed = '';

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'bootwright-test-'));
  packed = await packBundleOf(bundle, home);
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

const compare = (paths: readonly string[], kabi: readonly string[] = []) =>
  compareWithStock({
    bundle: packed,
    stock: paths,
    kabi,
    step: unwatched,
    signal: new AbortController().signal,
  });

function file(name: string, content: string | Uint8Array): string {
  const path = join(scratchFolder(), name);
  writeFileSync(path, content);
  return path;
}

describe('a bundle and a stock kernel as they lie there', () => {
  test('are compared as what they are', async () => {
    const report = await compare([layStock(stock, scratchFolder())]);
    const expected = compareKernels(bundle, stock, { kabi: [] });
    expect(report).toEqual({ ...expected, bundle: report.bundle });
    expect(report.equal).toBe(true);
  });

  test('packages of stock are read as the folder that they would be', async () => {
    const root = scratchFolder();
    layStock(stock, join(root, 'image'));
    const path = join(root, 'image', 'DEBIAN');
    await run('mkdir', [path]);
    writeFileSync(
      join(path, 'control'),
      'Package: linux-image\nVersion: 1\nArchitecture: amd64\nMaintainer: x <x@example.org>\nDescription: x\n',
    );
    await run('xz', [join(root, `image/lib/modules/${release}/kernel/fs/ext4/ext4.ko`)]);
    await run('dpkg-deb', ['--build', join(root, 'image'), join(root, 'image.deb')]);
    const report = await compare([join(root, 'image.deb')]);
    expect(report).toEqual(await compare([join(root, 'image')]));
    expect(report.equal).toBe(true);
  });

  test('symvers may be packed, and lacking, and then imports count', async () => {
    const folder = layStock(stock, scratchFolder());
    const text = symversText(stock.symvers ?? []);
    unlinkSync(join(folder, 'symvers'));
    expect((await compare([folder])).exports).toMatchObject({ source: 'imports', equal: 4 });
    writeFileSync(join(folder, 'symvers.gz'), gzipSync(text));
    expect((await compare([folder])).exports).toMatchObject({ source: 'symvers', equal: 4 });
  });

  test('modules that the index names and nobody gave are counted', async () => {
    const folder = layStock(stock, scratchFolder());
    rmSync(join(folder, 'kernel/fs'), { recursive: true });
    const report = await compare([folder]);
    expect(report).toMatchObject({ notGiven: 2, equal: true, fit: { modules: 0 } });
    expect(report.modules.find(({ module }) => module === 'ext4')).toMatchObject({
      stock: 'module',
      now: 'module',
    });
  });

  test('a kABI list is held against both', async () => {
    const list = file('Module.kabi_x86_64', symversText(stock.symvers?.slice(0, 1) ?? []));
    const names = file('kabi_stablelist_x86_64', '[el9]\n\tkmalloc\n\tkfree\n');
    const report = await compare([layStock(stock, scratchFolder())], [list, names]);
    expect(report.kabi).toMatchObject([
      { list: 'Module.kabi_x86_64', symbols: 1, kept: 1 },
      { list: 'kabi_stablelist_x86_64', symbols: 2, kept: 1, missing: [{ name: 'kfree' }] },
    ]);
  });
});

describe('what is refused', () => {
  const refusal = (paths: readonly string[], kabi?: readonly string[]) =>
    expect(compare(paths, kabi)).rejects;

  test('a stock kernel of another release, also under the name of the right one', async () => {
    const other = { ...stock, kernelRelease: '6.12.0' };
    const root = scratchFolder();
    layStock(other, root);
    await refusal([root]).toMatchObject({ code: 'BW-STOCK-RELEASE' });
    const renamed = layStock(
      {
        ...stock,
        modules: [stockModule('fs/ext4/ext4.ko', { vermagic: '6.12.0 SMP' })],
      },
      scratchFolder(),
    );
    await refusal([renamed]).toMatchObject({ code: 'BW-STOCK-RELEASE' });
  });

  test('a netboot kernel given as stock', async () => {
    const netboot = layStock(
      { ...stock, builtIn: bundle.builtIn, modules: stock.modules.slice(0, 2) },
      scratchFolder(),
    );
    await refusal([netboot]).toMatchObject({ code: 'BW-STOCK-IS-NETBOOT' });
  });

  test('files and folders that are no kernel', async () => {
    await refusal([file('kernel.rpm', 'no package')]).toMatchObject({ code: 'BW-STOCK-NOT' });
    await refusal([scratchFolder()]).toMatchObject({ code: 'BW-STOCK-NOT' });
    await refusal([join(home, 'nothing')]).toMatchObject({ code: 'BW-FILE-MISSING' });
  });

  test('modules, symvers, a config and kABI lists that are none', async () => {
    const broken = (name: string, content: string): string => {
      const folder = layStock(stock, scratchFolder());
      writeFileSync(join(folder, name), content);
      return folder;
    };
    await refusal([broken('kernel/fs/ext4/ext4.ko', 'ELF')]).toMatchObject({
      code: 'BW-STOCK-NOT',
    });
    await refusal([broken('symvers', '<html>')]).toMatchObject({
      code: 'BW-COMPARE-SYMVERS',
      message: expect.stringContaining('In "symvers", line 1 is not'),
    });
    await refusal([broken('config', 'no config')]).toMatchObject({
      code: 'BW-CONFIG-NOT-A-CONFIG',
    });
    const folder = layStock(stock, scratchFolder());
    await refusal([folder], [file('list', '\u007fELF')]).toMatchObject({
      code: 'BW-COMPARE-SYMVERS',
    });
    await refusal([folder], [file('Module.kabi_dup_x86_64', '')]).toMatchObject({
      code: 'BW-COMPARE-SYMVERS',
      message: expect.stringContaining('lists no symbol'),
    });
    await refusal([folder], [join(home, 'nothing')]).toMatchObject({ code: 'BW-FILE-MISSING' });
  });

  test('a packed symvers that is cut off', async () => {
    const folder = layStock(stock, scratchFolder());
    renameSync(join(folder, 'symvers'), join(folder, 'symvers.gz'));
    await refusal([folder]).toMatchObject({ code: 'BW-STOCK-NOT' });
  });
});

test('what stands in modules and may steer a terminal or a browser does not', async () => {
  const report = await compare([layStock(stock, scratchFolder())]);
  const added = ['usb v\u001b[2J<script>'];
  const page = layOut({ ...report, devices: { ...report.devices, added } });
  expect(describeComparison(page)).toContain('usb v?[2J<script>');
  expect(comparisonHtml(page)).toContain('usb v\ufffd[2J&lt;script&gt;');
});
