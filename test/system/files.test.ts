import {
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join, sep } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  formatBytes,
  jail,
  jailExisting,
  makeFolder,
  namesIn,
  readTextFile,
  sha256,
  sha256File,
  writeNew,
  writeWhole,
} from '../../src/system/files.ts';
import { run } from '../../src/system/process.ts';
import { scratchFolder } from '../scratch.ts';

test('names in a folder come sorted; where there is no folder, there are none', async () => {
  const folder = scratchFolder();
  for (const name of ['b', 'a', 'c']) writeFileSync(join(folder, name), '');
  expect(await namesIn(folder)).toEqual(['a', 'b', 'c']);
  expect(await namesIn(join(folder, 'none'))).toEqual([]);
  expect(await namesIn(join(folder, 'a'))).toEqual([]);
});

describe('jail', () => {
  test.each(['../x', '/etc/passwd', 'a/../../x', '..', '.', '', 'a\0b', 'a/..'])(
    'refuses %j',
    (name) => {
      expect(() => jail('/jail', name)).toThrow(
        expect.objectContaining({ code: 'BW-PATH-ESCAPE' }),
      );
    },
  );

  test('whatever the name, what it lets through lies in the folder', () => {
    const part = fc.constantFrom('..', '.', '', 'a', 'b c', '...', '/');
    fc.assert(
      fc.property(fc.array(part, { maxLength: 8 }), (parts) => {
        try {
          expect(jail('/the/jail', parts.join('/')).startsWith(`/the/jail${sep}`)).toBe(true);
        } catch (error) {
          expect(error).toMatchObject({ code: 'BW-PATH-ESCAPE' });
        }
      }),
    );
  });

  test('follows links and refuses those that lead out', async () => {
    const folder = scratchFolder();
    mkdirSync(join(folder, 'jail'));
    writeFileSync(join(folder, 'secret'), '');
    writeFileSync(join(folder, 'jail', 'fine'), '');
    symlinkSync('../secret', join(folder, 'jail', 'link'));
    symlinkSync('fine', join(folder, 'jail', 'inner'));
    await expect(jailExisting(join(folder, 'jail'), 'link')).rejects.toMatchObject({
      code: 'BW-PATH-ESCAPE',
    });
    await expect(jailExisting(join(folder, 'jail'), 'gone')).rejects.toMatchObject({
      code: 'BW-FILE-MISSING',
    });
    expect(await jailExisting(join(folder, 'jail'), 'inner')).toMatch(/fine$/);
  });
});

describe('writeWhole', () => {
  test('replaces the content and leaves nothing beside', async () => {
    const folder = scratchFolder();
    const path = join(folder, 'sub', 'file');
    await writeWhole(path, 'old');
    await writeWhole(path, 'new');
    expect(readFileSync(path, 'utf8')).toBe('new');
    expect(readdirSync(join(folder, 'sub'))).toEqual(['file']);
  });

  test('a pipe is written to, not replaced: --out /dev/stdout, /dev/null', async () => {
    const pipe = join(scratchFolder(), 'pipe');
    await run('mkfifo', [pipe]);
    const reading = run('cat', [pipe]);
    await writeWhole(pipe, 'through');
    expect((await reading).stdout).toBe('through\n');
    expect(statSync(pipe).isFIFO()).toBe(true);
  });

  test('a failure leaves the old content and nothing beside', async () => {
    const folder = scratchFolder();
    mkdirSync(join(folder, 'taken', 'by-a-folder'), { recursive: true });
    await expect(writeWhole(join(folder, 'taken'), 'x')).rejects.toThrow();
    expect(readdirSync(folder)).toEqual(['taken']);
  });
});

test('digests of a file and of its content are the same', async () => {
  const path = join(scratchFolder(), 'file');
  writeFileSync(path, 'abc');
  expect(await sha256File(path)).toBe(
    'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  );
  expect(sha256('abc')).toBe(await sha256File(path));
});

test('a file that a person named and that is not there is told by its name', async () => {
  await expect(readTextFile('/no/such.config', 'config')).rejects.toMatchObject({
    code: 'BW-FILE-MISSING',
    message: 'The config "/no/such.config" does not exist.',
  });
});

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [1000, '1.0 kB'],
  [999_949, '999.9 kB'],
  [999_950, '1.0 MB'],
  [28_900_000, '28.9 MB'],
  [1_700_000_000, '1.7 GB'],
])('%d bytes read as %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});

describe('makeFolder', () => {
  test('makes a folder and those above it, and lets one be that is there', async () => {
    const folder = join(scratchFolder(), 'a/b/c');
    await makeFolder(folder);
    await makeFolder(folder);
    expect(statSync(folder).isDirectory()).toBe(true);
  });

  test('several at once make the same, whoever is first', async () => {
    for (let round = 0; round < 50; round++) {
      const folder = join(scratchFolder(), `${round}/a/b`);
      await Promise.all(Array.from({ length: 4 }, () => makeFolder(folder)));
    }
  });

  test('gives up where nothing can be made, and on a file', async () => {
    await expect(makeFolder('/proc/bootwright/a')).rejects.toMatchObject({
      code: 'BW-FILE-ACCESS',
    });
    const file = join(scratchFolder(), 'file');
    writeFileSync(file, '');
    await expect(makeFolder(file)).rejects.toMatchObject({ code: 'EEXIST' });
    await expect(makeFolder(join(file, 'a'))).rejects.toMatchObject({ code: 'ENOTDIR' });
  });
});

describe('writeNew', () => {
  test('writes a file with its mode, and nothing over one that is there', async () => {
    const folder = scratchFolder();
    const path = join(folder, 'deeper', 'secret');
    await writeNew(path, 'one', 0o600);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    await expect(writeNew(path, 'two')).rejects.toMatchObject({ code: 'EEXIST' });
    expect(readFileSync(path, 'utf8')).toBe('one');
    expect(readdirSync(join(folder, 'deeper'))).toEqual(['secret']);
  });

  test('does not follow a link to what is not there', async () => {
    const folder = scratchFolder();
    symlinkSync('elsewhere', join(folder, 'link'));
    await expect(writeNew(join(folder, 'link'), 'x')).rejects.toMatchObject({ code: 'EEXIST' });
    expect(readdirSync(folder)).toEqual(['link']);
  });
});
