import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  indexStock,
  isNetbootTree,
  type KeptStockIndex,
  keepStockIndex,
  openStock,
  parseStockIndex,
  renderStockIndex,
} from '../../../src/kernel/stock/index.ts';
import { run } from '../../../src/system/process.ts';
import { buildModule, modinfoSection } from '../../formats/elf-kmod/build-module.ts';
import { scratchFolder } from '../../scratch.ts';

const release = '6.12.117+deb12-amd64';

const modules: Readonly<Record<string, readonly string[]>> = {
  'kernel/fs/ext4/ext4.ko': [
    'softdep=pre: crypto-crc32c',
    'alias=fs-ext4',
    'alias=ext3',
    'depends=mbcache,jbd2',
  ],
  'kernel/drivers/usb/host/xhci-pci.ko': [
    'firmware=renesas_usb_fw.mem',
    'alias=pci:v*d*sv*sd*bc0Csc03i30*',
    'depends=xhci-hcd,usbcore',
    'softdep=pre: a b post: c',
    'softdep=post: d',
  ],
  'kernel/drivers/net/dummy.ko': ['alias=rtnl-link-dummy', 'depends=', 'alias=\x1b[31mred'],
};

/** Lays out a tree of modules, each packed by a way of its own. */
async function layOut(
  root: string,
  {
    pack = ['', '', ''],
    vermagic = release,
  }: { readonly pack?: readonly string[]; readonly vermagic?: string } = {},
): Promise<string> {
  const folder = join(root, 'lib/modules', release);
  for (const [index, [path, entries]] of Object.entries(modules).entries()) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    const bytes = buildModule([
      modinfoSection(...entries, `vermagic=${vermagic} SMP preempt mod_unload modversions `),
    ]);
    if (pack[index] === '.gz') writeFileSync(`${file}.gz`, gzipSync(bytes));
    else if (pack[index] === '.zst') writeFileSync(`${file}.zst`, zstdCompressSync(bytes));
    else {
      writeFileSync(file, bytes);
      if (pack[index] === '.xz') await run('xz', [file]);
    }
  }
  writeFileSync(
    join(folder, 'modules.builtin'),
    'kernel/drivers/virtio/virtio_pci.ko\nkernel/crypto/aes_generic.ko\nkernel/\x1b[31mred.ko\n',
  );
  writeFileSync(join(folder, 'modules.builtin.modinfo'), 'aes_generic.alias=crypto-aes\0');
  return folder;
}

const expected = {
  kernelRelease: release,
  modules: [
    {
      name: 'dummy',
      path: 'kernel/drivers/net/dummy.ko',
      aliases: ['rtnl-link-dummy'],
      depends: [],
      softdeps: { pre: [], post: [] },
      firmware: [],
    },
    {
      name: 'xhci_pci',
      path: 'kernel/drivers/usb/host/xhci-pci.ko',
      aliases: ['pci:v*d*sv*sd*bc0Csc03i30*'],
      depends: ['usbcore', 'xhci_hcd'],
      softdeps: { pre: ['a', 'b'], post: ['c', 'd'] },
      firmware: ['renesas_usb_fw.mem'],
    },
    {
      name: 'ext4',
      path: 'kernel/fs/ext4/ext4.ko',
      aliases: ['ext3', 'fs-ext4'],
      depends: ['jbd2', 'mbcache'],
      softdeps: { pre: ['crypto-crc32c'], post: [] },
      firmware: [],
    },
  ],
  builtIn: [
    { name: 'aes_generic', path: 'kernel/crypto/aes_generic.ko', aliases: ['crypto-aes'] },
    { name: 'virtio_pci', path: 'kernel/drivers/virtio/virtio_pci.ko', aliases: [] },
  ],
};

async function indexOf(path: string, only?: (path: string) => boolean) {
  await using stock = await openStock({ paths: [path], parts: ['modules', 'indexes'], release });
  return await indexStock(stock, only === undefined ? {} : { only });
}

