import { parseStockIndex } from '../kernel/stock/index.ts';
import { BootwrightError } from '../system/errors/index.ts';
import type { Finding } from './finding.ts';
import type { Manifest } from './manifest.ts';

/** Whether the index of stock modules can be read, and is of the manifest's kernel. */
export function checkStockIndex(
  text: string,
  file: string,
  manifest: Manifest,
): readonly Finding[] {
  const finding = (problem: string, expected: string, found: string): Finding => ({
    code: 'BW-BUNDLE-CORRUPT',
    file,
    problem,
    expected,
    found,
  });
  const { stockIndex, target } = manifest;
  try {
    const { kernelRelease, modules, promoted } = parseStockIndex(text, file);
    if (kernelRelease !== target.kernelRelease) {
      return [finding('is of another release', target.kernelRelease, kernelRelease)];
    }
    const counted = `${modules.length} modules, ${Object.keys(promoted).length} in the image`;
    const said = `${stockIndex?.modules ?? 0} modules, ${stockIndex?.promoted ?? 0} in the image`;
    return counted === said
      ? []
      : [finding('has other modules than the manifest says', said, counted)];
  } catch (error) {
    if (!(error instanceof BootwrightError)) throw error;
    return [{ code: 'BW-BUNDLE-CORRUPT', file, problem: `cannot be read: ${error.message}` }];
  }
}
