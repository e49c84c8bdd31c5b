import type { PlacedModules } from '../stock/place-modules.ts';
import type { ModuleCertificate } from './certificate.ts';

/** A module as it is installed. */
export interface InstalledModule {
  /** Relative to the folder that holds `lib/modules`. */
  readonly path: string;
  /** With underscores, as lsmod shows it. */
  readonly name: string;
  /** Bytes of the module as it was compiled, with debug information. */
  readonly sizeBefore: number;
  /** Bytes of the installed file. */
  readonly sizeAfter: number;
  readonly signed: boolean;
}

/** An installed and checked module tree: plain data. */
export interface ModuleTree {
  /** The folder that holds `lib/modules/RELEASE`, absolute. */
  readonly folder: string;
  readonly kernelRelease: string;
  /** In the order of their paths. */
  readonly modules: readonly InstalledModule[];
  readonly totals: {
    readonly count: number;
    readonly sizeBefore: number;
    readonly sizeAfter: number;
  };
  /** Absent for a kernel that does not sign modules. */
  readonly certificate?: ModuleCertificate;
  /** Names of the modules whose code is in the image, with underscores. */
  readonly builtIn: readonly string[];
  /** What became of stock's modules, if it is they. */
  readonly stock?: PlacedModules;
}

/** The lines of an index file without empty ones. */
function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

/** The paths in modules.order or modules.builtin, relative to the release's folder. */
export function parseModuleList(text: string): string[] {
  // Up to 5.2 modules.builtin was made of lines with a leading "kernel/" too; .o stands there in O=.
  return linesOf(text).map((line) => line.replace(/\.o$/, '.ko'));
}

/** modules.dep: each module's file, and the files that have to be loaded before it. */
export function parseModulesDep(text: string): Map<string, string[]> {
  const dependencies = new Map<string, string[]>();
  for (const line of linesOf(text)) {
    const colon = line.indexOf(':');
    if (colon === -1) continue;
    const rest = line.slice(colon + 1).trim();
    dependencies.set(line.slice(0, colon), rest === '' ? [] : rest.split(/\s+/));
  }
  return dependencies;
}

/** A complaint of depmod(8). */
export type DepmodComplaint =
  | { readonly kind: 'unknown-symbol'; readonly module: string; readonly symbol: string }
  | { readonly kind: 'other'; readonly text: string };

/** Reads what depmod wrote to its standard error. */
export function parseDepmodOutput(text: string): DepmodComplaint[] {
  return linesOf(text).map((line) => {
    const unknown = /^depmod: (?:WARNING|ERROR): (\S+) needs unknown symbol (\S+)$/.exec(line);
    return unknown?.[1] !== undefined && unknown[2] !== undefined
      ? { kind: 'unknown-symbol', module: unknown[1], symbol: unknown[2] }
      : { kind: 'other', text: line.replace(/^depmod: (WARNING|ERROR): /, '') };
  });
}

/** Names of the exported symbols in a Module.symvers file (CRC, symbol, provider, kind). */
export function parseExportedSymbols(text: string): Set<string> {
  return new Set(linesOf(text).flatMap((line) => line.split('\t')[1] ?? []));
}
