import { rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { identifyFirmware, openFirmware } from '../../../src/kernel/firmware/collection.ts';
import { run } from '../../../src/system/process.ts';
import { scratchFolder } from '../../scratch.ts';
import {
  contents,
  layOutFirmware,
  packFirmwareDeb,
  packFirmwareRpm,
  release,
  whence,
} from './collections.ts';

const wanted = [...Object.keys(contents), 'bnx2/none.fw'];

/** What a collection has of what is wanted, as text. */
async function read(path: string): Promise<Readonly<Record<string, string>>> {
  await using collection = await openFirmware(path, wanted, release);
  const found: Record<string, string> = {};
  for (const name of wanted) {
    const blob = await collection.find(name);
    if (blob !== undefined) found[name] = Buffer.from(blob.bytes).toString('utf8');
  }
  return found;
}

async function licence(path: string, name: string): Promise<string | undefined> {
  await using collection = await openFirmware(path, [name], release);
  return (await collection.find(name))?.licence;
}

describe('blobs, unpacked, links followed, a newer one for this kernel first', () => {
  test('of a folder, or of a root that has it', async () => {
    const root = scratchFolder();
    await layOutFirmware(join(root, 'lib/firmware'));
    await expect(read(join(root, 'lib/firmware'))).resolves.toEqual(contents);
    await expect(read(root)).resolves.toEqual(contents);
  });

  test('of a .deb', async () => {
    const deb = await packFirmwareDeb(scratchFolder());
    await expect(read(deb)).resolves.toEqual(contents);
    await expect(licence(deb, 'bnx2/linked.fw')).resolves.toBe('Broadcom');
  });

  test('of an .rpm', async () => {
    const rpm = await packFirmwareRpm(scratchFolder());
    await expect(read(rpm)).resolves.toEqual(contents);
    await expect(licence(rpm, 'bnx2/packed.fw')).resolves.toBe('Redistributable. See LICENCE.bnx2');
    await expect(licence(rpm, 'bnx2/linked.fw')).resolves.toBe('Redistributable. See LICENCE.bnx2');
  });

  test('of a checkout, whose links stand in its WHENCE alone', async () => {
    const root = await layOutFirmware(scratchFolder());
    writeFileSync(join(root, 'WHENCE'), whence);
    await using collection = await openFirmware(root, [], release);
    const blob = await collection.find('bnx2/named.fw');
    expect(blob).toEqual({
      bytes: Buffer.from('plain bytes'),
      file: 'bnx2/plain.fw',
      licence: 'Redistributable. See LICENCE.bnx2',
    });
    expect(await collection.find('newer.fw')).not.toHaveProperty('licence');
  });
});

describe('what is refused', () => {
  test('nothing there', async () => {
    await expect(openFirmware('/no/such/place', [], release)).rejects.toThrow(
      expect.objectContaining({ code: 'BW-FILE-MISSING' }),
    );
  });

  test('a file that is no package, and a package that was cut short', async () => {
    const folder = scratchFolder();
    writeFileSync(join(folder, 'x.rpm'), 'no package at all');
    await expect(openFirmware(join(folder, 'x.rpm'), [], release)).rejects.toThrow(
      expect.objectContaining({ code: 'BW-FIRMWARE-NOT' }),
    );
    const deb = await packFirmwareDeb(folder);
    truncateSync(deb, 400);
    await expect(openFirmware(deb, wanted, release)).rejects.toThrow(
      expect.objectContaining({ code: 'BW-FIRMWARE-NOT' }),
    );
  });

  test('a file that is not packed as its name says', async () => {
    const root = scratchFolder();
    writeFileSync(join(root, 'a.fw.xz'), 'not xz');
    writeFileSync(join(root, 'b.fw.zst'), 'not zstd');
    await using collection = await openFirmware(root, [], release);
    for (const name of ['a.fw', 'b.fw']) {
      await expect(collection.find(name)).rejects.toThrow(
        expect.objectContaining({ code: 'BW-FIRMWARE-UNREADABLE' }),
      );
    }
  });

  test('a file of 200 MB, be it packed', async () => {
    const root = scratchFolder();
    const names = ['a.fw', 'b.fw', 'c.fw'] as const;
    for (const name of names) {
      writeFileSync(join(root, name), '');
      truncateSync(join(root, name), 200_000_000);
    }
    await run('xz', ['-0', join(root, 'b.fw')]);
    await run('zstd', ['-q', '--rm', join(root, 'c.fw')]);
    await using collection = await openFirmware(root, [], release);
    for (const name of names) {
      await expect(collection.find(name), name).rejects.toMatchObject({
        code: 'BW-FIRMWARE-TOO-LARGE',
        message: expect.stringMatching(/has more than 6\d\.\d MB/),
      });
    }
  });

  test('a link out of the folder; one to nothing, or round in a circle, is no blob', async () => {
    const root = scratchFolder();
    symlinkSync('/etc/hostname', join(root, 'out.fw'));
    symlinkSync('nowhere', join(root, 'dangling.fw'));
    symlinkSync('circle.fw', join(root, 'circle.fw'));
    writeFileSync(join(root, 'WHENCE'), 'Link: x.fw -> y.fw\nLink: y.fw -> x.fw\n');
    await using collection = await openFirmware(root, [], release);
    await expect(collection.find('out.fw')).rejects.toThrow(
      expect.objectContaining({ code: 'BW-PATH-ESCAPE' }),
    );
    for (const name of ['dangling.fw', 'circle.fw', 'x.fw']) {
      await expect(collection.find(name)).resolves.toBeUndefined();
    }
  });
});

test('a collection is the same as long as what is wanted of it is', async () => {
  const root = await layOutFirmware(scratchFolder());
  const requests = ['bnx2/plain.fw', 'bnx2/packed.fw'].map((path) => ({
    driver: 'bnx2',
    file: '',
    path,
  }));
  const identify = () => identifyFirmware(root, requests, release);
  const before = await identify();
  writeFileSync(join(root, 'newer.fw'), 'nobody asks for this one');
  expect(await identify()).toBe(before);
  writeFileSync(join(root, 'bnx2/plain.fw'), 'other bytes');
  const changed = await identify();
  expect(changed).not.toBe(before);
  rmSync(join(root, 'bnx2/plain.fw'));
  expect(await identify()).not.toBe(changed);
});
