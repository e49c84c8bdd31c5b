import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readProgressRecord, startingPoint } from '../../../src/kernel/compile/progress-record.ts';

describe('startingPoint', () => {
  const record = { config: 'one', compiled: 700, countable: true };

  test('a new folder holds nothing, and all can be counted', () => {
    expect(startingPoint(undefined, 'one')).toEqual({ compiled: 0, countable: true });
  });

  test('a run that was ended half-way is gone on from', () => {
    expect(startingPoint(record, 'one')).toEqual({ compiled: 700, countable: true });
  });

  test('objects of another config are none of this one, and what is left cannot be counted', () => {
    expect(startingPoint(record, 'other')).toEqual({ compiled: 0, countable: false });
  });

  test('after a whole build it cannot be counted either, whatever the config is', () => {
    for (const config of ['one', 'other']) {
      expect(startingPoint({ ...record, countable: false }, config)).toEqual({
        compiled: 0,
        countable: false,
      });
    }
  });
});

describe('readProgressRecord', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bootwright-progress-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  test.each([
    [
      '{"config":"one","compiled":700,"countable":true}',
      { config: 'one', compiled: 700, countable: true },
    ],
    ['{"compiled":700,"complete":true}', undefined],
    ['{"config":"one","compiled":-1,"countable":true}', undefined],
    ['{"config":"o', undefined],
    ['', undefined],
    ['null', undefined],
  ])('%s', async (text, expected) => {
    const path = join(folder, 'progress.json');
    await writeFile(path, text);
    expect(await readProgressRecord(path)).toEqual(expected);
  });

  test('none is there', async () => {
    expect(await readProgressRecord(join(folder, 'progress.json'))).toBeUndefined();
  });
});
