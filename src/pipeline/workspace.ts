import { readdir } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { assertBuildPath } from '../kernel/compile/index.ts';
import { BootwrightError, isSystemError } from '../system/errors/index.ts';
import { exists, makeFolder, writeWhole } from '../system/files.ts';

/** The folders of one build. Every path is absolute. */
export interface Workspace {
  readonly folder: string;
  /** Unpacked source package and prepared tree. */
  readonly source: string;
  /** Stock and netboot config, report. */
  readonly configure: string;
  /** Blobs for the image, and what it asked for. */
  readonly firmware: string;
  /** kbuild's output folder. */
  readonly objects: string;
  /** Copies and objects of vendors' drivers. */
  readonly vendor: string;
  /** What was found out of a stock kernel whose modules are taken. */
  readonly stock: string;
  /** Installed modules. */
  readonly modules: string;
  /** What all modules of the stock kernel say of themselves. */
  readonly stockIndex: string;
  /** Finished bundles, a folder each. */
  readonly bundles: string;
  /** The signing key, made once. */
  readonly keys: string;
  readonly logs: string;
  readonly seals: string;
}

/** Marks a folder as a workspace, so that nothing else is ever cleaned up by mistake. */
const markerName = '.bootwright-workspace';

/** Where a source package is built unless the user names a folder: beside him, under the package's name. */
export function defaultWorkspace(sourcePackage: string): string {
  return join('bootwright-work', basename(sourcePackage).replace(/\.src\.rpm$|\.rpm$/, ''));
}

/**
 * The folders of a workspace, without touching the disk.
 *
 * @throws BootwrightError `BW-COMPILE-PATH` where kbuild would refuse the path
 *   (the kernel's Makefile: "source directory cannot contain spaces or colons")
 */
export function workspaceAt(path: string): Workspace {
  const folder = resolve(path);
  assertBuildPath(folder, 'workspace');
  return {
    folder,
    source: join(folder, 'source'),
    configure: join(folder, 'configure'),
    firmware: join(folder, 'firmware'),
    objects: join(folder, 'objects'),
    vendor: join(folder, 'vendor'),
    stock: join(folder, 'stock'),
    modules: join(folder, 'modules'),
    stockIndex: join(folder, 'stock-index'),
    bundles: join(folder, 'bundles'),
    keys: join(folder, 'keys'),
    logs: join(folder, 'logs'),
    seals: join(folder, 'seals'),
  };
}

/**
 * Makes a workspace, or opens the one that is there.
 *
 * @throws BootwrightError `BW-WORKSPACE-OTHER` if the folder holds something else, `BW-FILE-ACCESS`
 */
export async function openWorkspace(workspace: Workspace): Promise<void> {
  await makeFolder(workspace.folder);
  const marker = join(workspace.folder, markerName);
  if (await exists(marker)) return;
  const entries = await readdir(workspace.folder).catch((error: unknown) => {
    if (isSystemError(error, 'ENOTDIR')) return ['(not a folder)'];
    throw error;
  });
  // What a write of the marker that was killed half-way leaves is ours too.
  const foreign = entries.filter((name) => !/^\..*\.part$/.test(name));
  if (foreign.length > 0) {
    throw new BootwrightError(
      'BW-WORKSPACE-OTHER',
      `"${workspace.folder}" is not a workspace of Bootwright's, and not empty (${foreign[0]}).`,
    );
  }
  await writeWhole(marker, 'A workspace of "bootwright build". It may be deleted as a whole.\n');
}
