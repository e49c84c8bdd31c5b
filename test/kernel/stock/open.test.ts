import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openStock, type StockFile } from '../../../src/kernel/stock/index.ts';
import { run } from '../../../src/system/process.ts';
import { scratchFolder } from '../../scratch.ts';

const release = '6.12.117+deb12-amd64';

function layOut(root: string, ...names: string[]): void {
  for (const name of names) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), name);
  }
}

/** Makes a package of Debian's kind out of files that hold their own names. */
async function pack(home: string, name: string, ...files: string[]): Promise<string> {
  const tree = join(home, name);
  layOut(tree, 'DEBIAN/control', ...files);
  writeFileSync(
    join(tree, 'DEBIAN/control'),
    `Package: ${name}\nVersion: 1\nArchitecture: all\nMaintainer: nobody <nobody@example.org>\nDescription: test\n`,
  );
  await run('dpkg-deb', ['--build', '--root-owner-group', tree, `${tree}.deb`]);
  rmSync(tree, { recursive: true });
  return `${tree}.deb`;
}

const parts: readonly StockFile[] = ['image', 'config', 'system-map', 'symvers'];

describe('a stock kernel in a folder', () => {
  const debian = [
    `boot/vmlinuz-${release}`,
    `boot/config-${release}`,
    `usr/lib/modules/${release}/kernel/lib/crc7.ko.xz`,
    `usr/src/linux-headers-${release}/Module.symvers`,
  ];

  test('is found in a root and by the folder of its modules, with its files', async () => {
    const root = scratchFolder();
    layOut(root, ...debian);
    for (const path of [root, join(root, 'usr/lib/modules', release)]) {
      await using stock = await openStock({ paths: [path], parts });
      expect(stock.release).toBe(release);
      expect(stock.modules).toBe(join(root, 'usr/lib/modules', release));
      const found = await Promise.all(parts.map((part) => stock.file(part)));
      expect(found).toEqual([
        join(root, `boot/vmlinuz-${release}`),
        join(root, `boot/config-${release}`),
        undefined,
        join(root, `usr/src/linux-headers-${release}/Module.symvers`),
      ]);
    }
  });

  test('several kernels: which one is to be said', async () => {
    const root = scratchFolder();
    layOut(root, 'lib/modules/6.1.0/modules.dep', 'lib/modules/6.2.0/modules.dep');
    await expect(openStock({ paths: [root], parts })).rejects.toThrow(
      expect.objectContaining({
        code: 'BW-STOCK-RELEASE',
        message: expect.stringContaining('6.1.0, 6.2.0'),
      }),
    );
    await using stock = await openStock({ paths: [root], parts, release: '6.2.0' });
    expect(stock.modules).toBe(join(root, 'lib/modules/6.2.0'));
  });

  test('one that has no kernel', async () => {
    await expect(openStock({ paths: [scratchFolder()], parts })).rejects.toThrow(
      expect.objectContaining({ code: 'BW-STOCK-NOT' }),
    );
  });
});

describe('packages', () => {
  test('image and headers together are one kernel; what was unpacked goes away', async () => {
    const home = scratchFolder();
    const image = await pack(
      home,
      'linux-image',
      `boot/vmlinuz-${release}`,
      `usr/lib/modules/${release}/kernel/lib/crc7.ko`,
      `usr/share/doc/linux-image/copyright`,
    );
    const headers = await pack(
      home,
      'linux-headers',
      `usr/src/linux-headers-${release}/Module.symvers`,
    );
    let modules: string;
    {
      await using stock = await openStock({
        paths: [image, headers],
        parts: ['image', 'modules', 'symvers'],
      });
      modules = stock.modules;
      expect(await stock.file('image')).toMatch(/\/boot\/vmlinuz-/);
      expect(await stock.file('symvers')).toMatch(/linux-headers-.*\/Module\.symvers$/);
      expect(await stock.file('config')).toBeUndefined();
    }
    await expect(openStock({ paths: [modules], parts })).rejects.toThrow(
      expect.objectContaining({ code: 'BW-FILE-MISSING' }),
    );
  });

  test('without a kernel are told by their names', async () => {
    const firmware = await pack(scratchFolder(), 'firmware', 'lib/firmware/a.bin');
    await expect(openStock({ paths: [firmware], parts: ['modules'] })).rejects.toMatchObject({
      code: 'BW-STOCK-NOT',
      message: expect.stringContaining(`in "${firmware}"`),
    });
  });
});
