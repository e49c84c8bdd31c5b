import { readFileSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isSystemError } from '../../system/errors/index.ts';
import { writeWhole } from '../../system/files.ts';
import { type Build, make, ownFolder } from './build.ts';
import { isObject, parseBuildLine } from './make-output.ts';
import { countObjects } from './object-count.ts';

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

/** The last build of a folder, for the estimate of the next. */
interface ProgressRecord {
  /** Objects compiled so far, over all runs of this config that were not brought to an end. */
  readonly compiled: number;
  /** Whether the folder has held all of them once. */
  readonly complete: boolean;
}

/** After how many objects the record is brought up to date. */
const recordEvery = 50;

async function readRecord(path: string): Promise<ProgressRecord | undefined> {
  try {
    const value: unknown = JSON.parse(await readFile(path, 'utf8'));
    if (typeof value !== 'object' || value === null) return undefined;
    if (!('compiled' in value) || !('complete' in value)) return undefined;
    const { compiled, complete } = value;
    if (typeof compiled !== 'number' || typeof complete !== 'boolean') return undefined;
    return { compiled, complete };
  } catch (error) {
    // It only serves an estimate: one that cannot be read is as good as none.
    if (isSystemError(error, 'ENOENT') || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** The one make call for image and modules, with its progress. */
export async function compileObjects(build: Build, goals: readonly string[]): Promise<number> {
  const { request, tree, folder, asked } = build;
  const estimate = countObjects({
    values: asked,
    sourceArch: sourceArch(request.kbuildArch),
    read: (path) => readOrNothing(join(tree, path)),
  });
  const recordFile = join(folder, ownFolder, 'progress.json');
  const earlier = await readRecord(recordFile);
  const before = earlier?.complete === false ? earlier.compiled : 0;
  const expected = estimate.image + (request.modules === 'all' ? estimate.modules : 0);
  let compiled = 0;
  const recordText = (complete: boolean): string =>
    JSON.stringify({ compiled: before + compiled, complete } satisfies ProgressRecord);

  // After a complete build, how much make finds to redo cannot be known beforehand.
  const wasComplete = earlier?.complete === true;
  const total = wasComplete ? undefined : expected;
  const report = (current?: string): void => {
    const done = before + compiled;
    request.step.progress({
      done,
      ...(total === undefined ? {} : { total: Math.max(total, done), estimated: true }),
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
          writeFileSync(recordFile, recordText(wasComplete));
        }
      }
      report(`${parsed.action} ${parsed.target}`);
    });
  } catch (error) {
    await writeWhole(recordFile, recordText(wasComplete));
    throw error;
  }
  await writeWhole(recordFile, recordText(true));
  return compiled;
}
