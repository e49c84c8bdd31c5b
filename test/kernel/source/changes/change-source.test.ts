import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { changeSource } from '../../../../src/kernel/source/changes/change-source.ts';
import {
  changeTree,
  isChanged,
  restoreTree,
} from '../../../../src/kernel/source/changes/journal.ts';
import { scratchFolder } from '../../../scratch.ts';

/** A folder with a small tree, and room for patches and for what belongs to the changes. */
function layOut(files: Readonly<Record<string, string>> = { 'net/card.c': 'one\ntwo\nthree\n' }) {
  const home = scratchFolder();
  const tree = join(home, 'tree');
  const write = (path: string, content: string, mode = 0o644): string => {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content, { mode });
    return path;
  };
  for (const [name, content] of Object.entries(files)) {
    utimesSync(write(join(tree, name), content), 1_000_000, 1_000_000);
  }
  const folder = join(home, 'changes');
  let count = 0;
  return {
    tree,
    folder,
    patch(text: string): string {
      count += 1;
      return write(join(home, `${count}.patch`), text);
    },
    change: (...patches: string[]) => changeSource({ tree, folder, patches, drivers: [] }),
  };
}

/** Every file of a folder with its content. */
function contents(folder: string): Record<string, string> {
  return Object.fromEntries(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .sort()
      .map((path) => [path.slice(folder.length + 1), readFileSync(path, 'utf8')]),
  );
}

const diff = (from: string, to: string): string =>
  `--- a/net/card.c\n+++ b/net/card.c\n@@ -1,3 +1,3 @@\n one\n-${from}\n+${to}\n three\n`;

