import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isModuleFile, readModuleFile } from '../../kernel/modules/index.ts';
import { unpackImage } from '../../kernel/stock/index.ts';
import { BootwrightError } from '../../system/errors/index.ts';
import type { Step } from '../../system/progress.ts';
import { layoutOf, type Manifest } from '../manifest.ts';
import { bytePlaces } from './bytes.ts';
import { configPlaces } from './config.ts';
import { type Image, imagePlaces } from './image.ts';
import { jsonPlaces } from './json.ts';
import { manifestPlaces } from './manifest.ts';
import { modulePlaces } from './module.ts';
import type { MemberDifference, Place } from './report.ts';
import { textPlaces } from './text.ts';

/** A bundle, unpacked. */
export interface UnpackedBundle {
  readonly manifest: Manifest;
  /** The manifest as it stands in the archive. */
  readonly manifestText: string;
  /** Holds its files, each as the manifest lists it (see unpackBundle()). */
  readonly folder: string;
}

/** How many places of a file are told. */
const toldPlaces = 12;

async function readImage(path: string, step: Step): Promise<Image> {
  const bytes = await readFile(path);
  try {
    return { bytes, kernel: await unpackImage(path) };
  } catch (error) {
    // It may be damaged in any way, or packed by what is not installed here.
    const why = error instanceof Error ? error.message : String(error);
    step.warn(`What is in the payload of the image is not compared: ${why}`);
    return { bytes, kernel: undefined };
  }
}

/** A file without a NUL is taken for text. */
function isText(bytes: Uint8Array): boolean {
  return !bytes.includes(0);
}

/** Where two module files differ, unpacked if they are compressed. */
async function moduleFilePlaces(a: string, b: string, signal?: AbortSignal) {
  try {
    const places = modulePlaces(await readModuleFile(a, signal), await readModuleFile(b, signal));
    if (places.length > 0) return places;
  } catch (error) {
    if (!(error instanceof BootwrightError) || error.code === 'BW-INTERRUPTED') throw error;
  }
  return bytePlaces('its bytes as they are compressed', await readFile(a), await readFile(b));
}

/** Where a file differs between two unpacked bundles, by what kind of file it is. */
async function placesIn(
  path: string,
  original: UnpackedBundle,
  rebuilt: UnpackedBundle,
  step: Step,
  signal?: AbortSignal,
): Promise<readonly Place[]> {
  const layout = layoutOf(original.manifest.target.kernelRelease);
  const [a, b] = [join(original.folder, path), join(rebuilt.folder, path)];
  if (path === layout.image) return imagePlaces(await readImage(a, step), await readImage(b, step));
  if (isModuleFile(path)) return moduleFilePlaces(a, b, signal);
  const [one, other] = [await readFile(a), await readFile(b)];
  if (!isText(one) || !isText(other)) return bytePlaces('its bytes', one, other);
  // As Latin-1 no two different runs of bytes become the same text.
  const texts = [one.toString('latin1'), other.toString('latin1')] as const;
  if (path === layout.config || path === layout.stockConfig) return configPlaces(...texts);
  if (path === layout.promotionReport) {
    const places = jsonPlaces(...texts);
    if (places.length > 0) return places;
  }
  return textPlaces(...texts);
}

/** The digests of a bundle's files, by their names. */
function digests({ files }: Manifest): ReadonlyMap<string, string> {
  return new Map(files.map(({ path, sha256 }) => [path, sha256]));
}

/**
 * Compares two unpacked bundles, file by file, and says of each that differs where it does.
 *
 * @returns those that differ, the manifest last; none if the two have the same bytes
 * @throws BootwrightError `BW-INTERRUPTED`
 */
export async function compareFiles(
  original: UnpackedBundle,
  rebuilt: UnpackedBundle,
  step: Step,
  signal?: AbortSignal,
): Promise<readonly MemberDifference[]> {
  const [before, after] = [digests(original.manifest), digests(rebuilt.manifest)];
  const paths = [...new Set([...before.keys(), ...after.keys()])].sort();
  const found: MemberDifference[] = [];
  const add = (path: string, kind: MemberDifference['kind'], places: readonly Place[]): void => {
    found.push({
      path,
      kind,
      places: places.slice(0, toldPlaces),
      placesInAll: places.length,
    });
  };
  for (const [index, path] of paths.entries()) {
    signal?.throwIfAborted();
    const [one, other] = [before.get(path), after.get(path)];
    if (other === undefined) add(path, 'only in the original', []);
    else if (one === undefined) add(path, 'only in the rebuilt one', []);
    else if (one !== other) {
      add(path, 'changed', await placesIn(path, original, rebuilt, step, signal));
    }
    step.progress({ done: index + 1, total: paths.length, unit: 'files', current: path });
  }
  if (original.manifestText !== rebuilt.manifestText) {
    const texts = [original.manifestText, rebuilt.manifestText] as const;
    const places = manifestPlaces(...texts);
    add('manifest.json', 'changed', places.length > 0 ? places : textPlaces(...texts));
  }
  step.note(found.length === 0 ? 'all the same' : `${found.length} differ`);
  return found;
}
