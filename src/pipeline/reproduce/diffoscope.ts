import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { MemberDifference } from '../../bundle/reproduction/report.ts';
import { BootwrightError } from '../../system/errors/index.ts';
import { exists } from '../../system/files.ts';
import { run } from '../../system/process.ts';
import type { Step } from '../../system/progress.ts';
import { findTool } from '../../system/tools.ts';
import type { ReproductionFolder } from './folder.ts';

/** What diffoscope says of a file. */
export interface DiffoscopeOutput {
  readonly path: string;
  /** Text file with its output. */
  readonly output: string;
}

/** How many files are looked at: what is the matter with the others is mostly the same. */
const lookedAt = 3;

/** Milliseconds for one file: it disassembles what it finds, which of a kernel may take hours. */
const patience = 300_000;

/** diffoscope(1): 0 is no difference, 1 is one. */
const differs = 1;

/**
 * Has diffoscope, if it is installed, look at the first files that differ, other than the manifest,
 * of which there is no more to say. That it fails or takes too
 * long is told, and no failure.
 *
 * @param places - the folders with the files of both bundles, and that which gets what it says, a
 *   text file for each; what an earlier run has left there is deleted
 * @throws BootwrightError `BW-INTERRUPTED`
 */
export async function runDiffoscope(
  differences: readonly MemberDifference[],
  {
    original,
    rebuilt,
    differences: folder,
  }: Pick<ReproductionFolder, 'original' | 'rebuilt' | 'differences'>,
  step: Step,
  signal?: AbortSignal,
): Promise<readonly DiffoscopeOutput[]> {
  await rm(folder, { recursive: true, force: true });
  const diffoscope = findTool('diffoscope');
  const changed = differences
    .filter(({ kind, path }) => kind === 'changed' && path !== 'manifest.json')
    .slice(0, lookedAt);
  if (diffoscope === undefined || changed.length === 0) return [];
  await mkdir(folder, { recursive: true });
  return step.step('Run diffoscope', async (part) => {
    const found: DiffoscopeOutput[] = [];
    for (const [index, { path }] of changed.entries()) {
      part.progress({ done: index, total: changed.length, unit: 'files', current: path });
      const output = join(folder, `${path.replaceAll('/', '_')}.txt`);
      try {
        await run(
          diffoscope,
          ['--no-progress', '--text', output, join(original, path), join(rebuilt, path)],
          {
            accept: [0, differs],
            timeout: patience,
            ...(signal === undefined ? {} : { signal }),
          },
        );
      } catch (error) {
        if (!(error instanceof BootwrightError) || error.code === 'BW-INTERRUPTED') throw error;
        part.warn(`diffoscope says nothing of ${path}: ${error.message}`);
      }
      if (await exists(output)) found.push({ path, output });
    }
    part.note(`${found.length} of ${differences.length} files`);
    return found;
  });
}