describe('a tree with patches', () => {
  test('has them in their order, and nothing of them afterwards', async () => {
    const { tree, folder, patch, change } = layOut();
    const [first, second] = [patch(diff('two', 'zwei')), patch(diff('zwei', 'dos'))];
    const changes = await change(first, second);
    expect(changes.map(({ path }) => path)).toEqual(['net/card.c']);
    expect(contents(tree)).toEqual({ 'net/card.c': 'one\ndos\nthree\n' });
    expect(existsSync(join(folder, 'scratch'))).toBe(false);
    // The second alone does not fit, whatever was there in an earlier run.
    await expect(change(second)).rejects.toMatchObject({
      code: 'BW-PATCH-REJECTED',
      message:
        'The patch 2.patch does not apply: net/card.c, hunk 1: line 1 of the tree is not as it expects.',
    });
    expect(contents(tree)).toEqual({ 'net/card.c': 'one\ntwo\nthree\n' });
    expect(existsSync(folder)).toBe(false);
  });

  test('loses and gains files, folders and modes, and gets them back', async () => {
    const { tree, folder, patch, change } = layOut({
      'net/card.c': 'one\ntwo\nthree\n',
      'net/old.c': 'old\n',
      'net/run.sh': '#!/bin/sh\n',
    });
    const before = contents(tree);
    const all = patch(
      `${[
        'diff --git a/net/old.c b/net/old.c\ndeleted file mode 100644\n--- a/net/old.c\n+++ /dev/null\n@@ -1 +0,0 @@\n-old',
        'diff --git a/net/vendor/new.c b/net/vendor/new.c\nnew file mode 100644\n--- /dev/null\n+++ b/net/vendor/new.c\n@@ -0,0 +1 @@\n+new',
        'diff --git a/net/card.c b/net/board.c\nsimilarity index 100%\nrename from net/card.c\nrename to net/board.c',
        'diff --git a/net/run.sh b/net/run.sh\nold mode 100644\nnew mode 100755',
      ].join('\n')}\n`,
    );
    await change(all);
    expect(contents(tree)).toEqual({
      'net/board.c': 'one\ntwo\nthree\n',
      'net/run.sh': '#!/bin/sh\n',
      'net/vendor/new.c': 'new\n',
    });
    expect(statSync(join(tree, 'net/run.sh')).mode & 0o111).toBe(0o111);
    await change();
    expect(contents(tree)).toEqual(before);
    expect(existsSync(join(tree, 'net/vendor'))).toBe(false);
    expect(statSync(join(tree, 'net/run.sh')).mode & 0o111).toBe(0);
    expect(existsSync(folder)).toBe(false);
  });

  test('gives only what differs another time, so that make redoes no more', async () => {
    const { tree, patch, change } = layOut({
      'net/card.c': 'one\ntwo\nthree\n',
      'net/mii.c': 'x\n',
    });
    const time = (name: string): number => statSync(join(tree, name)).mtimeMs;
    const there = patch(diff('two', 'zwei'));
    const back = patch(diff('zwei', 'two'));
    await change(there, back);
    expect(time('net/card.c')).toBe(1_000_000_000);
    await change(there);
    expect(time('net/card.c')).toBeGreaterThan(1_000_000_000);
    // Restored, it is older than what was compiled of it: make must not take it for that.
    utimesSync(join(tree, 'net/card.c'), 2_000_000, 2_000_000);
    await change();
    expect(time('net/card.c')).toBeGreaterThan(2_000_000_000);
    expect(time('net/mii.c')).toBe(1_000_000_000);
  });

  test('refuses what leads out of it, and what is no patch', async () => {
    const { tree, patch, change } = layOut();
    await expect(
      change(patch('--- a/../../x\n+++ b/../../x\n@@ -0,0 +1 @@\n+x\n')),
    ).rejects.toMatchObject({ code: 'BW-PATH-ESCAPE' });
    await expect(change(patch('hello\n'))).rejects.toMatchObject({ code: 'BW-PATCH-EMPTY' });
    await expect(change('/nonexistent.patch')).rejects.toMatchObject({ code: 'BW-FILE-MISSING' });
    await expect(
      change(patch('--- a/net/none.c\n+++ b/net/none.c\n@@ -1 +1 @@\n-x\n+y\n')),
    ).rejects.toMatchObject({
      code: 'BW-PATCH-REJECTED',
      message: 'The patch 3.patch does not apply: the tree has no net/none.c.',
    });
    await expect(change(patch(diff('two', 'zwei').slice(0, -8)))).rejects.toMatchObject({
      code: 'BW-PATCH-REJECTED',
    });
    const twice = patch(diff('two', 'zwei'));
    await expect(change(twice, twice)).rejects.toMatchObject({
      message: expect.stringMatching(/net\/card\.c has its changes already\.$/),
      hint: expect.stringContaining('leave it out'),
    });
    expect(contents(tree)).toEqual({ 'net/card.c': 'one\ntwo\nthree\n' });
  });
});

test('a tree is restored from wherever a change of it was stopped', async () => {
  const name = fc.constantFrom('a.c', 'x/a.c', 'x/b.c', 'x/y/z.h', 'README');
  await fc.assert(
    fc.asyncProperty(
      fc.dictionary(name, fc.string(), { minKeys: 1 }),
      fc.dictionary(name, fc.option(fc.string(), { nil: undefined })),
      fc.integer({ min: 0, max: 5 }),
      async (files, wanted, stop) => {
        const { tree, folder } = layOut(files);
        const made = scratchFolder();
        const changes = Object.entries(wanted)
          .filter(([path, text]) => text !== undefined || path in files)
          .map(([path, text], i) => {
            if (text === undefined) return { path, by: undefined };
            const by = join(made, `${i}`);
            writeFileSync(by, text);
            return { path, by };
          });
        // What was not reached is what a file that is missing stands for.
        const broken = changes[stop]?.by;
        if (broken !== undefined) rmSync(broken);
        await changeTree(tree, folder, changes).catch(() => undefined);
        expect(await isChanged(folder)).toBe(true);
        await restoreTree(tree, folder);
        expect(contents(tree)).toEqual(contents(layOut(files).tree));
        expect(existsSync(folder)).toBe(false);
      },
    ),
    { numRuns: 25 },
  );
});
