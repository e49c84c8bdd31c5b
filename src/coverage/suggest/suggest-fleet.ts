import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { layoutOf } from '../../bundle/manifest.ts';
import { type Bundle, openBundle } from '../../bundle/open.ts';
import { readMembers } from '../../bundle/read-members.ts';
import { BzImageError, readBzImagePayload } from '../../formats/bzimage/index.ts';
import { renderFleet } from '../../kernel/configure/fleet/fleet.ts';
import { openStock, type StockKernel } from '../../kernel/stock/index.ts';
import { writeWhole } from '../../system/files.ts';
import type { Step } from '../../system/progress.ts';
import { type NetbootDrivers, noDrivers, readNetbootDrivers } from '../netboot-drivers.ts';
import { readMachineFile } from '../read-machine.ts';
import { readStockTree } from '../read-stock.ts';
import { readBootTimes } from './boot-times.ts';
import { measureModules, type SizedModule } from './module-sizes.ts';
import { type FleetMachine, needsFinder } from './needs.ts';
import { driversShare, estimateImage, type ImageEstimate, type SizedImage } from './price.ts';
import { type FleetReport, measuredBundle, requireComparable } from './report.ts';
import { type CardsWanted, fleetOf, type Suggestion, suggestScope } from './suggest.ts';

/** What a scope is to be suggested for, and by what. */
export interface FleetRequest {
  /**
   * A bundle of the kernel that it is for: its folder, its archive, or its manifest.json. Without one,
   * stock says which kernel that is.
   */
  readonly bundle?: string;
  /** Descriptions of machines, one a file. */
  readonly machines: readonly string[];
  readonly cards: CardsWanted;
  /** A folder of stock's modules, or the kernel's packages; may be empty. */
  readonly stock: readonly string[];
  /** A bundle that was built with the scope. */
  readonly built?: string;
  /** File to write it to. */
  readonly out?: string;
}

/** Reads the descriptions; a machine is called like its file, with its folder where that is not enough. */
async function readMachines(paths: readonly string[]): Promise<readonly FleetMachine[]> {
  const names = paths.map((path) => basename(path));
  return Promise.all(
    paths.map(async (path, index) => {
      const name = names[index] ?? path;
      const isTwice = names.indexOf(name) !== names.lastIndexOf(name);
      return { name: isTwice ? path : name, hardware: await readMachineFile(path) };
    }),
  );
}

/** How long an image is, and the kernel in it; undefined if it does not say that. */
function sizeOf(image: Uint8Array): SizedImage | undefined {
  try {
    const { format, bytes, unpackedBytes } = readBzImagePayload(image);
    if (unpackedBytes < bytes.length) return undefined;
    return { bytes: image.length, format, packedBytes: bytes.length, unpackedBytes };
  } catch (error) {
    if (error instanceof BzImageError) return undefined;
    throw error;
  }
}

/** What the bundle's image would weigh; undefined if it does not say how it is packed. */
async function priceImage(
  bundle: Bundle,
  netboot: NetbootDrivers,
  stock: { readonly kernel: StockKernel; readonly modules: ReadonlyMap<string, SizedModule> },
  { drivers, buses }: Suggestion,
  signal?: AbortSignal,
): Promise<ImageEstimate | undefined> {
  const path = layoutOf(bundle.manifest.target.kernelRelease).image;
  const image = sizeOf((await readMembers(bundle, [path], signal)).get(path) ?? Buffer.alloc(0));
  if (image === undefined) return undefined;
  const stockPath = await stock.kernel.file('image');
  const stockImage = stockPath === undefined ? undefined : sizeOf(await readFile(stockPath));
  return estimateImage(
    { modules: stock.modules, image, ...(stockImage === undefined ? {} : { stockImage }) },
    netboot.builtIn.keys(),
    { drivers: drivers.map(({ module }) => module), buses },
  );
}

/**
 * Finds the smallest scope by which the machines of a fleet boot from the network with the kernel of
 * a bundle, or of stock, and what it costs; writes it as a fleet file, if it has a driver at all.
 *
 * @throws BootwrightError `BW-HARDWARE-*`, `BW-STOCK-*`, `BW-FLEET-OTHER-BUNDLE`, and as opening and
 *   reading the bundles does
 */
export async function suggestFleet(
  request: FleetRequest,
  step: Step,
  signal?: AbortSignal,
): Promise<FleetReport> {
  const machines = await readMachines(request.machines);
  const bundle = request.bundle === undefined ? undefined : await openBundle(request.bundle);
  const netboot =
    bundle === undefined
      ? noDrivers
      : await step.step('Read the drivers of the bundle', () => readNetbootDrivers(bundle, signal));
  await using stock =
    request.stock.length === 0
      ? undefined
      : await openStock({
          paths: request.stock,
          parts: ['modules', 'indexes', 'image'],
          ...(bundle === undefined ? {} : { release: bundle.manifest.target.kernelRelease }),
          ...(signal === undefined ? {} : { signal }),
        });
  const kernelRelease = bundle?.manifest.target.kernelRelease ?? stock?.release ?? '';
  const manifest = bundle?.manifest ?? { target: { kernelRelease }, promotion: { promoted: [] } };
  const index =
    stock === undefined
      ? undefined
      : await step.step('Read the drivers of stock', (reading) =>
          readStockTree(stock, { manifest, netboot }, reading, signal),
        );
  const finder = needsFinder(netboot, index);
  const needs = machines.map((machine) => finder.needs(machine));
  const needed = needs.flatMap(({ cards }) => cards.flatMap(({ drivers }) => drivers));
  const modules =
    stock === undefined
      ? undefined
      : await step.step('Measure the modules of stock', (measuring) =>
          measureModules(stock.modules, [...netboot.builtIn.keys(), ...needed], measuring, signal),
        );
  const suggestion = suggestScope(
    needs,
    request.cards,
    finder.path,
    (module) => modules?.get(module)?.bytes ?? 0,
  );
  const names = suggestion.drivers.map(({ module }) => module);
  const estimate =
    stock === undefined ||
    modules === undefined ||
    bundle === undefined ||
    suggestion.drivers.length === 0
      ? undefined
      : await priceImage(bundle, netboot, { kernel: stock, modules }, suggestion, signal);
  const built = request.built === undefined ? undefined : await openBundle(request.built);
  if (built !== undefined) {
    const { builtIn } = await readNetbootDrivers(built, signal);
    requireComparable(built, new Set(builtIn.keys()), kernelRelease, suggestion);
  }
  const file = suggestion.drivers.length === 0 ? undefined : request.out;
  if (file !== undefined) {
    await writeWhole(file, renderFleet(fleetOf(suggestion, kernelRelease)));
  }
  return {
    schema: 'bootwright/fleet-suggestion',
    version: 1,
    kernelRelease,
    stock: stock !== undefined,
    suggestion,
    price: {
      ...(bundle === undefined ? {} : { now: measuredBundle(bundle, await readBootTimes(bundle)) }),
      ...(modules === undefined ? {} : { drivers: driversShare(names, modules) }),
      ...(estimate === undefined ? {} : { estimate }),
      ...(built === undefined ? {} : { built: measuredBundle(built, await readBootTimes(built)) }),
    },
    ...(file === undefined ? {} : { file }),
  };
}
