import type { ExportedSymbol } from '../formats/symvers/index.ts';
import { moduleName } from '../kernel/modules/module-file.ts';
import type { BundleFacts, StockFacts } from './facts.ts';

/** Where the symbols that stock exports are known from. */
export type ExportSource =
  /** Its `Module.symvers` (symvers of kernel-core, kernel-devel, linux-headers): all of them. */
  | 'symvers'
  /** What its modules import: what they need counts, though it is not all. */
  | 'imports'
  /** Nothing: neither was given, or its modules have no versions. */
  | 'none';

/** A symbol that is not the same in stock and in the bundle. */
export interface SymbolDifference {
  readonly name: string;
  readonly what: 'missing' | 'added' | 'crc' | 'kind' | 'namespace';
  /** `vmlinux`, or a module as modpost calls it; of stock, unless the symbol is new. */
  readonly provider: string;
  /** Values in stock and in the bundle: CRCs, kinds, namespaces; empty where there is none. */
  readonly from: string;
  readonly to: string;
}

export interface ExportComparison {
  readonly source: ExportSource;
  /** Symbols that stock is known to export, and that the bundle's kernel does, its modules among it. */
  readonly stock: number;
  readonly bundle: number;
  /** In both. */
  readonly shared: number;
  /** Of these, with the same CRC. */
  readonly equal: number;
  /** Of the equal ones, those that a module of stock exports, and the image itself here. */
  readonly moved: number;
  /** Not known to be exported: by a module that was rebuilt, or maybe by one that was not given. */
  readonly unknown: number;
  /** Neither side has CRCs: the kernel was built without CONFIG_MODVERSIONS. */
  readonly withoutCrcs: boolean;
  readonly differences: readonly SymbolDifference[];
}

/** The name of a module by what modpost calls it: `drivers/net/ne2k-pci` is `ne2k_pci`. */
export const providerModule = (provider: string): string => moduleName(provider);

/** What modpost calls a module: `kernel/fs/jbd2/jbd2.ko` is `fs/jbd2/jbd2`. */
const providerOf = (path: string): string => path.replace(/^kernel\//, '').replace(/\.ko$/, '');

/** A CRC as modpost writes it. */
export const formatCrc = (crc: number): string => `0x${crc.toString(16).padStart(8, '0')}`;

/** What stock's modules import, as a list of what is exported to them. */
function importedSymbols({ modules }: Pick<StockFacts, 'modules'>): readonly ExportedSymbol[] {
  const providers = new Map<string, string>();
  for (const { path, file } of modules) {
    for (const { name } of file?.facts.exports ?? []) providers.set(name, providerOf(path));
  }
  // What no module that was given exports is the image's, if all were given.
  const others = modules.every(({ file }) => file !== undefined) ? 'vmlinux' : '';
  const symbols = new Map<string, ExportedSymbol>();
  for (const { file } of modules) {
    for (const [name, crc] of file?.facts.versions ?? []) {
      if (symbols.has(name)) continue;
      const provider = providers.get(name) ?? others;
      symbols.set(name, { name, crc, provider, kind: '', namespace: '' });
    }
  }
  return [...symbols.values()];
}

/** The symbols that a stock kernel is known to export; their providers are empty if not known. */
export function stockExports(stock: Pick<StockFacts, 'modules' | 'symvers'>): {
  readonly source: ExportSource;
  readonly symbols: readonly ExportedSymbol[];
} {
  if (stock.symvers !== undefined) return { source: 'symvers', symbols: stock.symvers };
  const symbols = importedSymbols(stock);
  return { source: symbols.length === 0 ? 'none' : 'imports', symbols };
}

const isModule = (provider: string): boolean => provider !== 'vmlinux' && provider !== '';

/**
 * What a bundle's kernel exports. Where its modules are stock's own (`--modules stock=…`), only the
 * image was compiled, and its list has nothing of them: they export what they do in stock.
 */
export function bundleExports(
  bundle: Pick<BundleFacts, 'symvers' | 'manifest' | 'modules'>,
  stock: readonly ExportedSymbol[],
): readonly ExportedSymbol[] {
  if (bundle.manifest.settings.modules !== 'stock') return bundle.symvers;
  const own = new Set(bundle.symvers.map(({ name }) => name));
  const rebuilt = rebuiltModules(bundle.manifest);
  const modules = new Set(bundle.modules.map(moduleName));
  const kept = stock.filter(({ name, provider }) => {
    const module = providerModule(provider);
    return !own.has(name) && modules.has(module) && !rebuilt.has(module);
  });
  return [...bundle.symvers, ...kept];
}

/** Modules that did not fit the image, and were compiled from the tree; what they export is not listed. */
function rebuiltModules({ stock }: BundleFacts['manifest']): ReadonlySet<string> {
  return new Set(stock?.rebuilt.map(({ path }) => moduleName(path)));
}

/** Compares what two kernels export, by name. */
export function compareExports(
  stock: Pick<StockFacts, 'modules' | 'symvers'>,
  bundle: Pick<BundleFacts, 'symvers' | 'manifest' | 'modules'>,
): ExportComparison {
  const { source, symbols } = stockExports(stock);
  const symvers = bundleExports(bundle, symbols);
  const rebuilt = rebuiltModules(bundle.manifest);
  const before = new Map(symbols.map((symbol) => [symbol.name, symbol]));
  const after = new Map(symvers.map((symbol) => [symbol.name, symbol]));
  const differences: SymbolDifference[] = [];
  let [shared, equal, moved, unknown] = [0, 0, 0, 0];
  for (const one of before.values()) {
    const { name, provider } = one;
    const other = after.get(name);
    if (other === undefined && (provider === '' || rebuilt.has(providerModule(provider)))) {
      unknown += 1;
      continue;
    }
    if (other === undefined) {
      differences.push({ name, what: 'missing', provider, from: formatCrc(one.crc), to: '' });
      continue;
    }
    shared += 1;
    if (one.crc === other.crc) {
      equal += 1;
      if (isModule(provider) && !isModule(other.provider)) moved += 1;
    } else {
      const [from, to] = [formatCrc(one.crc), formatCrc(other.crc)];
      differences.push({ name, what: 'crc', provider, from, to });
    }
    for (const what of ['kind', 'namespace'] as const) {
      const [from, to] = [one[what], other[what]];
      // Older lists, and imports, do not tell the kind.
      const isTold = what === 'namespace' ? source === 'symvers' : from !== '' && to !== '';
      if (isTold && from !== to) differences.push({ name, what, provider, from, to });
    }
  }
  // What modules import is not all that there is: that something is new cannot be told from it.
  if (source === 'symvers') {
    for (const { name, provider, crc } of after.values()) {
      if (before.has(name)) continue;
      differences.push({ name, what: 'added', provider, from: '', to: formatCrc(crc) });
    }
  }
  const withoutCrcs =
    shared > 0 && symbols.every(({ crc }) => crc === 0) && symvers.every(({ crc }) => crc === 0);
  return {
    source,
    stock: before.size,
    bundle: after.size,
    shared,
    equal,
    moved,
    unknown,
    withoutCrcs,
    differences,
  };
}
