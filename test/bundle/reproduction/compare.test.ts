import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { BuiltParts } from '../../../src/bundle/content.ts';
import type { Provenance } from '../../../src/bundle/manifest.ts';
import { openBundle } from '../../../src/bundle/open.ts';
import { compareFiles, type UnpackedBundle } from '../../../src/bundle/reproduction/compare.ts';
import { unpackBundle } from '../../../src/bundle/unpack.ts';
import { unwatched } from '../../../src/system/progress.ts';
import { buildImage } from '../../formats/bzimage/build-image.ts';
import { buildModule } from '../../formats/elf-kmod/build-module.ts';
import { scratchFolder } from '../../scratch.ts';
import { makeModule, pack, provenance, release, report, writeParts } from '../parts.ts';

/** A kernel proper with that in its `.text`. */
function kernel(text: string): Buffer {
  const elf = buildModule([{ name: '.text', content: Buffer.from(text) }]);
  elf.writeUInt16LE(2, 16);
  return elf;
}

const image = (text: string): Buffer => buildImage({ payload: gzipSync(kernel(text)), release });

/** Packs and unpacks a bundle whose parts were changed. */
async function bundle(
  folder: string,
  change: (parts: BuiltParts) => void = () => undefined,
  own: Provenance = provenance,
): Promise<UnpackedBundle> {
  const parts = writeParts(join(folder, 'parts'));
  writeFileSync(parts.image, image('code'));
  change(parts);
  const packed = await pack(parts, join(folder, 'out'), { provenance: own });
  const opened = await openBundle(packed.folder);
  await unpackBundle(opened, join(folder, 'files'));
  return { ...opened, folder: join(folder, 'files') };
}

async function compare(
  change: (parts: BuiltParts) => void,
  own: Provenance = provenance,
): Promise<readonly (readonly [path: string, where: string])[]> {
  const folder = scratchFolder();
  const found = await compareFiles(
    await bundle(join(folder, 'a')),
    await bundle(join(folder, 'b'), change, own),
    unwatched,
  );
  return found.map(({ path, kind, places }) => [path, places[0]?.where ?? kind]);
}

const tree = `lib/modules/${release}`;

describe('compareFiles', () => {
  test('finds nothing in bundles that are the same', async () => {
    expect(await compare(() => undefined)).toEqual([]);
  });

  test.each<[what: string, change: (parts: BuiltParts) => void, path: string, where: string]>([
    [
      'the kernel',
      ({ image: path }) => writeFileSync(path, image('c0de')),
      `boot/vmlinuz-${release}`,
      'vmlinux, section .text',
    ],
    [
      'the boot header',
      ({ image: path }) => {
        const bytes = image('code');
        bytes[0x236] = 1;
        writeFileSync(path, bytes);
      },
      `boot/vmlinuz-${release}`,
      'boot header, xloadflags',
    ],
    [
      'a module',
      ({ moduleTree }) =>
        writeFileSync(
          join(moduleTree, 'kernel/net/dummy.ko'),
          makeModule({ vermagic: `${release} SMP mod_unload ` }),
        ),
      `${tree}/kernel/net/dummy.ko`,
      'section .modinfo, vermagic',
    ],
    [
      'the config',
      ({ config }) =>
        writeFileSync(config, readFileSync(config, 'utf8').replace('E1000E=y', 'E1000E=m')),
      `boot/config-${release}`,
      'CONFIG_E1000E',
    ],
    [
      'the report of the promotion',
      ({ promotionReport }) =>
        writeFileSync(
          promotionReport,
          JSON.stringify({ ...report, selected: [{ ...report.selected[0], to: 'm' }] }),
        ),
      `boot/promotion-${release}.json`,
      'selected[MII].to',
    ],
    [
      'a text',
      ({ systemMap }) => writeFileSync(systemMap, 'ffffffff81000000 T _stext\n'),
      `boot/System.map-${release}`,
      'line 1',
    ],
    [
      'another file',
      ({ moduleTree }) => writeFileSync(join(moduleTree, 'modules.dep.bin'), Buffer.from([0, 1])),
      `${tree}/modules.dep.bin`,
      'only in the rebuilt one',
    ],
  ])('finds what is different in %s', async (_, change, path, where) => {
    const found = await compare(change);
    expect(found[0]).toEqual([path, where]);
    expect(found.map(([each]) => each)).toEqual([path, 'manifest.json']);
  });

  test('tells a manifest that says otherwise of the same files', async () => {
    const settings = { ...provenance.settings, debugInfo: 'auto' as const };
    expect(await compare(() => undefined, { ...provenance, settings })).toEqual([
      ['manifest.json', 'settings.debugInfo'],
    ]);
  });
});
