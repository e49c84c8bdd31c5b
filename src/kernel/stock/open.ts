import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { BootwrightError, isSystemError } from '../../system/errors/index.ts';
import { exists, namesIn } from '../../system/files.ts';
import { isModuleFile, unpackModuleFiles } from '../modules/module-file.ts';
import { unpackStockPackage } from './package.ts';
import { type StockFile, type StockPart, stockFilePlaces, stockPlace } from './places.ts';

/** A stock kernel as it lies on this machine, unpacked from its packages if need be. */
export interface StockKernel extends AsyncDisposable {
  /** Its `uname -r`, by the name of the folder of its modules. */
  readonly release: string;
  /** The folder of its modules: `…/lib/modules/RELEASE`. */
  readonly modules: string;
  /** Finds the path of a file, if what was named has it. It may be compressed. */
  file(part: StockFile): Promise<string | undefined>;
}

/** What is asked of a stock kernel. */
export interface StockRequest {
  /** A folder of modules (or a root above one), or the kernel's packages. */
  readonly paths: readonly string[];
  /** What is to be unpacked of packages. */
  readonly parts: readonly StockPart[];
  /** Whether the modules of packages stay packed as they are; else those that xz packed are unpacked. */
  readonly keepPacked?: boolean;
  /** The `uname -r` that it has to be of; without it, whatever is there. */
  readonly release?: string;
  readonly signal?: AbortSignal;
}

/** What a stock kernel can be read from, for hints: to be put into a sentence. */
export const stockSources =
  "the stock kernel's packages (kernel-core, kernel-modules-core, kernel-modules; linux-image), or /lib/modules/<uname -r> of a machine that runs it";

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    if (!isSystemError(error, 'ENOENT', 'ENOTDIR')) throw error;
    throw new BootwrightError('BW-FILE-MISSING', `There is nothing at "${path}".`, {
      cause: error,
    });
  }
}

/** Whether a folder is that of a kernel's modules, and not one above it. */
async function isModuleFolder(folder: string): Promise<boolean> {
  for (const name of ['modules.dep', 'modules.builtin', 'modules.order', 'kernel']) {
    if (await exists(join(folder, name))) return true;
  }
  return false;
}

const moduleRoots = ['lib/modules', 'usr/lib/modules'];

/** The releases of which there are modules below a root. */
async function releasesBelow(root: string): Promise<readonly string[]> {
  const found = new Set<string>();
  for (const modules of moduleRoots) {
    for (const release of await namesIn(join(root, modules))) {
      if (await isModuleFolder(join(root, modules, release))) found.add(release);
    }
  }
  return [...found].sort();
}

/**
 * The folder of modules in what was named: that itself, or a root that holds it.
 *
 * @param named - what a person has given for it: that folder, or packages
 */
async function findModules(
  path: string,
  release: string | undefined,
  named: readonly string[] = [path],
): Promise<string> {
  if (await isModuleFolder(path)) return resolve(path);
  const below = await releasesBelow(path);
  const wanted = release ?? (below.length === 1 ? below[0] : undefined);
  if (wanted !== undefined) {
    for (const folder of [
      ...moduleRoots.map((root) => join(path, root, wanted)),
      join(path, wanted),
    ]) {
      if (await isModuleFolder(folder)) return resolve(folder);
    }
  }
  const given = named.map((each) => `"${each}"`).join(', ');
  if (below.length > 0) {
    throw new BootwrightError(
      'BW-STOCK-RELEASE',
      release === undefined
        ? `There are modules of several kernels in ${given}: ${below.join(', ')}.`
        : `These are modules of ${below.join(', ')}; the bundle is of ${release}.`,
      release === undefined ? { hint: 'Name the folder of one of them.' } : {},
    );
  }
  throw new BootwrightError(
    'BW-STOCK-NOT',
    `There are neither modules${release === undefined ? '' : ` of ${release}`} nor a folder lib/modules/${release ?? '<uname -r>'} in ${given}.`,
    { hint: `Give ${stockSources}.` },
  );
}

/** The root that a folder of modules belongs to, if it lies as on a system. */
function rootOf(modules: string): string | undefined {
  const match = /^(.*?)(?:\/usr)?\/lib\/modules\/[^/]+$/.exec(modules);
  return match?.[1] === undefined ? undefined : match[1] || '/';
}

function describeFolder(modules: string, release: string, close: () => Promise<void>): StockKernel {
  const root = rootOf(modules);
  return {
    release,
    modules,
    async file(part) {
      const places = stockFilePlaces(part, release).map((place) => {
        const inRelease = `lib/modules/${release}/`;
        // The folder may have another name than the release.
        if (place.startsWith(inRelease)) return join(modules, place.slice(inRelease.length));
        return root === undefined ? undefined : join(root, place);
      });
      for (const path of places) if (path !== undefined && (await exists(path))) return path;
      return undefined;
    },
    [Symbol.asyncDispose]: close,
  };
}

/**
 * Finds a stock kernel in a folder, or unpacks it from its packages into a temporary folder, which
 * goes away when the kernel is disposed of.
 *
 * @example
 * await using stock = await openStock({ paths: ['kernel-core.rpm'], parts: ['image', 'config'] });
 *
 * @throws BootwrightError `BW-FILE-MISSING`, `BW-STOCK-NOT`, `BW-STOCK-RELEASE` (of another release
 *   than asked for, or of several), and as {@link unpackStockPackage} does
 */
export async function openStock(request: StockRequest): Promise<StockKernel> {
  const { paths, parts, keepPacked, release, signal } = request;
  const folders: string[] = [];
  for (const path of paths) if (await isFolder(path)) folders.push(path);
  const [folder] = folders;
  if (folder !== undefined && paths.length === 1) {
    const modules = await findModules(folder, release);
    return describeFolder(modules, release ?? releaseOf(modules), async () => undefined);
  }
  if (folder !== undefined) {
    throw new BootwrightError('BW-STOCK-NOT', `"${folder}" is a folder, beside other paths.`, {
      hint: `One folder, or any number of packages: give ${stockSources}.`,
    });
  }
  const unpacked = await mkdtemp(join(tmpdir(), 'bootwright-stock-'));
  const close = (): Promise<void> => rm(unpacked, { recursive: true, force: true });
  try {
    for (const path of paths) {
      const files = await unpackStockPackage(
        path,
        unpacked,
        (name) => stockPlace(name, parts),
        signal,
      );
      if (keepPacked !== true) await unpackModuleFiles(files.filter(isModuleFile), signal);
    }
    const modules = await findModules(unpacked, release, paths);
    return describeFolder(modules, release ?? releaseOf(modules), close);
  } catch (error) {
    await close();
    throw error;
  }
}

const releaseOf = (modules: string): string => modules.slice(modules.lastIndexOf('/') + 1);
