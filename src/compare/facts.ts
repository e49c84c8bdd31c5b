import type { Manifest } from '../bundle/manifest.ts';
import type { ExportedSymbol } from '../formats/symvers/index.ts';
import type { ModuleAlias } from '../hardware/index.ts';
import type { ModuleFacts } from '../kernel/stock/module-facts.ts';

/** A module of stock, and what its file says. */
export interface StockModule {
  /** With underscores, as lsmod shows it. */
  readonly module: string;
  /** Relative to the modules' folder, however it is packed: `kernel/fs/ext4/ext4.ko`. */
  readonly path: string;
  /** Absent where stock's index names the module, and its file was not given. */
  readonly file?: StockModuleFile;
}

interface StockModuleFile {
  readonly facts: ModuleFacts;
  /** Patterns of modaliases. */
  readonly aliases: readonly string[];
  /** Names of some of its functions. */
  readonly functions: readonly string[];
}

/** What a stock kernel is, as far as it was given: plain data. */
export interface StockFacts {
  readonly kernelRelease: string;
  /** In the order of modules.order, then of their paths. */
  readonly modules: readonly StockModule[];
  /** Paths, in the order of modules.builtin, which is that of linking. */
  readonly builtIn: readonly string[];
  readonly builtInAliases: readonly ModuleAlias[];
  /** Names of modules in the order of the initcalls of the image; empty if it is not known. */
  readonly initcalls: readonly string[];
  readonly config?: string;
  /** `Module.symvers`. */
  readonly symvers?: readonly ExportedSymbol[];
}

/** What a bundle's kernel is: plain data. */
export interface BundleFacts {
  readonly manifest: Manifest;
  /** Texts of the netboot config, and of stock's as the build had it. */
  readonly config: string;
  readonly stockConfig: string;
  readonly symvers: readonly ExportedSymbol[];
  /** Paths, in the order of modules.builtin. */
  readonly builtIn: readonly string[];
  /** Paths, in the order of modules.order. */
  readonly modules: readonly string[];
  /** What its modules claim. */
  readonly aliases: readonly ModuleAlias[];
  readonly initcalls: readonly string[];
  /** Names of all symbols in the image, by its System.map. */
  readonly imageSymbols: ReadonlySet<string>;
  /** Of one of its modules; absent in a bundle without. */
  readonly vermagic?: string;
}
