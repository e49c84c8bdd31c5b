import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { BootwrightError, isSystemError } from '../../system/errors/index.ts';
import { exists, jailExisting, readTextUpTo, sha256, sha256File } from '../../system/files.ts';
import { readPackedFile } from '../../system/packed-file.ts';
import { unpackStockPackage } from '../stock/index.ts';
import { wantedBlobs } from './choose.ts';
import { parseCopyright } from './copyright.ts';
import type { FirmwareRequest } from './request.ts';
import { linkTarget, parseWhence, type Whence } from './whence.ts';

/** A blob that a collection has. */
export interface FoundBlob {
  /** As the driver gets it: unpacked. */
  readonly bytes: Uint8Array;
  /** Its name in the collection, relative to its /lib/firmware, with the ending of its packing. */
  readonly file: string;
  /** What the collection says of its licence, in one line; absent if it says nothing. */
  readonly licence?: string;
}

/** Where blobs come from: a folder, or a package. */
export interface FirmwareCollection extends AsyncDisposable {
  /** What was named, without its folder. */
  readonly name: string;
  find(path: string): Promise<FoundBlob | undefined>;
}

/** What can be given, for hints: to be put into a sentence. */
const collections =
  "a folder such as /lib/firmware or a checkout of linux-firmware, or a distro's package of it (.rpm, .deb)";

const noWhence: Whence = { licences: new Map(), links: new Map() };

/** Endings of the kernel's own packings (FW_LOADER_COMPRESS), the plain file first. */
const packings = ['', '.zst', '.xz'] as const;

/** linux-firmware's has 0.3 MB. */
const textLimit = 16 * 1024 * 1024;

/** The largest blob of a network card in linux-firmware has 13 MB. */
const largestBlob = { bytes: 64 * 1024 * 1024, failure: 'BW-FIRMWARE-TOO-LARGE' } as const;

/** How many links lead from one to the next before it is a circle. */
const longestChain = 20;

/**
 * Where a kernel looks for a blob below /lib/firmware, in order (drivers/base/firmware_loader/main.c,
 * fw_path).
 */
function placesOf(path: string, release: string): readonly string[] {
  return [`updates/${release}/${path}`, `updates/${path}`, `${release}/${path}`, path];
}

/** Where a name leads by a link that is its own, or that of a folder above it. */
function followLink(name: string, links: ReadonlyMap<string, string>): string | undefined {
  for (let end = name.length; end > 0; end = name.lastIndexOf('/', end - 1)) {
    const target = links.get(name.slice(0, end));
    if (target !== undefined) return target + name.slice(end);
  }
  return undefined;
}

/** Follows links that are no part of the file system: those of a WHENCE, or of a package. */
function followLinks(name: string, links: ReadonlyMap<string, string>): string {
  let at = name;
  for (let step = 0; step < longestChain; step += 1) {
    const next = followLink(at, links);
    if (next === undefined) return at;
    at = next;
  }
  return at;
}

/** The names under which a collection may have what is asked for, links followed, the likeliest first. */
function candidates(
  path: string,
  release: string,
  links: ReadonlyMap<string, string>,
): readonly string[] {
  return placesOf(path, release).flatMap((place) =>
    packings.map((packing) => {
      const linked = followLinks(place + packing, links);
      // A WHENCE names files as they are before they are packed.
      return linked === place + packing ? followLinks(place, links) + packing : linked;
    }),
  );
}

/** The file of a name in a folder; a link may lead to another file of it, but not out of it. */
async function fileIn(root: string, name: string): Promise<string | undefined> {
  if (!(await exists(join(root, name)))) return undefined;
  try {
    const file = await jailExisting(root, name);
    return (await stat(file)).isFile() ? file : undefined;
  } catch (error) {
    if (!(error instanceof BootwrightError)) throw error;
    if (error.code === 'BW-FILE-MISSING') return undefined;
    throw error;
  }
}

interface Contents {
  readonly root: string;
  readonly whence: Whence;
  /** What else there is that tells of licences. */
  readonly licenceOf?: (name: string) => string | undefined;
}

async function findIn(
  { root, whence, licenceOf }: Contents,
  path: string,
  release: string,
  signal: AbortSignal | undefined,
): Promise<FoundBlob | undefined> {
  for (const name of candidates(path, release, whence.links)) {
    const file = await fileIn(root, name);
    if (file === undefined) continue;
    const bytes = await readPackedFile(file, 'BW-FIRMWARE-UNREADABLE', signal, largestBlob);
    const plain = followLinks(path, whence.links);
    const [said] = [path, plain].flatMap(
      (each) => whence.licences.get(each) ?? licenceOf?.(each) ?? [],
    );
    return { bytes, file: name, ...(said === undefined ? {} : { licence: said }) };
  }
  return undefined;
}

/** The folder that is /lib/firmware, in what was named: that itself, or a root that holds it. */
async function firmwareRoot(folder: string): Promise<string> {
  for (const inside of ['lib/firmware', 'usr/lib/firmware']) {
    if (await exists(join(folder, inside))) return resolve(folder, inside);
  }
  return resolve(folder);
}

async function readFolder(folder: string): Promise<Contents> {
  const root = await firmwareRoot(folder);
  const place = join(root, 'WHENCE');
  const whence = (await exists(place))
    ? parseWhence(await readTextUpTo(place, textLimit))
    : noWhence;
  return { root, whence };
}