describe("a stock kernel's modules", () => {
  test('are read by what each says of itself, however it is packed', async () => {
    for (const pack of [
      ['', '', ''],
      ['.xz', '.gz', '.zst'],
      ['.xz', '.xz', '.xz'],
    ]) {
      const root = scratchFolder();
      await layOut(root, { pack });
      expect(await indexOf(root), pack.join(' ')).toEqual(expected);
    }
  });

  test('those that are asked for', async () => {
    const root = scratchFolder();
    await layOut(root, { pack: ['.xz', '', ''] });
    const index = await indexOf(root, (path) => path.endsWith('/ext4.ko'));
    expect(index).toEqual({ ...expected, modules: expected.modules.slice(2), builtIn: [] });
  });

  test('of another release are refused, whatever the folder is called', async () => {
    const root = scratchFolder();
    await layOut(root, { vermagic: '6.12.118' });
    await expect(indexOf(root)).rejects.toThrow(
      expect.objectContaining({ code: 'BW-STOCK-RELEASE' }),
    );
  });

  test('links are not followed, and files that are no modules told by name', async () => {
    const root = scratchFolder();
    const folder = await layOut(root);
    symlinkSync('/nowhere', join(folder, 'kernel/weak.ko'));
    expect(await indexOf(root)).toEqual(expected);
    writeFileSync(join(folder, 'kernel/broken.ko'), 'no module');
    await expect(indexOf(root)).rejects.toThrow(
      expect.objectContaining({
        code: 'BW-MODULES-UNREADABLE',
        message: expect.stringContaining('broken.ko'),
      }),
    );
  });

  test('truncated by half', async () => {
    const root = scratchFolder();
    const folder = await layOut(root, { pack: ['.xz', '', ''] });
    writeFileSync(join(folder, 'kernel/fs/ext4/ext4.ko.xz'), '\xfd7zXZ\0\0', 'latin1');
    await expect(indexOf(root)).rejects.toThrow(
      expect.objectContaining({ code: 'BW-MODULES-UNREADABLE' }),
    );
  });
});

describe('the index that a bundle keeps', () => {
  const kept = keepStockIndex(expected, [
    'kernel/drivers/usb/host/xhci-pci.ko',
    'kernel/drivers/net/dummy.ko',
    'kernel/drivers/virtio/virtio_pci.ko',
  ]);

  test('leads from drivers in the netboot image back to modules of stock', () => {
    expect(kept.promoted).toEqual({
      dummy: 'kernel/drivers/net/dummy.ko',
      xhci_pci: 'kernel/drivers/usb/host/xhci-pci.ko',
    });
  });

  test('is read as it was written, and has the same bytes for the same index', () => {
    const text = renderStockIndex(kept);
    expect(parseStockIndex(text, 'x')).toEqual(kept);
    const { promoted, modules: first, ...rest } = kept;
    expect(renderStockIndex({ promoted, modules: first, ...rest } as KeptStockIndex)).toBe(text);
  });

  test('of a newer version, or damaged', () => {
    const codeOf = (text: string): unknown => {
      try {
        return parseStockIndex(text, 'x');
      } catch (error) {
        return error;
      }
    };
    const text = renderStockIndex(kept);
    expect(codeOf(text.replace('"version":1', '"version":2'))).toMatchObject({
      code: 'BW-BUNDLE-NEWER-SCHEMA',
    });
    fc.assert(
      fc.property(fc.nat({ max: text.length - 3 }), (at) => {
        expect(codeOf(text.slice(0, at))).toMatchObject({ code: 'BW-BUNDLE-CORRUPT' });
      }),
    );
    expect(codeOf(text.replace('"name":"dummy"', '"name":"d\\u001b"'))).toMatchObject({
      code: 'BW-BUNDLE-CORRUPT',
    });
  });
});

test("a netboot kernel's tree is told from stock's", () => {
  const image = ['kernel/drivers/net/dummy.ko', 'kernel/fs/ext4/ext4.ko'];
  expect(isNetbootTree(expected, image)).toBe(false);
  const dummy = { name: 'dummy', path: 'kernel/drivers/net/dummy.ko', aliases: [] };
  expect(isNetbootTree({ builtIn: [dummy] }, image)).toBe(true);
  expect(isNetbootTree({ builtIn: [dummy] }, ['kernel/fs/ext4/ext4.ko'])).toBe(false);
});
