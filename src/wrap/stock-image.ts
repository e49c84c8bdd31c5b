import { readFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import {
  BzImageError,
  hasSecureBootSignature,
  readBzImageHeader,
} from '../formats/bzimage/index.ts';
import { type StockKernel, stockSources } from '../kernel/stock/index.ts';
import { BootwrightError } from '../system/errors/index.ts';
import { sha256File } from '../system/files.ts';

/** The image and config of a stock kernel, checked to be of it. */
export interface StockImage {
  /** Paths of both. */
  readonly image: string;
  readonly config: string;
  /** The config's text. */
  readonly text: string;
  /** The image's own words: `uname -r`, builder, `uname -v`. */
  readonly version: string;
  /** Whether it carries a signature for Secure Boot. */
  readonly secureBoot: boolean;
}

/**
 * Finds the image and the config of a stock kernel.
 *
 * @throws BootwrightError `BW-WRAP-KERNEL` if one is missing, or of another release than the modules
 */
export async function readStockImage(stock: StockKernel): Promise<StockImage> {
  const [image, config] = [await stock.file('image'), await stock.file('config')];
  if (image === undefined || config === undefined) {
    throw new BootwrightError(
      'BW-WRAP-KERNEL',
      `There are modules of ${stock.release}, and no ${image === undefined ? 'image (vmlinuz)' : 'config'} of it.`,
      { hint: `Give ${stockSources}. The image is in kernel-core or linux-image.` },
    );
  }
  const bytes = await readFile(image);
  try {
    const { release, version } = readBzImageHeader(bytes);
    if (release !== stock.release) {
      throw new BootwrightError(
        'BW-WRAP-KERNEL',
        `The image "${image}" is of ${release}, and the modules are of ${stock.release}.`,
      );
    }
    const text = await readFile(config, 'utf8');
    return { image, config, text, version, secureBoot: hasSecureBootSignature(bytes) };
  } catch (error) {
    if (!(error instanceof BzImageError)) throw error;
    throw new BootwrightError('BW-WRAP-KERNEL', `The image "${image}" ${error.message}.`, {
      cause: error,
    });
  }
}

/** Whether the kernel was read where it lies, and not out of packages. */
function isInPlace(stock: StockKernel, paths: readonly string[]): boolean {
  return paths.some((path) => stock.modules.startsWith(resolve(path)));
}

/**
 * What a wrapped kernel is made of, for its manifest: the packages, or the image where a folder was
 * given.
 *
 * @param paths - as they were given
 */
export async function digestSources(
  stock: StockKernel,
  paths: readonly string[],
  image: string,
): Promise<{ fileName: string; sha256: string }[]> {
  const files = isInPlace(stock, paths) ? [image] : paths;
  return Promise.all(
    files.map(async (file) => ({ fileName: basename(file), sha256: await sha256File(file) })),
  );
}