/** A package's file, relative to its /lib/firmware; undefined for one that is elsewhere. */
function inFirmware(name: string): string | undefined {
  return /^\.?\/?(?:usr\/)?lib\/firmware\/(.+)$/.exec(name)?.[1];
}

/** The texts that say under which licences a package's files are, as distros call them. */
const whenceFile = /^\.?\/?usr\/share\/(?:doc|licenses)\/[^/]+\/WHENCE$/;
const copyrightFile = /^\.?\/?usr\/share\/doc\/[^/]+\/copyright$/;

/**
 * Unpacks what is wanted of a package. Where a link stands for a blob, what it leads to is found out
 * only on the way: then the package is read a second time.
 */
async function unpackPackage(
  path: string,
  folder: string,
  wanted: readonly string[],
  release: string,
  signal: AbortSignal | undefined,
): Promise<Contents> {
  const links = new Map<string, string>();
  const unpacked = new Set<string>();
  const unpack = async (names: ReadonlySet<string>, texts: boolean): Promise<void> => {
    await unpackStockPackage(
      path,
      folder,
      (name) => {
        if (texts && whenceFile.test(name)) return 'WHENCE';
        if (texts && copyrightFile.test(name)) return 'copyright';
        const blob = inFirmware(name);
        if (blob === undefined || !names.has(blob) || unpacked.has(blob)) return undefined;
        unpacked.add(blob);
        return `firmware/${blob}`;
      },
      signal,
      (name, target) => {
        const link = inFirmware(name);
        const to =
          link === undefined
            ? undefined
            : target.startsWith('/')
              ? inFirmware(target)
              : linkTarget(link, target);
        if (link !== undefined && to !== undefined) links.set(link, to);
      },
    );
  };
  const names = (): Set<string> =>
    new Set(wanted.flatMap((each) => candidates(each, release, links)));
  const first = names();
  await unpack(first, true);
  const further = new Set([...names()].filter((name) => !first.has(name)));
  if (further.size > 0) await unpack(further, false);
  const text = async (name: string): Promise<string | undefined> =>
    (await exists(join(folder, name))) ? await readFile(join(folder, name), 'utf8') : undefined;
  const whence = await text('WHENCE');
  const copyright = await text('copyright');
  return {
    root: join(folder, 'firmware'),
    whence: { licences: whence === undefined ? new Map() : parseWhence(whence).licences, links },
    ...(copyright === undefined ? {} : { licenceOf: parseCopyright(copyright) }),
  };
}

function notFirmware(error: unknown): unknown {
  if (!(error instanceof BootwrightError) || error.code !== 'BW-STOCK-NOT') return error;
  return new BootwrightError('BW-FIRMWARE-NOT', error.message, {
    ...error.occasion,
    hint: `Give ${collections}.`,
    cause: error,
  });
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    if (!isSystemError(error, 'ENOENT', 'ENOTDIR')) throw error;
    throw new BootwrightError('BW-FILE-MISSING', `There is nothing at "${path}".`, {
      cause: error,
      hint: `Give --firmware with ${collections}.`,
    });
  }
}

/**
 * Sees that something is there to read blobs from.
 *
 * @throws BootwrightError `BW-FILE-MISSING`
 */
export async function assertCollection(path: string): Promise<void> {
  await isFolder(path);
}

/**
 * Opens a folder of blobs, or unpacks what is wanted of a package into a temporary folder, which
 * goes away when the collection is disposed of.
 *
 * @param path - a checkout of linux-firmware, a /lib/firmware, a root above one, or an `.rpm` or `.deb`
 * @param wanted - names of blobs
 * @param release - the kernel's `uname -r`: it looks in a folder of that name, too
 * @throws BootwrightError `BW-FILE-MISSING`, `BW-FIRMWARE-NOT`, `BW-TOOL-MISSING`; `find()` throws
 *   `BW-FIRMWARE-UNREADABLE` and `BW-PATH-ESCAPE` (a link that leads out of the folder)
 */
export async function openFirmware(
  path: string,
  wanted: readonly string[],
  release: string,
  signal?: AbortSignal,
): Promise<FirmwareCollection> {
  const collection = (contents: Contents, close: () => Promise<void>): FirmwareCollection => ({
    name: basename(resolve(path)),
    find: (blob) => findIn(contents, blob, release, signal),
    [Symbol.asyncDispose]: close,
  });
  if (await isFolder(path)) return collection(await readFolder(path), async () => undefined);
  const folder = await mkdtemp(join(tmpdir(), 'bootwright-firmware-'));
  const close = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    return collection(await unpackPackage(path, folder, wanted, release, signal), close);
  } catch (error) {
    await close();
    throw notFirmware(error);
  }
}

/**
 * Tells whether a collection still gives the same: a digest of a package, or of the files of a folder
 * that are wanted.
 *
 * @throws BootwrightError as {@link openFirmware} does
 */
export async function identifyFirmware(
  path: string,
  requests: readonly FirmwareRequest[],
  release: string,
): Promise<string> {
  if (!(await isFolder(path))) return sha256File(path);
  const { root, whence } = await readFolder(path);
  const lines: string[] = [];
  for (const wanted of wantedBlobs(requests)) {
    for (const name of candidates(wanted, release, whence.links)) {
      const file = await fileIn(root, name);
      if (file === undefined) continue;
      lines.push(
        `${wanted} ${name} ${await sha256File(file)} ${whence.licences.get(wanted) ?? ''}`,
      );
      break;
    }
  }
  return sha256(lines.join('\n'));
}
