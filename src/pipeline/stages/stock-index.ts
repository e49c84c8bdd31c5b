import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { promotionSchema } from '../../bundle/promotion.ts';
import { parseModuleList } from '../../kernel/modules/index.ts';
import {
  digestStock,
  indexStock,
  isNetbootTree,
  keepStockIndex,
  openStock,
  renderStockIndex,
} from '../../kernel/stock/index.ts';
import { BootwrightError } from '../../system/errors/index.ts';
import { readTextFile, sha256, sha256File, writeWhole } from '../../system/files.ts';
import type { BuildRequest } from '../request.ts';
import type { Stage, StageOutcome } from '../stage.ts';
import type { Workspace } from '../workspace.ts';
import type { ConfigureResult } from './configure.ts';
import type { ModulesResult } from './modules.ts';
import type { SourceResult } from './source.ts';

const stockIndexResultSchema = z.object({
  /** The file with the index. */
  index: z.string(),
  sha256: z.string(),
  /** How many modules stock has, and how many of them are in the netboot image. */
  modules: z.int(),
  promoted: z.int(),
});
/** What was read of the stock kernel's modules. */
export type StockIndexResult = z.infer<typeof stockIndexResultSchema>;

/** What the earlier stages have made. */
export interface StockIndexInputs {
  readonly source: StageOutcome<SourceResult>;
  readonly configured: StageOutcome<ConfigureResult>;
  readonly modules: StageOutcome<ModulesResult>;
}

/** Whether a promotion has built in anything that stock has as a module. */
async function hasPromoted(report: string): Promise<boolean> {
  const text = await readTextFile(report, 'report of the promotion');
  return promotionSchema.pick({ promoted: true }).parse(JSON.parse(text)).promoted.length > 0;
}

/** What the stock kernel is read from: whose modules are taken is at hand anyway. */
export function stockPaths({ stock = [], modules }: BuildRequest): readonly string[] {
  return stock.length === 0 && typeof modules === 'object' ? modules.stock : stock;
}

/** To be raised when this stage makes something else of the same modules. */
const revision = 1;

/** Before the bundle is packed: what the stock kernel's modules say of themselves, for the target's sake. */
export async function stockIndexStage(
  request: BuildRequest,
  workspace: Workspace,
  { source, configured, modules }: StockIndexInputs,
): Promise<Stage<StockIndexResult> | undefined> {
  const paths = stockPaths(request);
  if (paths.length === 0) return undefined;
  const { kernelRelease: release } = source.result.target;
  const list = join(modules.result.tree, 'modules.builtin');
  return {
    name: 'stock-index',
    title: "Index the stock kernel's modules",
    determinants: {
      revision,
      release,
      stock: (await digestStock({ paths, release })).map(({ sha256: digest }) => digest),
      builtIn: await sha256File(list),
    },
    schema: stockIndexResultSchema,
    clean: [workspace.stockIndex],
    outputs: ({ index }) => [index],
    async run({ step, signal }) {
      const abortable = signal === undefined ? {} : { signal };
      await using stock = await openStock({
        paths,
        parts: ['modules', 'indexes'],
        release,
        ...abortable,
      });
      const found = await indexStock(stock, { step, ...abortable });
      const netbootBuiltIn = parseModuleList(await readTextFile(list, 'list of modules'));
      if (isNetbootTree(found, netbootBuiltIn) && (await hasPromoted(configured.result.report))) {
        throw new BootwrightError(
          'BW-STOCK-IS-NETBOOT',
          `"${paths.join('", "')}" has built in what this build builds in.`,
        );
      }
      const kept = keepStockIndex(found, netbootBuiltIn);
      const text = renderStockIndex(kept);
      const index = join(workspace.stockIndex, 'stock-modules.json');
      await mkdir(workspace.stockIndex, { recursive: true });
      await writeWhole(index, text);
      const promoted = Object.keys(kept.promoted).length;
      step.note(`${kept.modules.length} modules, ${promoted} of them in the image`);
      return { index, sha256: sha256(text), modules: kept.modules.length, promoted };
    },
  };
}
