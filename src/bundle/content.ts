import { constants } from 'node:fs';
import { chmod, copyFile, mkdir, readdir, stat } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';
import { BootwrightError } from '../system/errors/index.ts';
import { sha256File } from '../system/files.ts';
import type { Step } from '../system/progress.ts';
import { type BundleFile, layoutOf } from './manifest.ts';
import { isMemberName } from './members.ts';

/** Paths of what any bundle is packed from. */
interface CommonParts {
  /** The kernel image (bzImage). */
  readonly image: string;
  /** The config that the image was made with. */
  readonly config: string;
  /** The installed modules: the folder `lib/modules/<release>` itself. */
  readonly moduleTree: string;
  /** Further files, by their names in the archive: what a person gave to the build. */
  readonly kept?: ReadonlyMap<string, string>;
}

/** Paths of what the bundle of a kernel that was built is packed from. */
export interface BuiltParts extends CommonParts {
  /** The stock config. */
  readonly stockConfig: string;
  readonly systemMap: string;
  readonly moduleSymvers: string;
  /** The report of `bootwright config promote`, JSON. */
  readonly promotionReport: string;
  /** The index of the stock kernel's modules, JSON. */
  readonly stockIndex?: string;
}

/** Paths of what the bundle of a wrapped stock kernel is packed from. */
export interface WrappedParts extends CommonParts {
  readonly initramfs: string;
  /** What is in it and why, JSON. */
  readonly initramfsReport: string;
}

export type BundleParts = BuiltParts | WrappedParts;

/** Files are readable by all and executable by none, whatever the build's umask was. */
const fileMode = 0o644;

/** How many files are copied at a time. */
const parallel = 8;

/** Names sort by their bytes (all ASCII), not by anybody's locale. */
function byName(a: { readonly path: string }, b: { readonly path: string }): number {
  return a.path < b.path ? -1 : a.path > b.path ? 1 : 0;
}

/** Lists a module tree's files, as pairs of source path and name in the archive. */
async function listModuleTree(folder: string, name: string): Promise<[string, string][]> {
  const found: [string, string][] = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const source = join(folder, entry.name);
    const path = posix.join(name, entry.name);
    if (entry.isDirectory()) found.push(...(await listModuleTree(source, path)));
    else if (entry.isFile() && isMemberName(path)) found.push([source, path]);
    else {
      const kind = entry.isSymbolicLink() ? 'a link' : 'not a file that a bundle can hold';
      throw new BootwrightError('BW-BUNDLE-INPUT', `In the module tree, "${source}" is ${kind}.`);
    }
  }
  return found;
}

/** What only one kind of bundle has, as pairs of source path and name in the archive. */
function ownSources(
  parts: BundleParts,
  boot: ReturnType<typeof layoutOf>,
): readonly (readonly [string, string])[] {
  return 'initramfs' in parts
    ? [
        [parts.initramfs, boot.initramfs],
        [parts.initramfsReport, boot.initramfsReport],
      ]
    : [
        [parts.systemMap, boot.systemMap],
        [parts.stockConfig, boot.stockConfig],
        [parts.moduleSymvers, boot.moduleSymvers],
        [parts.promotionReport, boot.promotionReport],
        ...(parts.stockIndex === undefined
          ? []
          : [[parts.stockIndex, boot.stockIndex] satisfies [string, string]]),
      ];
}

/**
 * Copies a bundle's files to where they are packed from, under their names in
 * the archive. What is digested is the copy, so that nothing can change between
 * digest and archive.
 *
 * @param folder - an empty folder
 * @returns the files, sorted by name
 * @throws BootwrightError `BW-BUNDLE-INPUT`
 */
export async function stageContent(
  parts: BundleParts,
  kernelRelease: string,
  folder: string,
  step: Step,
  signal?: AbortSignal,
): Promise<readonly BundleFile[]> {
  const layout = layoutOf(kernelRelease);
  const sources: (readonly [string, string])[] = [
    [parts.image, layout.image],
    [parts.config, layout.config],
    ...ownSources(parts, layout),
    ...Array.from(parts.kept ?? [], ([path, source]): [string, string] => [source, path]),
    ...(await listModuleTree(parts.moduleTree, layout.modules)),
  ];
  const files: BundleFile[] = [];
  const waiting = sources.values();
  let failed = false;
  const copyNext = async (): Promise<void> => {
    for (const [source, path] of waiting) {
      if (failed) return;
      signal?.throwIfAborted();
      const copy = join(folder, path);
      await mkdir(dirname(copy), { recursive: true });
      // Shares the blocks where the file system can.
      await copyFile(source, copy, constants.COPYFILE_FICLONE);
      await chmod(copy, fileMode);
      const { size } = await stat(copy);
      files.push({
        path,
        bytes: size,
        mode: `0${fileMode.toString(8)}`,
        sha256: await sha256File(copy),
      });
      step.progress({ done: files.length, total: sources.length, unit: 'files', current: path });
    }
  };
  const copying = Array.from({ length: parallel }, () =>
    copyNext().catch((error: unknown) => {
      failed = true;
      throw error;
    }),
  );
  // None may go on writing when the caller clears the folder away.
  await Promise.allSettled(copying);
  await Promise.all(copying);
  return files.sort(byName);
}

/** All folders that lead to the files, and the files, sorted by name. */
export function withFolders(files: readonly { readonly path: string }[]): readonly string[] {
  const names = new Set<string>();
  for (const { path } of files) {
    for (let name = path; name !== '.'; name = posix.dirname(name)) names.add(name);
  }
  return [...names].sort();
}
