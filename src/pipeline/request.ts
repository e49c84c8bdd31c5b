import type { BundleFormat } from '../bundle/format.ts';
import type { DebugInfoMode } from '../kernel/compile/index.ts';
import type { WantedScope } from '../kernel/configure/scope.ts';
import type { Wishes } from '../kernel/configure/wishes.ts';
import type { FirmwareWay } from '../kernel/firmware/index.ts';
import type { GivenSignatures } from '../kernel/modules/index.ts';
import type { SandboxMode } from '../kernel/source/index.ts';
import type { Architecture } from '../kernel/target.ts';
import type { WantedDriver } from '../kernel/vendor/index.ts';
import type { LoaderName, TransportName } from '../lab/boot/loaders.ts';
import type { BootMethod } from '../lab/boot/method.ts';
import type { CardName, FirmwareName } from '../lab/qemu/cards.ts';
import type { RootKind } from '../proof/guest/root.ts';
import type { TroubleName } from '../proof/trouble.ts';

/** A machine to boot a bundle on. */
export interface ProofMachine {
  readonly nic: CardName;
  readonly firmware: FirmwareName;
  readonly nfs: 3 | 4;
  /** How the firmware comes to its loader. */
  readonly boot?: BootMethod;
  /** What the guest makes of its root, which is exported read-only. */
  readonly root?: RootKind;
  /** The defaults go with card and firmware. */
  readonly loader?: LoaderName;
  readonly transport?: TransportName;
  /** What it has to cope with on its way. */
  readonly trouble?: TroubleName;
}

/**
 * Where a bundle's modules come from: all are compiled, there are none, or they are stock's own, out
 * of a folder or the kernel's packages.
 */
export type ModulesChoice = 'all' | 'none' | { readonly stock: readonly string[] };

/** Which modules make has to compile for a choice. */
export function compiledModules(choice: ModulesChoice): 'all' | 'none' {
  return choice === 'all' ? 'all' : 'none';
}

/** Which firmware is to come into the image, and how. */
export interface FirmwareWish {
  /** Folders and packages that have blobs; the first that has one gives it. */
  readonly collections: readonly string[];
  /** Whether a blob that is missing is an error. */
  readonly strict: boolean;
  readonly way: FirmwareWay | 'auto';
}

/** What `bootwright build` is asked for. */
export interface BuildRequest {
  /** Path of the source package. */
  readonly srpm: string;
  /** Folder of the workspace. */
  readonly workspace: string;
  readonly architecture: Architecture;
  readonly variant?: string;
  /** A config to use instead of the package's. */
  readonly config?: string;
  /** Macros for rpmbuild, by name. */
  readonly defines: Readonly<Record<string, string>>;
  readonly sandbox: SandboxMode;
  /** Which drivers are built in; of a fleet, the path of its file. */
  readonly scope: WantedScope;
  /** Where the config is to depart from what the rules of promotion make. */
  readonly wishes?: Wishes;
  /** Paths of patches for the prepared tree, in their order. */
  readonly patches?: readonly string[];
  /** Drivers of vendors that come along. */
  readonly drivers?: readonly WantedDriver[];
  /**
   * The stock kernel, of which the bundle keeps what its modules say of themselves: a folder of
   * modules, or packages.
   */
  readonly stock?: readonly string[];
  readonly firmware?: FirmwareWish;
  readonly debugInfo: DebugInfoMode;
  readonly modules: ModulesChoice;
  /** How many compilers run at once. */
  readonly jobs: number;
  readonly ccache: 'auto' | 'off';
  /** PEM file with private key and certificate; without it the workspace has a key of its own. */
  readonly signKey?: string;
  /** Instead of a key: its certificate, and the signatures that it has made before. */
  readonly signatures?: GivenSignatures;
  readonly format: BundleFormat;
  /** The boots by which the bundle is proved; they have to pass all. */
  readonly proofs: readonly ProofMachine[];
}
