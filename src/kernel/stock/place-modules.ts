import type { X509Certificate } from 'node:crypto';
import { copyFile, readFile, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { BzImageError } from '../../formats/bzimage/index.ts';
import { parseSymvers } from '../../formats/symvers/index.ts';
import { BootwrightError } from '../../system/errors/index.ts';
import { exists, readTextFile, writeWhole } from '../../system/files.ts';
import type { Step } from '../../system/progress.ts';
import { type CompiledKernel, signsModules } from '../compile/index.ts';
import { parseModuleList } from '../modules/module-tree.ts';
import { vermagicFlags } from '../modules/vermagic.ts';
import { withProviders } from './closure.ts';
import { describeMisfit, type ImageFacts, type Misfit } from './fit.ts';
import { findMerged } from './merged.ts';
import { type ModuleFacts, readModuleFacts } from './module-facts.ts';
import type { StockKernel } from './open.ts';
import { copyModules, listModuleFiles } from './read-modules.ts';
import { rebuildModules } from './rebuild.ts';
import {
  type Batch,
  compressModules,
  findSignProgram,
  signModules,
  stripModules,
} from './rework.ts';
import { settleModules } from './settle.ts';
import { haveSameTypes } from './types.ts';

/** Stock modules that are to go with an image. */
export interface PlaceRequest {
  readonly stock: StockKernel;
  readonly compiled: CompiledKernel;
  /** The kernel's sources; they are not written to. */
  readonly tree: string;
  /** Gets the modules: `…/lib/modules/RELEASE`. */
  readonly folder: string;
  /** Values of the image's config, symbol to text. */
  readonly values: ReadonlyMap<string, string>;
  /** The certificates of stock's that the image trusts. */
  readonly trusted: readonly X509Certificate[];
  /** What modules that are not stock's own any more are signed with; nothing for a kernel that signs none. */
  readonly signing?: {
    readonly keyFile: string;
    readonly certificateFile: string;
    /** What is called instead of the kernel's scripts/sign-file. */
    readonly program?: string;
  };
  readonly jobs: number;
  readonly step: Step;
  readonly signal?: AbortSignal;
  readonly log: string;
}

/** A module that is not as stock has it, and why, in words. */
export interface StockRemark {
  /** As stock has it, uncompressed. */
  readonly path: string;
  readonly why: readonly string[];
}

/** What became of the stock modules. */
export interface PlacedModules {
  /** Paths of all that are there, in the order of stock's modules.order; without the ending of a compression. */
  readonly order: readonly string[];
  /** Their sizes as stock had them, or as they were compiled, unpacked, in bytes. */
  readonly bytesBefore: ReadonlyMap<string, number>;
  /** How many are byte for byte stock's, with the vendor's signature. */
  readonly untouched: number;
  /** How many are stock's but for the signature, and for the types if those were taken out. */
  readonly resigned: number;
  /** Whether stock's types were left in: they are those of the image, or it does not look. */
  readonly types: 'kept' | 'removed';
  /** Paths of those whose code is in the image, be it under another's name. */
  readonly inImage: readonly string[];
  readonly rebuilt: readonly StockRemark[];
  readonly missing: readonly StockRemark[];
}

const misfitsShown = 5;

function remarks(misfits: ReadonlyMap<string, readonly Misfit[]>): StockRemark[] {
  return [...misfits]
    .map(([path, found]) => ({
      path,
      why: [
        ...found.slice(0, misfitsShown).map(describeMisfit),
        ...(found.length > misfitsShown ? [`and ${found.length - misfitsShown} more`] : []),
      ],
    }))
    .sort((one, other) => (one.path < other.path ? -1 : 1));
}

/** Whether the types in stock's modules hold for the image; undefined if it looks at none. */
async function compareTypes(
  { stock, compiled, values }: PlaceRequest,
  step: Step,
): Promise<boolean | undefined> {
  if (values.get('DEBUG_INFO_BTF_MODULES') !== 'y') return undefined;
  const image = await stock.file('image');
  if (image === undefined) return false;
  try {
    return await haveSameTypes(image, join(compiled.objects, 'vmlinux'));
  } catch (error) {
    if (!(error instanceof BzImageError)) throw error;
    step.warn(`"${image}" ${error.message}: its types are taken for other ones.`);
    return false;
  }
}

async function readImageFacts(request: PlaceRequest, step: Step): Promise<ImageFacts> {
  const { compiled, values } = request;
  if (values.get('MODVERSIONS') !== 'y') {
    throw new BootwrightError(
      'BW-STOCK-UNVERSIONED',
      `The config of ${compiled.kernelRelease} has no MODVERSIONS.`,
    );
  }
  const exports = parseSymvers(await readTextFile(compiled.moduleSymvers, 'list of symbols'));
  const builtIn = parseModuleList(
    await readTextFile(join(compiled.objects, 'modules.builtin'), 'list of what is built in'),
  );
  return {
    exports: new Map(
      exports.flatMap(({ name, crc, provider }) => (provider === 'vmlinux' ? [[name, crc]] : [])),
    ),
    builtIn: new Set(builtIn),
    kernelRelease: compiled.kernelRelease,
    vermagicFlags: vermagicFlags(values),
    sameTypes: await compareTypes(request, step),
    vendorSigned: request.trusted.length > 0,
  };
}

const unpacked = (file: string): string => file.replace(/\.(gz|xz|zst)$/, '');

/** Stock's own order, as far as it goes: where two modules claim a device, the first one gets it (depmod). */
async function stockOrder(stock: StockKernel, present: Iterable<string>): Promise<string[]> {
  const list = join(stock.modules, 'modules.order');
  const order = (await exists(list))
    ? parseModuleList(await readTextFile(list, 'list of modules'))
    : [];
  const rest = new Set(present);
  const first = order.filter((path) => rest.delete(path));
  return [...first, ...[...rest].sort()];
}

/**
 * Lays stock's modules beside an image that was compiled from the same sources with another config.
 * Each is checked as the kernel checks it when it is loaded; those whose code is in the image are left
 * out; those that do not fit are compiled from the tree; what can be neither is said.
 *
 * @throws BootwrightError `BW-STOCK-UNVERSIONED`, `BW-STOCK-NOT`, `BW-MODULES-UNREADABLE`,
 *   `BW-MODULES-INSTALL`, `BW-TOOL-MISSING`
 */
export async function placeStockModules(request: PlaceRequest): Promise<PlacedModules> {
  const { stock, compiled, folder, values, trusted, signing, step, signal, log } = request;
  const keys = trusted.map(({ publicKey }) => publicKey);
  const signs = signsModules(values);
  const image = await step.step('Compare the images', (part) => readImageFacts(request, part));
  const files = await listModuleFiles(stock.modules);
  const outside = files.filter((file) => !image.builtIn.has(unpacked(file)));
  const modules = await step.step('Read the stock modules', async (part) => {
    const read = await copyModules(stock.modules, outside, folder, keys, part, signal);
    part.note(`${files.length}, ${files.length - outside.length} of them in the image`);
    return read;
  });
  const bytesBefore = new Map<string, number>();
  for (const path of modules.keys()) {
    bytesBefore.set(path, (await readFile(join(folder, path))).length);
  }
  const settled = await step.step('Check that they fit', async (part) => {
    const found = await settleModules(modules, image, async (paths, present) => {
      part.info(`${paths.length} stock modules do not fit: they are compiled from the tree.`);
      const goals = withProviders(paths, present, (symbol) => image.exports.has(symbol));
      const made = await rebuildModules({
        compiled,
        tree: request.tree,
        paths: goals,
        jobs: request.jobs,
        step: part,
        log,
        ...(signal === undefined ? {} : { signal }),
      });
      const facts = new Map<string, ModuleFacts>();
      for (const path of paths) {
        const file = made.get(path);
        if (file === undefined) continue;
        const bytes = await readFile(file);
        facts.set(path, readModuleFacts(path, bytes, { keys: [], rebuilt: true }));
        bytesBefore.set(path, bytes.length);
        await copyFile(file, join(folder, path));
      }
      return facts;
    });
    const merged = await findMerged({
      paths: [...found.missing.keys()],
      folder,
      inImage: files
        .filter((file) => image.builtIn.has(unpacked(file)))
        .map((file) => join(stock.modules, file)),
      exports: image.exports,
      systemMap: compiled.systemMap,
      ...(signal === undefined ? {} : { signal }),
    });
    if (merged.size > 0) {
      part.info(
        `${merged.size} of them are a part of other modules where those are built in, and so in the image.`,
      );
    }
    const missing = new Map([...found.missing].filter(([path]) => !merged.has(path)));
    part.note(
      `${found.present.size - found.rebuilt.size} of stock, ${found.rebuilt.size} rebuilt, ${missing.size} missing`,
    );
    for (const path of found.missing.keys()) await rm(join(folder, path), { force: true });
    return { ...found, missing, merged };
  });
  for (const { path, why } of remarks(settled.missing)) {
    step.warn(`There will be no "${path}": ${why.join('; ')}.`);
  }
  const present = [...settled.present.values()];
  const stale = present.filter(
    ({ hasTypes, rebuilt }) => hasTypes && !rebuilt && image.sameTypes === false,
  );
  const typed = new Set(stale.map(({ path }) => path));
  const resigned = present.filter(
    ({ path, rebuilt, trusted: isTrusted }) =>
      !rebuilt && (typed.has(path) || (signs && !isTrusted)),
  );
  const toSign = present.filter(({ rebuilt }) => rebuilt).concat(resigned);
  const at = (list: readonly ModuleFacts[]): string[] => list.map(({ path }) => join(folder, path));
  await step.step('Strip, sign and compress', async (part) => {
    const batch: Batch = {
      jobs: request.jobs,
      step: part,
      ...(signal === undefined ? {} : { signal }),
    };
    await stripModules(at(stale), { types: true }, batch);
    await stripModules(at(toSign.filter(({ path }) => !typed.has(path))), { types: false }, batch);
    if (signs && signing !== undefined) {
      await signModules(
        at(toSign),
        {
          program: await findSignProgram(compiled.objects, resolve(request.tree)),
          digest: (values.get('MODULE_SIG_HASH') ?? '"sha512"').replaceAll('"', ''),
          ...signing,
        },
        batch,
      );
      part.note(`${toSign.length} signed`);
    }
    await compressModules(at(present), values, batch);
  });
  const order = await stockOrder(stock, settled.present.keys());
  await writeWhole(join(folder, 'modules.order'), `${order.join('\n')}\n`);
  return {
    order,
    bytesBefore,
    untouched: present.length - toSign.length,
    resigned: resigned.length,
    types: image.sameTypes === false ? 'removed' : 'kept',
    inImage: files
      .map(unpacked)
      .filter((path) => image.builtIn.has(path) || settled.merged.has(path)),
    rebuilt: remarks(settled.rebuilt),
    missing: remarks(settled.missing),
  };
}
