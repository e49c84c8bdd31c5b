import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { runDiffoscope } from '../../../src/pipeline/reproduce/diffoscope.ts';
import { type ProgressEvent, watch } from '../../../src/system/progress.ts';
import { findTool } from '../../../src/system/tools.ts';
import { scratchFolder } from '../../scratch.ts';

const { PATH = '' } = process.env;
afterEach(() => {
  process.env.PATH = PATH;
});

/** Puts a program called diffoscope first on PATH. */
function standIn(script: string): void {
  const folder = scratchFolder();
  writeFileSync(join(folder, 'diffoscope'), `#!/bin/sh\n${script}\n`);
  chmodSync(join(folder, 'diffoscope'), 0o755);
  process.env.PATH = `${folder}${delimiter}${PATH}`;
}

const changed = (path: string) => ({ path, kind: 'changed', places: [], placesInAll: 0 }) as const;

function look(folder: string, paths: readonly string[], events: ProgressEvent[] = []) {
  for (const side of ['original', 'rebuilt']) {
    for (const path of paths) {
      mkdirSync(join(folder, side, path, '..'), { recursive: true });
      writeFileSync(join(folder, side, path), side);
    }
  }
  return runDiffoscope(
    [...paths.map(changed), { ...changed('gone'), kind: 'only in the original' }],
    {
      original: join(folder, 'original'),
      rebuilt: join(folder, 'rebuilt'),
      differences: join(folder, 'differences'),
    },
    watch((event) => events.push(event)),
  );
}

test('diffoscope looks at the first files that differ, and what it says is kept', async () => {
  standIn('[ "$1 $2" = "--no-progress --text" ] && diff "$4" "$5" > "$3"');
  const folder = scratchFolder();
  const found = await look(folder, ['boot/a', 'boot/b', 'c', 'd']);
  expect(found.map(({ path }) => path)).toEqual(['boot/a', 'boot/b', 'c']);
  expect(readFileSync(found[0]?.output ?? '', 'utf8')).toContain('< original');
});

test.runIf(findTool('diffoscope'))('the real one is understood', async () => {
  const folder = scratchFolder();
  const [found] = await look(folder, ['boot/a']);
  expect(readFileSync(found?.output ?? '', 'utf8')).toContain('-original');
});

test('that it fails is told, and no failure', async () => {
  standIn('echo "out of memory" >&2; exit 2');
  const events: ProgressEvent[] = [];
  expect(await look(scratchFolder(), ['a'], events)).toEqual([]);
  expect(events).toContainEqual(
    expect.objectContaining({ level: 'warning', text: expect.stringContaining('of a:') }),
  );
});

test('without it nothing is run', async () => {
  process.env.PATH = '/nonexistent';
  expect(await look(scratchFolder(), ['a'])).toEqual([]);
});
