/** What makes a symbol of the netboot config differ between two bundles. */
export const symbolCauses = [
  /** The packages' own configs, or the kernels' Kconfig files, differ. */
  'stock',
  /** Stock is the same: the build was asked for something else, or promotion came out otherwise. */
  'build',
  /** It says what compiler and other tools are and can do. */
  'tools',
] as const;
type SymbolCause = (typeof symbolCauses)[number];

/** A symbol whose value in the netboot config differs. `absent` where a config has no line. */
export interface SymbolDifference {
  /** Name without the CONFIG_ prefix. */
  readonly symbol: string;
  readonly from: string;
  readonly to: string;
  readonly cause: SymbolCause;
  /** For a person. */
  readonly reason: string;
}

/** Something that has one value in each bundle. */
export interface Pair<Value> {
  readonly what: string;
  readonly from: Value;
  readonly to: Value;
}

/** What only the second, and what only the first of two has. */
export interface GainAndLoss {
  readonly gained: readonly string[];
  readonly lost: readonly string[];
}

/** Everything that differs between two bundles, as far as their manifests and configs tell. */
export interface BundleDifference {
  readonly schema: 'bootwright/bundle-difference';
  readonly version: 1;
  /** The ids of the two. */
  readonly from: string;
  readonly to: string;
  /** Kernel, source package, certificate, settings, tools: those that differ. */
  readonly facts: readonly Pair<string>[];
  /** In bytes; all of them, so that what stays the same is seen, too. */
  readonly sizes: readonly Pair<number>[];
  /** Symbols of the drivers that are in the image and were modules in stock. */
  readonly drivers: GainAndLoss;
  /** Names of modules, as lsmod shows them. */
  readonly modules: GainAndLoss;
  /** Blobs in the image; one that has other bytes is lost and gained. */
  readonly firmware: GainAndLoss;
  readonly deviations: GainAndLoss;
  readonly config: readonly SymbolDifference[];
}
