import { chmod, mkdir, mkdtemp, readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { BootwrightError, isSystemError } from '../../system/errors/index.ts';
import { makeFolder, readTextUpTo, writeWhole } from '../../system/files.ts';
import { workspaceAt } from '../workspace.ts';

/** The places of one reproduction. Every path is absolute. */
export interface ReproductionFolder {
  readonly folder: string;
  /** The workspace that the bundle is built in anew. */
  readonly workspace: string;
  /** The source package, by the name that the manifest has for it. */
  readonly input: string;
  /** What of the bundle modules are signed with: certificate and signatures. */
  readonly signing: string;
  /** HOME of the build. */
  readonly home: string;
  /** The files of the two bundles. */
  readonly original: string;
  readonly rebuilt: string;
  /** What diffoscope says. */
  readonly differences: string;
  /** The result, as `--json` has it. */
  readonly report: string;
}

/** Marks a folder as one of a reproduction, so that it may be gone on with, and deleted. */
const markerName = '.bootwright-reproduction';
const markerSchema = z.object({ contentKey: z.string() });
const markerLimit = 4096;

function placesIn(folder: string): ReproductionFolder {
  return {
    folder,
    // What kbuild refuses of a path is told before anything is made.
    workspace: workspaceAt(join(folder, 'build')).folder,
    input: join(folder, 'input'),
    signing: join(folder, 'signing'),
    home: join(folder, 'home'),
    original: join(folder, 'original'),
    rebuilt: join(folder, 'rebuilt'),
    differences: join(folder, 'differences'),
    report: join(folder, 'reproduction.json'),
  };
}

/** Whether a folder is marked as one of that bundle's reproduction. */
async function isMarked(folder: string, contentKey: string): Promise<boolean> {
  try {
    const text = await readTextUpTo(join(folder, markerName), markerLimit);
    return markerSchema.parse(JSON.parse(text)).contentKey === contentKey;
  } catch {
    return false;
  }
}

async function isEmpty(folder: string): Promise<boolean> {
  try {
    return (await readdir(folder)).length === 0;
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return true;
    if (isSystemError(error, 'ENOTDIR')) return false;
    throw error;
  }
}

/**
 * Makes the folder of a reproduction. In one that is there already, nothing may be but a
 * reproduction of the same bundle that was stopped: what the bundle itself was built in must not be
 * taken for what it is built in anew.
 *
 * @param path - where; without it, a new one below bootwright-work/
 * @param contentKey - the bundle's
 * @throws BootwrightError `BW-REPRODUCE-FOLDER`, `BW-COMPILE-PATH`, `BW-FILE-ACCESS`
 */
export async function openReproduction(
  path: string | undefined,
  contentKey: string,
): Promise<ReproductionFolder> {
  if (path === undefined) {
    const above = resolve('bootwright-work');
    placesIn(above);
    await makeFolder(above);
    const fresh = await mkdtemp(join(above, 'reproduce-'));
    // mkdtemp keeps everybody out: not so whoever runs %prep instead of root.
    await chmod(fresh, 0o755);
    await mark(fresh, contentKey);
    return placesIn(fresh);
  }
  const places = placesIn(resolve(path));
  if (!(await isMarked(places.folder, contentKey))) {
    if (!(await isEmpty(places.folder))) {
      throw new BootwrightError(
        'BW-REPRODUCE-FOLDER',
        `"${places.folder}" is not empty, and not of a reproduction of this bundle.`,
      );
    }
    await makeFolder(places.folder);
    await mark(places.folder, contentKey);
  }
  return places;
}

async function mark(folder: string, contentKey: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeWhole(join(folder, markerName), `${JSON.stringify({ contentKey })}\n`);
}
