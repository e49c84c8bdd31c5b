import { isInNetworkMenu } from '../../hardware/index.ts';
import type { FleetBus } from '../../kernel/configure/fleet/fleet.ts';
import { fleetBuses } from '../../kernel/configure/fleet/fleet.ts';
import { transports } from '../assess-machine.ts';
import type { SizedModule } from './module-sizes.ts';

/** How many modules, and what their code and data come to in bytes. */
export interface Share {
  readonly modules: number;
  readonly bytes: number;
}

/** What a scope costs in the size of the image, reckoned from the sizes of stock's modules. */
export interface ImageEstimate {
  /** The image of the bundle, in bytes. */
  readonly bundleBytes: number;
  /** The image with the scope, about. */
  readonly bytes: number;
  /** Stock's modules that the bundle has in its image. */
  readonly inBundle: Share;
  /** Of stock's modules, those that the scope would have in its image. */
  readonly inScope: Share;
  /** Bytes of an image for each byte of code and data. */
  readonly rate: number;
  readonly basis: EstimateBasis;
}

/** What the rate of an estimate goes by. */
export type EstimateBasis =
  /** What the bundle's image has more than stock's own, for what stock has as modules. */
  | 'stock-image'
  /** How well the bundle's kernel is packed on the whole. */
  | 'packing';

/** What an estimate goes by. */
export interface Measured {
  /** Stock's modules: those that are in the bundle's image, the scope's, and what both need. */
  readonly modules: ReadonlyMap<string, SizedModule>;
  readonly image: SizedImage;
  /** Stock's own, if it is at hand. */
  readonly stockImage?: SizedImage;
}

/** An image of a kernel, and the kernel in it, in bytes. */
export interface SizedImage {
  readonly bytes: number;
  /** What it is packed by, such as `zstd`. */
  readonly format: string;
  readonly packedBytes: number;
  readonly unpackedBytes: number;
}

/** Modules that nothing needs which drives a device on another bus. */
const busRoots: Readonly<Record<FleetBus, readonly string[]>> = {
  usb: transports.usb ?? [],
  virtio: transports.virtio ?? [],
  vmbus: [...(transports.vmbus ?? []), 'pci_hyperv'],
};

const phyFolder = 'kernel/drivers/net/phy/';

/** Modules with all that they need. */
function closure(
  names: Iterable<string>,
  modules: ReadonlyMap<string, SizedModule>,
): ReadonlySet<string> {
  const found = new Set<string>();
  const queue = [...names];
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    const module = modules.get(name);
    if (module === undefined || found.has(name)) continue;
    found.add(name);
    queue.push(...module.depends);
  }
  return found;
}

function shareOf(names: ReadonlySet<string>, modules: ReadonlyMap<string, SizedModule>): Share {
  return {
    modules: names.size,
    bytes: [...names].reduce((sum, name) => sum + (modules.get(name)?.bytes ?? 0), 0),
  };
}

/** What drivers come to, with the modules that they need. */
export function driversShare(
  drivers: readonly string[],
  modules: ReadonlyMap<string, SizedModule>,
): Share {
  return shareOf(closure(drivers, modules), modules);
}

/**
 * The modules of stock that a scope would have in its image: its drivers with all that they need, the
 * drivers of PHYs if one of them leaves its PHY to the library, and what the bundle has in its image
 * although no network driver needs it (NFS, the drivers of buses), but for buses that the fleet is
 * not on.
 */
function modulesInScope(
  inBundle: ReadonlySet<string>,
  drivers: readonly string[],
  buses: readonly FleetBus[],
  modules: ReadonlyMap<string, SizedModule>,
): ReadonlySet<string> {
  const isNetwork = (name: string): boolean => isInNetworkMenu(modules.get(name)?.path ?? '');
  const own = closure(drivers, modules);
  const phys = own.has('libphy')
    ? [...inBundle].filter((name) => modules.get(name)?.path.startsWith(phyFolder))
    : [];
  const ofNetwork = closure([...inBundle].filter(isNetwork), modules);
  const others = [...inBundle].filter((name) => !ofNetwork.has(name));
  const needed = new Set(others.flatMap((name) => modules.get(name)?.depends ?? []));
  const spared = new Set(
    fleetBuses.filter((bus) => !buses.includes(bus)).flatMap((bus) => busRoots[bus]),
  );
  const roots = others.filter((name) => !needed.has(name) && !spared.has(name));
  return closure([...drivers, ...phys, ...roots], modules);
}

/**
 * What a byte of code and data comes to in the image. The bundle's image and stock's own are two real
 * ones, between which just these modules were built in: names of symbols, BTF, relocations, all that
 * an image has for its drivers, is in their difference. Without stock's image, or where it is packed
 * otherwise, there is but how well the kernel is packed, and none of that is counted.
 */
function rateOf(
  { image, stockImage }: Measured,
  inBundle: Share,
): { readonly rate: number; readonly basis: EstimateBasis } {
  const added = stockImage === undefined ? 0 : image.bytes - stockImage.bytes;
  if (added > 0 && stockImage?.format === image.format && inBundle.bytes > 0) {
    return { rate: added / inBundle.bytes, basis: 'stock-image' };
  }
  return { rate: image.packedBytes / image.unpackedBytes, basis: 'packing' };
}

/**
 * Estimates what an image weighs with another scope: the bundle's image, less the code and data of
 * the drivers that the scope leaves out, as stock's modules have them, at the rate of {@link rateOf}.
 *
 * @param inImage - what the bundle has built in, by name; what of it stock has as modules counts
 */
export function estimateImage(
  measured: Measured,
  inImage: Iterable<string>,
  { drivers, buses }: { readonly drivers: readonly string[]; readonly buses: readonly FleetBus[] },
): ImageEstimate {
  const { modules, image } = measured;
  const inBundle = new Set([...inImage].filter((name) => modules.has(name)));
  const inScope = modulesInScope(inBundle, drivers, buses, modules);
  const [before, after] = [shareOf(inBundle, modules), shareOf(inScope, modules)];
  const { rate, basis } = rateOf(measured, before);
  return {
    bundleBytes: image.bytes,
    bytes: Math.max(0, Math.round(image.bytes - rate * (before.bytes - after.bytes))),
    inBundle: before,
    inScope: after,
    rate,
    basis,
  };
}
