import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join, posix, resolve } from 'node:path';
import { BootwrightError, isSystemError } from '../../system/errors/index.ts';
import { sha256 } from '../../system/files.ts';
import { isKbuildMakefile, modulesOfMakefile } from './makefile.ts';
import { moduleVersion } from './version.ts';

/** A vendor's driver that is wanted: where its sources are, and what is to become of it. */
export interface WantedDriver {
  /** Its folder, as vendors ship it. */
  readonly folder: string;
  /** Into the image, or as a module. */
  readonly builtIn: boolean;
}

/** A vendor's driver whose sources have been looked at. */
export interface VendorDriver extends WantedDriver {
  /** What it is called after: the name of its folder, fit for a path of kbuild's. */
  readonly name: string;
  /** The folder that kbuild is sent to, relative to the driver's: empty, or `src`. */
  readonly kbuildFolder: string;
  /** The Makefiles that kbuild reads there and in folders below, relative to the driver's folder. */
  readonly makefiles: readonly string[];
  /** Its source files, relative to its folder, in order. */
  readonly files: readonly { readonly path: string; readonly sha256: string }[];
  /** Digest of their names and contents. */
  readonly sha256: string;
  /** By its MODULE_VERSION, if the sources tell. */
  readonly version?: string;
  /** The modules that it makes, as far as its Makefile tells. */
  readonly modules: readonly string[];
}

/** No driver has more; a folder that does is not one. */
const mostFiles = 3000;

/** What a build leaves in a folder, and what version control keeps there. */
const notSource = /^\.|\.(?:o|ko|mod|mod\.c|cmd|a|symvers|order)$|^modules\.order$/;

/** A Makefile's usual places in what vendors ship. */
const places = ['', 'src'] as const;

function refused(folder: string, why: string): BootwrightError {
  return new BootwrightError('BW-VENDOR-SOURCE', `"${folder}": ${why}.`);
}

async function listFiles(folder: string, below = ''): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await readdir(join(folder, below), { withFileTypes: true })) {
    if (notSource.test(entry.name)) continue;
    const path = posix.join(below, entry.name);
    if (entry.isDirectory()) found.push(...(await listFiles(folder, path)));
    else if ((await stat(join(folder, path))).isFile()) found.push(path);
    else throw refused(folder, `"${path}" is neither a file nor a folder`);
    if (found.length > mostFiles) {
      throw refused(folder, `it has more than ${mostFiles} files, so it is hardly one driver`);
    }
  }
  return found.sort();
}

/**
 * Parses `DIR`, `DIR=m` (a module) or `DIR=y` (built in).
 */
export function parseWantedDriver(text: string): WantedDriver {
  const match = /^(.+)=([ym])$/.exec(text);
  return match?.[1] === undefined
    ? { folder: text, builtIn: false }
    : { folder: match[1], builtIn: match[2] === 'y' };
}

/**
 * Looks at the sources of a vendor's driver: a folder with a Kbuild or Makefile that names `obj-m`,
 * or with one in its folder `src`.
 *
 * @throws BootwrightError `BW-VENDOR-SOURCE`
 */
async function readVendorDriver(wanted: WantedDriver): Promise<VendorDriver> {
  const folder = resolve(wanted.folder);
  const paths = await listFiles(folder).catch((error: unknown) => {
    if (!isSystemError(error, 'ENOENT', 'ENOTDIR')) throw error;
    throw refused(wanted.folder, 'there is no such folder');
  });
  const contents = new Map<string, Buffer>();
  for (const path of paths) {
    if (!/^[\w.+~@/-]+$/.test(path)) throw refused(folder, `kbuild cannot have a file "${path}"`);
    contents.set(path, await readFile(join(folder, path)));
  }
  const text = (path: string): string => contents.get(path)?.toString('latin1') ?? '';
  const readByKbuild = paths.filter((path) => {
    // Where there are both, kbuild reads the Kbuild (scripts/Kbuild.include, kbuild-file).
    if (posix.basename(path) === 'Makefile') {
      return (
        !contents.has(posix.join(posix.dirname(path), 'Kbuild')) && isKbuildMakefile(text(path))
      );
    }
    return posix.basename(path) === 'Kbuild';
  });
  const folders = readByKbuild.map((path) => posix.dirname(path).replace(/^\.$/, ''));
  const kbuildFolder = places.find((place) => folders.includes(place));
  if (kbuildFolder === undefined) {
    throw refused(folder, 'there is no Kbuild or Makefile with obj-m in it, nor in its folder src');
  }
  const makefiles = readByKbuild.filter((path) =>
    `/${path}`.startsWith(posix.join('/', kbuildFolder, '/')),
  );
  const files = Array.from(contents, ([path, content]) => ({ path, sha256: sha256(content) }));
  const version = moduleVersion(paths.filter((path) => /\.[ch]$/.test(path)).map(text));
  return {
    folder,
    builtIn: wanted.builtIn,
    name: basename(folder).replace(/[^\w.+~-]/g, '_'),
    kbuildFolder,
    makefiles,
    files,
    sha256: sha256(JSON.stringify(files)),
    ...(version === undefined ? {} : { version }),
    modules: [...new Set(makefiles.flatMap((path) => modulesOfMakefile(text(path))))].sort(),
  };
}

/**
 * Looks at several drivers, no two of one name.
 *
 * @throws BootwrightError `BW-VENDOR-SOURCE`
 */
export async function readVendorDrivers(
  wanted: readonly WantedDriver[],
): Promise<readonly VendorDriver[]> {
  const drivers: VendorDriver[] = [];
  for (const each of wanted) {
    const driver = await readVendorDriver(each);
    const rival = drivers.find(
      ({ name, modules }) =>
        name === driver.name || modules.some((module) => driver.modules.includes(module)),
    );
    if (rival !== undefined) {
      throw refused(driver.folder, `it and "${rival.folder}" have the same name or module`);
    }
    drivers.push(driver);
  }
  return drivers;
}
