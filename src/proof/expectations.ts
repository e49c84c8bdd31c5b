import type { KernelRelease } from '../kernel/target.ts';
import type { NfsRoot } from '../lab/boot/command-line.ts';
import type { ModuleSample } from './sample.ts';

/** What a boot must show. */
export interface Expectations {
  /** `uname -r`. */
  readonly kernelRelease: KernelRelease;
  /** Words that `uname -v` must hold, to tell the netboot build from stock; none: not checked. */
  readonly buildMark?: string;
  /** The kernel command line, as given to the loader. */
  readonly commandLine: string;
  readonly root: NfsRoot;
  /** Whether the firmware does Secure Boot. */
  readonly secureBoot: boolean;
  /** Whether the guest has put an overlay over it that takes writes. */
  readonly overlay: boolean;
  readonly card: {
    readonly mac: string;
    readonly address: string;
    /** Names of the drivers that may bind to it. */
    readonly drivers: readonly string[];
  };
  /** Modules that are built in, by the `modules.builtin` of the module tree (names as in /proc/modules). */
  readonly builtIn: ReadonlySet<string>;
  /** Modules in the initramfs that it is booted with; none for a kernel that is booted without. */
  readonly initramfs?: ReadonlySet<string>;
  /** Modules that the guest is asked to load; each must load. */
  readonly modules: readonly string[];
  /** Further modules, of which so many must load; the others may have nothing to do there. */
  readonly sample?: ModuleSample;
  /** Whether unsigned modules must be refused (`module.sig_enforce=1` is on the command line). */
  readonly signaturesEnforced: boolean;
}
