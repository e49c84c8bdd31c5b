import { basename } from 'node:path';
import { layoutOf } from '../bundle/manifest.ts';
import { openBundle } from '../bundle/open.ts';
import {
  type ListedSymbol,
  parseSymbolList,
  SymversFormatError,
} from '../formats/symvers/index.ts';
import { compareUnderTree } from '../kernel/configure/difference/compare.ts';
import { checkIsConfig } from '../kernel/configure/shipped.ts';
import { cacheFolder } from '../system/cache.ts';
import { BootwrightError } from '../system/errors/index.ts';
import { readTextFile } from '../system/files.ts';
import type { Step } from '../system/progress.ts';
import { compareConfigs } from './config.ts';
import type { BundleFacts, StockFacts } from './facts.ts';
import { readBundleFacts } from './read-bundle.ts';
import { readShapingOptions } from './read-shapes.ts';
import { readStockFacts } from './read-stock.ts';
import { type ComparisonAids, type ComparisonReport, compareKernels } from './report.ts';

/** What is compared, and by what. */
export interface ComparisonRequest {
  /** A bundle's folder, its archive, or its manifest.json. */
  readonly bundle: string;
  /** A folder of stock's modules (or above one), or the stock kernel's packages. */
  readonly stock: readonly string[];
  /** Vendors' lists of symbols that modules may rely on. */
  readonly kabi: readonly string[];
  /** The source tree, whose Kconfig files say what follows from what. */
  readonly tree?: string;
  readonly step: Step;
  readonly signal: AbortSignal;
}

async function readKabi(
  path: string,
): Promise<{ readonly name: string; readonly symbols: readonly ListedSymbol[] }> {
  const text = await readTextFile(path, 'kABI list');
  try {
    const symbols = parseSymbolList(text);
    if (symbols.length > 0) return { name: basename(path), symbols };
  } catch (error) {
    if (!(error instanceof SymversFormatError)) throw error;
    throw new BootwrightError('BW-COMPARE-SYMVERS', `In "${path}", ${error.message}.`, {
      cause: error,
    });
  }
  throw new BootwrightError(
    'BW-COMPARE-SYMVERS',
    `"${path}" lists no symbol. EL's source packages have an empty Module.kabi_dup_… beside the real list.`,
  );
}

/** What the tree's Kconfig files and headers say of the options that differ. */
async function readTree(
  { tree, step, signal }: ComparisonRequest,
  bundle: BundleFacts,
  stock: StockFacts,
): Promise<Pick<ComparisonAids, 'tree' | 'shapes'>> {
  if (tree === undefined) return {};
  const { config, stockConfig } = layoutOf(bundle.manifest.target.kernelRelease);
  const difference = await compareUnderTree({
    a: { path: stockConfig, text: stock.config ?? bundle.stockConfig },
    b: { path: config, text: bundle.config },
    tree,
    arch: bundle.manifest.target.architecture,
    cacheFolder: cacheFolder('kconfig'),
    step,
    signal,
  });
  const { lines } = compareConfigs(stock.config, bundle, difference);
  const shapes = await step.step('Read the headers', () => readShapingOptions(tree, lines, signal));
  return { tree: difference, shapes };
}

/**
 * Compares a bundle's kernel with the stock kernel that it stands for.
 *
 * @throws BootwrightError `BW-COMPARE-SYMVERS`, `BW-STOCK-*`, and as
 *   `openBundle`, `readMembers` and `compareUnderTree` do
 */
export async function compareWithStock(request: ComparisonRequest): Promise<ComparisonReport> {
  const { step, signal } = request;
  // What takes no time comes first: a wrong file is told before minutes are spent.
  const kabi = await Promise.all(request.kabi.map(readKabi));
  const bundle = await step.step('Read the bundle', async () =>
    readBundleFacts(await openBundle(request.bundle), signal),
  );
  const stock = await readStockFacts(request.stock, bundle, step, signal);
  if (stock.config !== undefined) checkIsConfig(stock.config, "stock's config");
  const aids = await readTree(request, bundle, stock);
  return compareKernels(bundle, stock, { kabi, ...aids });
}
