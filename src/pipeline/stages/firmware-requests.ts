import { join } from 'node:path';
import { z } from 'zod';
import type { CompiledKernel } from '../../kernel/compile/index.ts';
import {
  type FirmwareRequest,
  firmwareRequestSchema,
  readStockRequests,
} from '../../kernel/firmware/index.ts';
import { moduleName } from '../../kernel/modules/module-file.ts';
import { parseModuleList } from '../../kernel/modules/module-tree.ts';
import { digestStock, openStock } from '../../kernel/stock/index.ts';
import { readTextFile } from '../../system/files.ts';
import type { BuildRequest } from '../request.ts';
import type { Stage, StageOutcome } from '../stage.ts';
import { stockPaths } from './stock-index.ts';

/** To be raised when this stage finds something else in the same modules. */
const revision = 1;

/**
 * What the drivers in an image ask for that does not tell it (before 5.2), out of their modules of
 * the stock kernel; undefined if that is not at hand.
 */
export async function firmwareRequestsStage(
  request: BuildRequest,
  compiled: StageOutcome<CompiledKernel>,
): Promise<Stage<readonly FirmwareRequest[]> | undefined> {
  const paths = stockPaths(request);
  if (paths.length === 0) return undefined;
  const { kernelRelease, objects } = compiled.result;
  const sources = await digestStock({ paths, release: kernelRelease });
  return {
    name: 'firmware-requests',
    title: 'See what firmware the drivers ask for',
    determinants: {
      revision,
      kernel: compiled.digest,
      stock: sources.map(({ sha256 }) => sha256),
    },
    schema: z.array(firmwareRequestSchema),
    clean: [],
    outputs: () => [],
    async run({ step, signal }) {
      const list = await readTextFile(join(objects, 'modules.builtin'), 'list of built-in drivers');
      await using kernel = await openStock({
        paths,
        parts: ['network-drivers'],
        release: kernelRelease,
        ...(signal === undefined ? {} : { signal }),
      });
      const builtIn = new Set(parseModuleList(list).map(moduleName));
      const requests = await readStockRequests(kernel.modules, builtIn, signal);
      step.note(`${requests.length} blobs, by the stock modules`);
      return [...requests];
    },
  };
}
