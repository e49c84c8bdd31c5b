import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isSystemError } from '../../system/errors/index.ts';
import { sha256, writeWhole } from '../../system/files.ts';
import { type Build, make, ownFolder } from './build.ts';
import { isObject, parseBuildLine } from './make-output.ts';
import { countObjects } from './object-count.ts';
import { type ProgressRecord, readProgressRecord, startingPoint } from './progress-record.ts';

/** kbuild's source folder of an ARCH (SRCARCH in the top Makefile). */
function sourceArch(kbuildArch: string): string {
  return kbuildArch === 'x86_64' || kbuildArch === 'i386' ? 'x86' : kbuildArch;
}

/** Reads a file of the tree for the estimate; what is not there or not readable counts as absent. */
function readOrNothing(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1');
  } catch (error) {
    if (isSystemError(error)) return undefined;
    throw error;
  }
}

/** After how many objects the record is brought up to date. */
const recordEvery = 50;

/** The one make call for image and modules, with its progress. */
export async function compileObjects(build: Build, goals: readonly string[]): Promise<number> {
  const { request, tree, folder, asked } = build;
  const estimate = countObjects({
    values: asked,
    sourceArch: sourceArch(request.kbuildArch),
    read: (path) => readOrNothing(join(tree, path)),
  });
  const recordFile = join(folder, ownFolder, 'progress.json');
  const config = sha256(JSON.stringify([...asked]));
  const start = startingPoint(await readProgressRecord(recordFile), config);
  const expected = estimate.image + (request.modules === 'all' ? estimate.modules : 0);
  let compiled = 0;
  const done = (): number => start.compiled + compiled;
  const recordText = (countable: boolean): string =>
    JSON.stringify({ config, compiled: done(), countable } satisfies ProgressRecord);

  const report = (current?: string): void => {
    request.step.progress({
      done: done(),
      ...(start.countable ? { total: Math.max(expected, done()), estimated: true } : {}),
      unit: 'objects',
      ...(current === undefined ? {} : { current }),
    });
  };
  report();
  try {
    await make(build, goals, request.jobs, (line) => {
      const parsed = parseBuildLine(line);
      if (parsed === undefined) return;
      if (isObject(parsed)) {
        compiled += 1;
        // For the run after one that gets no chance to say how far it came.
        if (compiled % recordEvery === 0) {
          writeFileSync(recordFile, recordText(start.countable));
        }
      }
      report(`${parsed.action} ${parsed.target}`);
    });
  } catch (error) {
    await writeWhole(recordFile, recordText(start.countable));
    throw error;
  }
  await writeWhole(recordFile, recordText(false));
  return compiled;
}
