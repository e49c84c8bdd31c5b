import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findDefaultsFiles } from '../../../src/cli/defaults/files.ts';
import { scratchFolder } from '../../scratch.ts';

test('the person’s file comes before that of the folder; what is not there is left out', () => {
  const home = scratchFolder();
  const folder = scratchFolder();
  const env = { XDG_CONFIG_HOME: home };
  expect(findDefaultsFiles(folder, env)).toEqual([]);
  const near = join(folder, 'bootwright.json');
  writeFileSync(near, '{}');
  expect(findDefaultsFiles(folder, env)).toEqual([{ path: near, isOfFolder: true }]);
  const far = join(home, 'bootwright/config.json');
  mkdirSync(join(home, 'bootwright'));
  writeFileSync(far, '{}');
  expect(findDefaultsFiles(folder, env)).toEqual([
    { path: far, isOfFolder: false },
    { path: near, isOfFolder: true },
  ]);
});

test('a relative XDG_CONFIG_HOME does not count', () => {
  const folder = scratchFolder();
  mkdirSync(join(folder, 'here/bootwright'), { recursive: true });
  writeFileSync(join(folder, 'here/bootwright/config.json'), '{}');
  const paths = findDefaultsFiles(folder, { XDG_CONFIG_HOME: 'here' }).map(({ path }) => path);
  expect(paths).not.toContain(join(folder, 'here/bootwright/config.json'));
});
