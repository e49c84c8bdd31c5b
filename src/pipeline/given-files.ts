import { readFragment } from '../kernel/configure/wishes.ts';
import { readPatch } from '../kernel/source/index.ts';
import type { BuildRequest } from './request.ts';

/**
 * Looks at the files that a person has named before anything that takes time: that a patch's name
 * was misspelt should not be told after the package has been prepared.
 *
 * @throws BootwrightError `BW-FILE-MISSING`, `BW-PATCH-EMPTY`, `BW-CONFIG-NOT-A-CONFIG`
 */
export async function checkGivenFiles({ patches = [], wishes }: BuildRequest): Promise<void> {
  for (const patch of patches) await readPatch(patch);
  if (wishes?.fragment !== undefined) await readFragment(wishes.fragment);
}
