import { vermagicProblem } from '../modules/vermagic.ts';
import type { ModuleFacts } from './module-facts.ts';

/** What of an image decides which modules fit it. */
export interface ImageFacts {
  /** CRC of each exported symbol. */
  readonly exports: ReadonlyMap<string, number>;
  /** Modules whose code is in the image: their paths, as in modules.builtin. */
  readonly builtIn: ReadonlySet<string>;
  readonly kernelRelease: string;
  /** See `vermagicFlags`. */
  readonly vermagicFlags: readonly string[];
  /**
   * Whether the image has the types (BTF) of the one that the modules were made for; undefined if it
   * does not look at types of modules.
   */
  readonly sameTypes: boolean | undefined;
  /** Whether certificates of stock's are known, by which its modules are signed. */
  readonly vendorSigned: boolean;
}

/** Why a module does not fit an image. */
export type Misfit =
  | { readonly kind: 'vermagic'; readonly problem: string }
  /** It needs a symbol that nothing exports. */
  | { readonly kind: 'gone'; readonly symbol: string }
  /** It needs a symbol of another form: arguments or types of it have changed. */
  | { readonly kind: 'crc'; readonly symbol: string; readonly provider: string }
  /** It does not say which form of the symbol it needs. */
  | { readonly kind: 'unversioned'; readonly symbol: string }
  /** It exports what the image exports already; the kernel refuses that (verify_exported_symbols). */
  | { readonly kind: 'duplicate'; readonly symbol: string }
  /** It is not as the vendor has signed it: this build's own key would vouch for it. */
  | { readonly kind: 'signature' }
  /** The tree does not make it, or not with this config. */
  | { readonly kind: 'not-made' }
  /** It names types by the numbers that they have in the stock image (register_btf_kfunc_id_set). */
  | { readonly kind: 'types' };

/** How a misfit is told, as the end of a sentence that starts with the module's name. */
export function describeMisfit(misfit: Misfit): string {
  switch (misfit.kind) {
    case 'vermagic':
      return misfit.problem;
    case 'gone':
      return `it needs ${misfit.symbol}, which nothing exports`;
    case 'crc':
      return `it needs another form of ${misfit.symbol} than ${misfit.provider} has (CRC)`;
    case 'unversioned':
      return `it has no CRC for ${misfit.symbol}`;
    case 'duplicate':
      return `it exports ${misfit.symbol}, as the image does`;
    case 'signature':
      return "it has no signature of its content by stock's own certificate: it was changed, or is somebody else's";
    case 'not-made':
      return 'the tree does not make it';
    case 'types':
      return "it registers functions by numbers of types (.BTF_ids) that are the stock image's";
  }
}

/** The CRC of each module's own layout, which every module with versions carries. */
const layoutSymbol = 'module_layout';

/** Finds who exports a symbol, and the CRC where it is known. */
export type FindExporter = (
  symbol: string,
) => { readonly provider: string; readonly crc: number | undefined } | undefined;

/** Looks up who exports a symbol: the image first, then the modules that are to be there. */
export function exportersOf(image: ImageFacts, modules: Iterable<ModuleFacts>): FindExporter {
  const ofModules = new Map<string, { provider: string; crc: number | undefined }>();
  for (const { name: provider, exports } of modules) {
    for (const { name, crc } of exports) {
      // Of two modules with one symbol the kernel takes whichever is loaded: that is stock's affair.
      if (!ofModules.has(name)) ofModules.set(name, { provider, crc });
    }
  }
  return (symbol) => {
    const crc = image.exports.get(symbol);
    return crc === undefined ? ofModules.get(symbol) : { provider: 'vmlinux', crc };
  };
}

/**
 * Says why a module does not fit; nothing if it does. It is what the kernel itself asks when it loads
 * one: check_modinfo, check_version, simplify_symbols, verify_exported_symbols (kernel/module/main.c,
 * version.c).
 *
 * @param find - see {@link exportersOf}
 */
export function misfitsOf(
  module: ModuleFacts,
  image: ImageFacts,
  find: FindExporter,
): readonly Misfit[] {
  const misfits: Misfit[] = [];
  const problem = vermagicProblem(module.vermagic, image.kernelRelease, image.vermagicFlags);
  if (problem !== undefined) misfits.push({ kind: 'vermagic', problem });
  if (image.vendorSigned && !module.trusted && !module.rebuilt) {
    misfits.push({ kind: 'signature' });
  }
  if (module.usesTypes && !module.rebuilt && image.sameTypes === false)
    misfits.push({ kind: 'types' });
  for (const symbol of [layoutSymbol, ...module.imports]) {
    const wanted = module.versions.get(symbol);
    const found = find(symbol);
    if (found === undefined) misfits.push({ kind: 'gone', symbol });
    else if (wanted === undefined) misfits.push({ kind: 'unversioned', symbol });
    else if (found.crc !== undefined && found.crc !== wanted) {
      misfits.push({ kind: 'crc', symbol, provider: found.provider });
    }
  }
  for (const { name } of module.exports) {
    if (image.exports.has(name)) misfits.push({ kind: 'duplicate', symbol: name });
  }
  return misfits;
}
