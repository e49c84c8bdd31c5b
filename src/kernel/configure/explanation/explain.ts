import { BootwrightError } from '../../../system/errors/index.ts';
import type { Step } from '../../../system/progress.ts';
import type { KconfigTree } from '../environment.ts';
import { loadKconfig } from '../olddefconfig.ts';
import { checkShipped } from '../shipped.ts';
import { otherKconfigFiles, treeSource } from '../tree-source.ts';
import { explainSymbols } from './explain-symbols.ts';
import type { ExplanationReport } from './report.ts';

export interface ExplainRequest extends KconfigTree {
  /** The text of the config, and the path that it is called by. */
  readonly config: string;
  readonly path: string;
  readonly names: readonly string[];
  readonly step: Step;
}

/**
 * Explains symbols of a config with its tree.
 *
 * @returns the report, and `unknown`: an error to end with, if the tree lacks some of the symbols
 * @throws BootwrightError `BW-CONFIG-NOT-A-CONFIG`, `BW-CONFIG-OTHER-ARCHITECTURE`, and as
 *   loadKconfig() does
 */
export async function explainConfig(
  request: ExplainRequest,
): Promise<{ report: ExplanationReport; unknown: BootwrightError | undefined }> {
  const { tree, config, names } = request;
  checkShipped(config, request.path, request.arch);
  const kconfig = await request.step.step('Read the Kconfig files', () => loadKconfig(request));
  const report = explainSymbols({
    kconfig,
    config,
    names,
    read: treeSource(tree),
    otherFiles: () => otherKconfigFiles(tree, kconfig.files),
  });
  const missing = report.unknown.map(({ symbol }) => symbol);
  const unknown =
    missing.length === 0
      ? undefined
      : new BootwrightError(
          'BW-CONFIG-UNKNOWN-SYMBOL',
          `No Kconfig file of this tree and architecture defines ${missing.join(', ')}.`,
          { hint: 'See above which names are like it, and where else it is defined.' },
        );
  return { report, unknown };
}
