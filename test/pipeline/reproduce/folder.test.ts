import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openReproduction } from '../../../src/pipeline/reproduce/folder.ts';
import { scratchFolder } from '../../scratch.ts';

describe('the folder of a reproduction', () => {
  test('is new, or that of the same bundle', async () => {
    const path = join(scratchFolder(), 'deep', 'again');
    const places = await openReproduction(path, 'key');
    expect(places.folder).toBe(path);
    writeFileSync(join(path, 'something'), '');
    expect(await openReproduction(path, 'key')).toEqual(places);
    await expect(openReproduction(path, 'other')).rejects.toMatchObject({
      code: 'BW-REPRODUCE-FOLDER',
    });
  });

  test('is not one that holds something else, such as the workspace of the first build', async () => {
    const folder = scratchFolder();
    writeFileSync(join(folder, '.bootwright-workspace'), '');
    await expect(openReproduction(folder, 'key')).rejects.toMatchObject({
      code: 'BW-REPRODUCE-FOLDER',
    });
    expect(existsSync(join(folder, '.bootwright-reproduction'))).toBe(false);
    const file = join(folder, 'file');
    writeFileSync(file, '');
    await expect(openReproduction(file, 'key')).rejects.toMatchObject({
      code: 'BW-REPRODUCE-FOLDER',
    });
  });

  test('is refused at once where kbuild could not work', async () => {
    const folder = join(scratchFolder(), 'with space');
    mkdirSync(folder);
    await expect(openReproduction(join(folder, 'a'), 'key')).rejects.toMatchObject({
      code: 'BW-COMPILE-PATH',
    });
    expect(existsSync(join(folder, 'a'))).toBe(false);
  });
});
