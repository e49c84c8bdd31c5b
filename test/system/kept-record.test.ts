import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readKeptRecord } from '../../src/system/kept-record.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kept-record-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('what was kept is read', async () => {
  const file = join(folder, 'a.json');
  writeFileSync(file, '{"a":"1","__proto__":"2"}');
  expect(Object.entries((await readKeptRecord(file)) ?? {})).toEqual([
    ['a', '1'],
    ['__proto__', '2'],
  ]);
});

test.each(['', '{"a":"1"', '[]', '["a"]', 'null', '"a"', '{"a":1}', '{"a":{}}'])(
  'a file of %j is as none',
  async (text) => {
    const file = join(folder, 'a.json');
    writeFileSync(file, text);
    expect(await readKeptRecord(file)).toBeUndefined();
  },
);

test('no file is none', async () => {
  expect(await readKeptRecord(join(folder, 'gone'))).toBeUndefined();
});
