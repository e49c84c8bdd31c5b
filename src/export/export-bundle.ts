import { chmod, rename, rm } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { type Bundle, openBundle } from '../bundle/open.ts';
import { isSystemError, toBootwrightError } from '../system/errors/index.ts';
import { fileSize, makeFolder, sha256File } from '../system/files.ts';
import { makePartFolder, removeLeftovers, syncToDisk } from '../system/part-folder.ts';
import type { Step } from '../system/progress.ts';
import { makeDeb } from './deb.ts';
import type { ExportWork } from './export-work.ts';
import { type IsoOptions, makeIso } from './iso.ts';
import { makeRpm } from './rpm.ts';

/** The forms in which a bundle can be handed on, beside its own. */
export const exportFormats = ['rpm', 'deb', 'iso'] as const;
export type ExportFormat = (typeof exportFormats)[number];

/** What to make of a bundle, and where to. */
export interface ExportOptions {
  readonly format: ExportFormat;
  /** The folder that the file goes into. */
  readonly folder: string;
  /** Of a boot medium alone. */
  readonly iso?: IsoOptions;
  readonly signal: AbortSignal;
}

/** What was made. */
export interface ExportedFile {
  readonly id: string;
  readonly format: ExportFormat;
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

const titles: Readonly<Record<ExportFormat, string>> = {
  rpm: 'Make the .rpm',
  deb: 'Make the .deb',
  iso: 'Make the boot medium',
};

function make(
  bundle: Bundle,
  scratch: string,
  { format, iso = {} }: ExportOptions,
  work: ExportWork,
): Promise<string> {
  switch (format) {
    case 'rpm':
      return makeRpm(bundle, scratch, work);
    case 'deb':
      return makeDeb(bundle, scratch, work);
    case 'iso':
      return makeIso(bundle, scratch, iso, work);
  }
}

/**
 * Makes a package or a boot medium out of a bundle. The same bundle and options give the same
 * bytes. It is made beside and gets its name when it is whole.
 *
 * @param path - the bundle's folder or archive
 * @throws BootwrightError as `openBundle`, `unpackBundle`, `makeRpm`, `makeDeb` and `makeIso` do
 */
export async function exportBundle(
  path: string,
  options: ExportOptions,
  step: Step,
): Promise<ExportedFile> {
  const bundle = await openBundle(path);
  const { format, folder, signal } = options;
  try {
    await makeFolder(folder);
    await removeLeftovers(folder);
    const scratch = await makePartFolder(resolve(folder));
    try {
      const made = await step.step(titles[format], (making) =>
        make(bundle, scratch, options, { step: making, signal }),
      );
      signal.throwIfAborted();
      await chmod(made, 0o644);
      await syncToDisk(made);
      const target = join(folder, basename(made));
      await rename(made, target);
      return {
        id: bundle.manifest.id,
        format,
        path: target,
        bytes: await fileSize(target),
        sha256: await sha256File(target),
      };
    } finally {
      await rm(scratch, { recursive: true, force: true });
    }
  } catch (error) {
    throw isSystemError(error) ? toBootwrightError(error) : error;
  }
}
