import type { ListedSymbol } from '../formats/symvers/index.ts';
import type { DifferenceReport } from '../kernel/configure/difference/report.ts';
import { BootwrightError } from '../system/errors/index.ts';
import { type ConfigComparison, compareConfigs } from './config.ts';
import { compareDevices, type DeviceComparison } from './devices.ts';
import { explainExports, type SymbolGroup } from './explain-exports.ts';
import { bundleExports, compareExports, type ExportComparison, stockExports } from './exports.ts';
import type { BundleFacts, StockFacts } from './facts.ts';
import { compareFit, type FitComparison } from './fit.ts';
import { compareKabi, type KabiComparison } from './kabi.ts';
import { mergedModules } from './merged.ts';
import {
  bundlePlacement,
  compareModules,
  type ModuleComparison,
  stockPlacement,
} from './modules.ts';
import { counted } from './numbers.ts';
import type { ShapingOption } from './read-shapes.ts';
import { compareVermagic, type VermagicComparison } from './release.ts';

/** What `bootwright compare` finds out. */
export interface ComparisonReport {
  readonly schema: 'bootwright/stock-comparison';
  readonly version: 1;
  readonly bundle: string;
  readonly kernelRelease: string;
  /** Nothing differs but what was asked for, or follows from it. */
  readonly equal: boolean;
  /** What is open, as ends of a sentence; empty if nothing is. */
  readonly open: readonly string[];
  readonly vermagic: VermagicComparison;
  readonly config: ConfigComparison;
  /** Options that differ and shape structures, by the headers of the tree; absent without it. */
  readonly shapes?: readonly ShapingOption[];
  readonly exports: Omit<ExportComparison, 'differences'> & {
    readonly groups: readonly SymbolGroup[];
  };
  readonly kabi: readonly KabiComparison[];
  readonly modules: readonly ModuleComparison[];
  /** Modules that stock's index names, and whose files were not given. */
  readonly notGiven: number;
  readonly fit: FitComparison;
  readonly devices: DeviceComparison;
  /** Departures that were asked for, by the manifest. */
  readonly deviations: readonly { readonly what: string; readonly reason: string }[];
}

/** What a comparison may be given besides the two kernels. */
export interface ComparisonAids {
  readonly kabi: readonly { readonly name: string; readonly symbols: readonly ListedSymbol[] }[];
  /** What the tree's Kconfig files say of the two configs. */
  readonly tree?: DifferenceReport;
  /** Which of the options that differ shape structures, by its headers. */
  readonly shapes?: readonly ShapingOption[];
}

/** What is not accounted for, in the order of what it breaks. */
function openOf(
  parts: Pick<ComparisonReport, 'vermagic' | 'config' | 'exports' | 'kabi' | 'modules' | 'fit'>,
): readonly string[] {
  const { vermagic, config, exports, kabi, modules, fit } = parts;
  const symbols = (what: SymbolGroup['what']): number =>
    exports.groups
      .filter((group) => group.what === what && group.standing === 'open')
      .reduce((sum, group) => sum + group.symbols.length, 0);
  const open: string[] = [];
  const add = (number: number, text: (number: number) => string): void => {
    if (number > 0) open.push(text(number));
  };
  if (vermagic.equal === false) open.push('another vermagic');
  add(symbols('crc'), (n) => `${counted(n, 'symbol')} with another CRC`);
  add(symbols('missing'), (n) => `${counted(n, 'symbol')} missing`);
  add(symbols('kind') + symbols('namespace'), (n) => `${counted(n, 'symbol')} exported otherwise`);
  add(symbols('added'), (n) => `${counted(n, 'symbol')} more, nothing says why`);
  for (const list of kabi) {
    add(
      list.changed.length + list.missing.length,
      (n) => `${counted(n, 'symbol')} of ${list.list} not kept`,
    );
  }
  add(fit.unfit.length, (n) => `${counted(n, 'module')} of stock that the kernel would refuse`);
  add(
    config.lines.filter(({ standing }) => standing === 'open').length,
    (n) => `${counted(n, 'option')} that nothing accounts for`,
  );
  add(
    modules.filter(({ standing }) => standing === 'open').length,
    (n) => `${counted(n, 'driver')} not where stock has them`,
  );
  return open;
}

/** Compares a bundle's kernel with the stock one that it stands for. */
export function compareKernels(
  bundle: BundleFacts,
  stock: StockFacts,
  { kabi, tree, shapes }: ComparisonAids,
): ComparisonReport {
  const { manifest } = bundle;
  const config = compareConfigs(stock.config, bundle, tree);
  const merged = mergedModules(stock, bundle);
  const placements = {
    stock: stockPlacement(stock),
    bundle: bundlePlacement(bundle, merged),
  };
  const places = { stock: placements.stock.places, bundle: placements.bundle.places };
  const openConfig = config.lines.filter(({ standing }) => standing === 'open');
  const modules = compareModules(placements, manifest, merged, openConfig);
  const known = stockExports(stock).symbols;
  const { differences, ...exported } = compareExports(stock, bundle);
  const groups = explainExports(differences, {
    manifest,
    config: config.lines,
    ...(shapes && { shapes }),
    stock,
    stockPlaces: places.stock,
    bundlePlaces: places.bundle,
  });
  const parts = {
    vermagic: compareVermagic(stock, bundle),
    config,
    ...(shapes && { shapes }),
    exports: { ...exported, groups },
    kabi: kabi.map((list) => compareKabi(list, known, bundleExports(bundle, known))),
    modules,
    fit: compareFit(stock, bundle, places.bundle),
  };
  const open = openOf(parts);
  return {
    schema: 'bootwright/stock-comparison',
    version: 1,
    bundle: manifest.id,
    kernelRelease: manifest.target.kernelRelease,
    equal: open.length === 0,
    open,
    ...parts,
    notGiven: stock.modules.filter(({ file }) => file === undefined).length,
    devices: compareDevices(stock, bundle, places),
    deviations: manifest.settings.deviations,
  };
}

/** The error that a verdict stands for; undefined for a bundle that equals stock. */
export function comparisonError({
  equal,
  open,
  bundle,
}: ComparisonReport): BootwrightError | undefined {
  if (equal) return undefined;
  return new BootwrightError('BW-COMPARE-DIFFERS', `${bundle} has ${open.join('; ')}.`);
}
