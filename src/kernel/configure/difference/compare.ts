import type { Step } from '../../../system/progress.ts';
import type { KconfigTree } from '../environment.ts';
import { loadKconfig } from '../olddefconfig.ts';
import { checkIsConfig, checkShipped } from '../shipped.ts';
import { treeSource } from '../tree-source.ts';
import { explainDifference } from './explained.ts';
import { plainDifference } from './plain.ts';
import type { DifferenceReport, PlainDifferenceReport } from './report.ts';

/** A config, and the path that it is called by. */
interface NamedConfig {
  readonly path: string;
  readonly text: string;
}

interface TwoConfigs {
  readonly a: NamedConfig;
  readonly b: NamedConfig;
}

/**
 * What two config files say differently.
 *
 * @throws BootwrightError `BW-CONFIG-NOT-A-CONFIG`
 */
export function comparePlainly({ a, b }: TwoConfigs): PlainDifferenceReport {
  for (const { path, text } of [a, b]) checkIsConfig(text, path);
  return plainDifference(a.text, b.text);
}

/**
 * What two configs have differently under a tree, and why.
 *
 * @throws BootwrightError `BW-CONFIG-NOT-A-CONFIG`, `BW-CONFIG-OTHER-ARCHITECTURE`, and as
 *   loadKconfig() does
 */
export async function compareUnderTree(
  request: TwoConfigs & KconfigTree & { readonly step: Step },
): Promise<DifferenceReport> {
  const { a, b, tree, arch } = request;
  for (const { path, text } of [a, b]) checkShipped(text, path, arch);
  const kconfig = await request.step.step('Read the Kconfig files', () => loadKconfig(request));
  return explainDifference({ kconfig, a: a.text, b: b.text, read: treeSource(tree) });
}
