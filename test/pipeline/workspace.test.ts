import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { defaultWorkspace, openWorkspace, workspaceAt } from '../../src/pipeline/workspace.ts';
import { scratchFolder } from '../scratch.ts';

test.each(['/tmp/my builds', '/tmp/a:b', '/tmp/tab\there', '/tmp/line\nbreak'])(
  '%j is refused at once',
  (path) => {
    expect(() => workspaceAt(path)).toThrow(expect.objectContaining({ code: 'BW-COMPILE-PATH' }));
  },
);

test('is made in an empty folder, opened again, and not made in a foreign one', async () => {
  const folder = scratchFolder();
  const workspace = workspaceAt(join(folder, 'new'));
  await openWorkspace(workspace);
  await openWorkspace(workspace);
  mkdirSync(join(folder, 'home'));
  writeFileSync(join(folder, 'home', 'thesis.tex'), '');
  await expect(openWorkspace(workspaceAt(join(folder, 'home')))).rejects.toMatchObject({
    code: 'BW-WORKSPACE-OTHER',
    message: expect.stringContaining('thesis.tex'),
  });
});

test('is called after the package', () => {
  expect(defaultWorkspace('/srv/kernel-5.14.0-570.el9.src.rpm')).toBe(
    'bootwright-work/kernel-5.14.0-570.el9',
  );
});
