import { readConfigValues } from '../kernel/compile/config-values.ts';
import { vermagicFlags } from '../kernel/modules/vermagic.ts';
import {
  describeMisfit,
  exportersOf,
  type ImageFacts,
  type Misfit,
  misfitsOf,
} from '../kernel/stock/fit.ts';
import type { BundleFacts, StockFacts } from './facts.ts';
import type { Places } from './modules.ts';

/** A module of stock that the bundle's kernel would refuse. */
export interface UnfitModule {
  readonly module: string;
  readonly path: string;
  /** The first of what is wrong, as the end of a sentence; and how much there is in all. */
  readonly problem: string;
  readonly problems: number;
}

/** Whether the kernel of a bundle would take stock's own modules. */
export interface FitComparison {
  /** Modules of stock that were given, and whose code is not in the image. */
  readonly modules: number;
  readonly fitting: number;
  /** Symbols that these import, each module counted by itself. */
  readonly imports: number;
  readonly unfit: readonly UnfitModule[];
}

/**
 * Holds the modules that stock has, and the image has not, against the image, as the kernel does when
 * it loads one: vermagic, and the CRC of each symbol that it needs. What another module of stock
 * exports counts as there. BTF and signatures are not looked at.
 */
export function compareFit(
  { modules }: Pick<StockFacts, 'modules'>,
  { symvers, config, manifest }: Pick<BundleFacts, 'symvers' | 'config' | 'manifest'>,
  bundlePlaces: Places,
): FitComparison {
  const values = readConfigValues(config);
  const hasVersions = values.get('MODVERSIONS') === 'y';
  const exports = symvers.filter(({ provider }) => provider === 'vmlinux');
  const image: ImageFacts = {
    exports: new Map(exports.map(({ name, crc }) => [name, crc])),
    builtIn: new Set(),
    kernelRelease: manifest.target.kernelRelease,
    vermagicFlags: vermagicFlags(values),
    sameTypes: undefined,
    vendorSigned: false,
  };
  const staying = modules.filter(({ module }) => bundlePlaces.get(module) !== 'built-in');
  const given = staying.flatMap(({ module, path, file }) =>
    file === undefined ? [] : [{ module, path, facts: file.facts }],
  );
  const isAnyMissing = modules.some(({ file }) => file === undefined);
  const counts = (misfit: Misfit): boolean => {
    if (misfit.kind === 'unversioned') return hasVersions;
    if (misfit.kind !== 'gone') return true;
    // What nothing exports may be of a module that was not given. This one comes with versions.
    return !isAnyMissing && (hasVersions || misfit.symbol !== 'module_layout');
  };
  const find = exportersOf(
    image,
    given.map(({ facts }) => facts),
  );
  const unfit = given.flatMap(({ module, path, facts }): UnfitModule[] => {
    const misfits = misfitsOf(facts, image, find).filter(counts);
    const [first] = misfits;
    if (first === undefined) return [];
    return [{ module, path, problem: describeMisfit(first), problems: misfits.length }];
  });
  return {
    modules: given.length,
    fitting: given.length - unfit.length,
    imports: given.reduce((sum, { facts }) => sum + facts.versions.size, 0),
    unfit,
  };
}
