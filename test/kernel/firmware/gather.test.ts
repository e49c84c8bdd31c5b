import { existsSync, mkdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readCpio } from '../../../src/formats/cpio/index.ts';
import { gatherFirmware } from '../../../src/kernel/firmware/gather.ts';
import { firmwareSettings } from '../../../src/kernel/firmware/settings.ts';
import { scratchFolder } from '../../scratch.ts';
import { layOutFirmware, release } from './collections.ts';

const ask = (path: string) => ({
  driver: 'bnx2',
  file: 'drivers/net/ethernet/broadcom/bnx2',
  path,
});
const requests = ['bnx2/packed.fw', 'bnx2/plain.fw', 'bnx2/none.fw'].map(ask);

function places(home: string) {
  return { blobs: join(home, 'blobs'), archive: join(home, 'firmware.cpio') };
}

async function gather(home: string, collections: readonly string[], asked = requests) {
  return gatherFirmware({
    requests: asked,
    collections,
    kernelRelease: release,
    ...places(home),
    timestamp: 86_400,
  });
}

test('what is found lies there unpacked, and in an initramfs beside what every kernel has in its own', async () => {
  const home = scratchFolder();
  const root = await layOutFirmware(join(home, 'linux-firmware'));
  const found = await gather(home, [root]);
  expect(found.map(({ path, state }) => [path, state])).toEqual([
    ['bnx2/packed.fw', 'embedded'],
    ['bnx2/plain.fw', 'embedded'],
    ['bnx2/none.fw', 'missing'],
  ]);
  expect(found[0]).toMatchObject({
    bytes: 18,
    source: 'linux-firmware',
    sourceFile: 'bnx2/packed.fw.xz',
    consequence: 'no link',
  });
  const { blobs, archive } = places(home);
  expect(readFileSync(join(blobs, 'bnx2/packed.fw'), 'utf8')).toBe('bytes packed by xz');
  const members: string[] = [];
  async function* once() {
    yield readFileSync(archive);
  }
  for await (const { name, mode, data } of readCpio(once())) {
    const content = Buffer.concat(await Array.fromAsync(data())).toString('utf8');
    members.push(`${mode.toString(8)} ${name} ${content}`.trim());
  }
  expect(members).toEqual([
    '40755 dev',
    '20600 dev/console',
    '40700 root',
    '40755 lib',
    '40755 lib/firmware',
    '40755 lib/firmware/bnx2',
    '100644 lib/firmware/bnx2/packed.fw bytes packed by xz',
    '100644 lib/firmware/bnx2/plain.fw plain bytes',
  ]);
});

test('what has not changed keeps its time, and what is not asked for any more goes', async () => {
  const home = scratchFolder();
  const root = await layOutFirmware(join(home, 'linux-firmware'));
  await gather(home, [root]);
  const { blobs, archive } = places(home);
  const plain = join(blobs, 'bnx2/plain.fw');
  for (const path of [plain, archive]) utimesSync(path, 1000, 1000);
  await gather(home, [root]);
  for (const path of [plain, archive]) expect(statSync(path).mtimeMs).toBe(1_000_000);
  writeFileSync(join(root, 'bnx2/plain.fw'), 'other bytes');
  await gather(home, [root], [ask('bnx2/plain.fw')]);
  expect(readFileSync(plain, 'utf8')).toBe('other bytes');
  for (const path of [plain, archive]) expect(statSync(path).mtimeMs).not.toBe(1_000_000);
  expect(existsSync(join(blobs, 'bnx2/packed.fw'))).toBe(false);
  await gather(home, []);
  expect([existsSync(plain), existsSync(archive)]).toEqual([false, false]);
});

test('the first collection that has a blob gives it', async () => {
  const home = scratchFolder();
  const own = join(home, 'own');
  mkdirSync(join(own, 'bnx2'), { recursive: true });
  writeFileSync(join(own, 'bnx2/plain.fw'), 'own bytes');
  const root = await layOutFirmware(join(home, 'linux-firmware'));
  const found = await gather(home, [own, root]);
  expect(found.map(({ path, source }) => [path, source])).toEqual([
    ['bnx2/packed.fw', 'linux-firmware'],
    ['bnx2/plain.fw', 'own'],
    ['bnx2/none.fw', undefined],
  ]);
  const there = { tree: join(home, 'w/source/tree'), objects: join(home, 'w/objects') };
  const laid = { blobs: join(home, 'w/firmware/blobs'), archive: join(home, 'w/firmware/f.cpio') };
  expect(firmwareSettings(found, 'built-in', { ...there, ...laid })).toMatchObject([
    { symbol: 'EXTRA_FIRMWARE', value: 'bnx2/packed.fw bnx2/plain.fw' },
    { symbol: 'EXTRA_FIRMWARE_DIR', value: '../../firmware/blobs' },
  ]);
  expect(firmwareSettings(found, 'initramfs', { ...there, ...laid })).toMatchObject([
    { symbol: 'INITRAMFS_SOURCE', value: '../firmware/f.cpio' },
  ]);
  expect(firmwareSettings(await gather(home, []), 'built-in', { ...there, ...laid })).toEqual([]);
});
