import { chmodSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { build, planBuild } from '../../src/pipeline/build.ts';
import type { BuildRequest } from '../../src/pipeline/request.ts';
import { unwatched, watch } from '../../src/system/progress.ts';
import { fakeKernelSrpm } from '../kernel/source/fake-kernel.ts';
import { scratchFolder } from '../scratch.ts';

test('patches come and go in the prepared tree, which is prepared only once', async () => {
  const folder = scratchFolder();
  // Whoever %prep runs as has to get there.
  chmodSync(folder, 0o755);
  const patch = join(folder, 'fix.patch');
  writeFileSync(
    patch,
    '--- a/drivers/net/card.c\n+++ b/drivers/net/card.c\n@@ -1,3 +1,3 @@\n one\n-two\n+zwei\n three\n--- a/Makefile\n+++ b/Makefile\n@@ -1,2 +1,3 @@\n VERSION = 6\n+# patched\n PATCHLEVEL = 0\n',
  );
  const workspace = join(folder, 'work');
  const request: BuildRequest = {
    srpm: fakeKernelSrpm(join(folder, 'package')),
    workspace,
    architecture: 'x86_64',
    defines: {},
    sandbox: 'auto',
    scope: 'wired',
    debugInfo: 'keep',
    modules: 'all',
    jobs: 1,
    ccache: 'off',
    format: 'tar.zst',
    proofs: [],
  };
  const stages = async (patches: readonly string[]): Promise<string[]> => {
    const open = new Map<number, string>();
    const ended: string[] = [];
    const step = watch((event) => {
      if (event.type === 'step-start' && event.parent === undefined)
        open.set(event.id, event.title);
      if (event.type !== 'step-end') return;
      const title = open.get(event.id);
      if (title !== undefined) ended.push(`${title}: ${event.outcome}`);
    });
    await build({ ...request, patches }, 'source', step);
    return ended;
  };
  const prepare = 'Prepare the source';
  expect(await stages([])).toEqual([`${prepare}: done`]);
  const tree = join(workspace, 'source/rpm/BUILD/kernel-6.0.0-1.el9/linux-6.0.0-1.el9.x86_64');
  const card = (): string => readFileSync(join(tree, 'drivers/net/card.c'), 'utf8');
  const untouched = statSync(join(tree, 'Kconfig')).mtimeMs;

  expect(await stages([patch])).toEqual([`${prepare}: unchanged`, 'Change the source: done']);
  expect(card()).toBe('one\nzwei\nthree\n');
  expect(await stages([patch])).toEqual([`${prepare}: unchanged`, 'Change the source: unchanged']);
  // What somebody changes by hand in a patched file does not stay.
  writeFileSync(join(tree, 'drivers/net/card.c'), 'by hand\n');
  expect(await planBuild({ ...request, patches: [patch] }, 'source', unwatched)).toMatchObject([
    { stage: 'source', action: 'keep' },
    { stage: 'changes', action: 'run', why: expect.stringContaining('drivers/net/card.c') },
  ]);
  await stages([patch]);
  expect(card()).toBe('one\nzwei\nthree\n');

  expect(await stages([])).toEqual([`${prepare}: unchanged`, 'Take back the changes: done']);
  expect(card()).toBe('one\ntwo\nthree\n');
  expect(readFileSync(join(tree, 'Makefile'), 'utf8')).not.toContain('patched');
  expect(await stages([])).toEqual([`${prepare}: unchanged`]);
  expect(statSync(join(tree, 'Kconfig')).mtimeMs).toBe(untouched);

  // A patch that is not there is told before the package is looked at.
  rmSync(request.srpm);
  await expect(stages([join(folder, 'none.patch')])).rejects.toMatchObject({
    code: 'BW-FILE-MISSING',
  });
});
