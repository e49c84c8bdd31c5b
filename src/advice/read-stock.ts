import { layoutOf } from '../bundle/manifest.ts';
import type { Bundle } from '../bundle/open.ts';
import { readMembers } from '../bundle/read-members.ts';
import { readStockIndex } from '../bundle/stock-index.ts';
import { parseModuleList } from '../kernel/modules/index.ts';
import {
  indexStock,
  isNetbootTree,
  type KeptStockIndex,
  keepStockIndex,
  openStock,
  stockSources,
} from '../kernel/stock/index.ts';
import { BootwrightError } from '../system/errors/index.ts';
import type { Step } from '../system/progress.ts';

/**
 * Reads what the stock kernel's modules say of themselves: of those that are named here, or else as
 * the bundle keeps it.
 *
 * @param paths - a folder of modules (or above one), or the kernel's packages; may be empty
 * @throws BootwrightError `BW-ADVICE-NO-STOCK` (neither), `BW-STOCK-IS-NETBOOT`, and as `openStock`,
 *   `indexStock` and `readStockIndex` do
 */
export async function readStock(
  paths: readonly string[],
  bundle: Bundle,
  step: Step,
  signal?: AbortSignal,
): Promise<KeptStockIndex> {
  const { kernelRelease: release } = bundle.manifest.target;
  if (paths.length === 0) {
    const kept = await readStockIndex(bundle, signal);
    if (kept !== undefined) return kept;
    throw new BootwrightError(
      'BW-ADVICE-NO-STOCK',
      `${bundle.manifest.id} keeps nothing of the stock kernel's modules.`,
    );
  }
  const abortable = signal === undefined ? {} : { signal };
  const list = `${layoutOf(release).modules}/modules.builtin`;
  const members = await readMembers(bundle, [list], signal);
  const netbootBuiltIn = parseModuleList(members.get(list)?.toString('utf8') ?? '');
  await using stock = await openStock({
    paths,
    parts: ['modules', 'indexes'],
    release,
    ...abortable,
  });
  const index = await indexStock(stock, { step, ...abortable });
  if (isNetbootTree(index, netbootBuiltIn)) {
    throw new BootwrightError(
      'BW-STOCK-IS-NETBOOT',
      `"${stock.modules}" has built in what the bundle has built in.`,
      { hint: `Give --stock with ${stockSources}.` },
    );
  }
  step.note(`${index.modules.length} modules`);
  return keepStockIndex(index, netbootBuiltIn);
}
