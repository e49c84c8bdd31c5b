import type { Step } from '../../system/progress.ts';
import type { KernelRelease, KernelTarget } from '../target.ts';
import type { CcacheStatistics } from './ccache.ts';
import type { DebugInfoMode, DebugInfoPlan } from './debug-info.ts';
import type { MakeVariables } from './make-kernel.ts';
import type { Toolchain } from './toolchain.ts';

/** What is to be compiled, and how. */
export interface CompileRequest {
  /** The kernel's sources; they are not written to. */
  readonly tree: string;
  /** The netboot `.config`: complete, and a fixed point of the tree's olddefconfig. */
  readonly config: string;
  /** Folder of the objects (`O=`). Objects of an earlier or killed build in it are used again. */
  readonly folder: string;
  readonly target: KernelTarget;
  /** VERSION.PATCHLEVEL.SUBLEVEL of the tree, such as `5.14.0`. */
  readonly baseVersion: string;
  /** ARCH for make, such as `x86_64` or `x86`. */
  readonly kbuildArch: string;
  /** Variables of make that choose tools; the same that the config was made with. */
  readonly toolVariables?: MakeVariables;
  /** What the kernel is to give as its build time: the source package's own. */
  readonly timestamp: Date;
  /** How many compilers run at once. */
  readonly jobs: number;
  readonly debugInfo: DebugInfoMode;
  /** `none` makes the image alone. */
  readonly modules: 'all' | 'none';
  /** `auto` compiles through ccache where it is installed. */
  readonly ccache: 'auto' | 'off';
  /** PEM file with the private key and certificate that modules are signed with, or its certificate alone. */
  readonly signing?: { readonly keyFile: string };
  /** PEM file with certificates that the image is to trust, too. */
  readonly trustedKeys?: string;
  readonly step: Step;
  readonly signal?: AbortSignal;
  /** File that gets all of make's output. */
  readonly log: string;
}

/** A compiled kernel: plain data, all paths absolute. */
export interface CompiledKernel {
  /** The bootable image (bzImage). */
  readonly image: string;
  readonly systemMap: string;
  /** Exported symbols and their CRCs; of the image alone for `modules: 'none'`. */
  readonly moduleSymvers: string;
  /** The `.config` that it was made with. */
  readonly config: string;
  readonly kernelRelease: KernelRelease;
  /** Folder of the objects. */
  readonly objects: string;
  /** The variables that further make calls on it take (ARCH, EXTRAVERSION …). */
  readonly makeVariables: MakeVariables;
  readonly toolchain: Toolchain;
  readonly debugInfo: Pick<DebugInfoPlan, 'spared' | 'kept'>;
  /** Wall time in milliseconds. */
  readonly elapsed: number;
  /** Objects compiled in this run, those from ccache too. */
  readonly objectsCompiled: number;
  /** Absent without ccache. */
  readonly ccache?: CcacheStatistics;
}
