import { moduleName } from '../kernel/modules/module-file.ts';
import type { BundleFacts, StockFacts } from './facts.ts';

/** One name could be in the image by chance. */
const fewestNames = 2;

/**
 * Modules of stock that a bundle has under no name of their own, since another module took their code
 * in when it was built in. (In 6.12, brcmfmac-wcc is such a one: its Makefile makes a module of it
 * only where brcmfmac is a module, and else a part of brcmfmac.) Such a module needs a symbol that a
 * module in the image does not export any more, and all of its functions are in the image's
 * System.map. Either alone is no sign: many modules have functions called `probe` and `remove`.
 */
export function mergedModules(
  { modules }: Pick<StockFacts, 'modules'>,
  bundle: Pick<BundleFacts, 'builtIn' | 'modules' | 'imageSymbols' | 'symvers'>,
): readonly string[] {
  const builtIn = new Set(bundle.builtIn.map(moduleName));
  const known = new Set([...builtIn, ...bundle.modules.map(moduleName)]);
  const exported = new Set(bundle.symvers.map(({ name }) => name));
  const withdrawn = new Set(
    modules
      .filter(({ module }) => builtIn.has(module))
      .flatMap(({ file }) => file?.facts.exports.map(({ name }) => name) ?? [])
      .filter((name) => !exported.has(name)),
  );
  return modules.flatMap(({ module, file }) => {
    if (file === undefined || known.has(module)) return [];
    const { facts, functions } = file;
    const isMerged =
      facts.imports.some((name) => withdrawn.has(name)) &&
      functions.length >= fewestNames &&
      functions.every((name) => bundle.imageSymbols.has(name));
    return isMerged ? [module] : [];
  });
}
