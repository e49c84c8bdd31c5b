import { moduleName } from '../kernel/modules/module-file.ts';
import { isMerged } from '../kernel/stock/merged.ts';
import type { BundleFacts, StockFacts } from './facts.ts';

/**
 * Modules of stock that a bundle has under no name of their own, since another module took their code
 * in when it was built in ({@link isMerged}).
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
    const signs = { imports: facts.imports, functions };
    return isMerged(signs, withdrawn, bundle.imageSymbols) ? [module] : [];
  });
}
