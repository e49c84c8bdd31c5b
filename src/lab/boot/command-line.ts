import { BootwrightError } from '../../system/errors/index.ts';

/** The NFS export that is the kernel's root. */
export interface NfsRoot {
  /** IPv4 address of the server: the kernel resolves no names. */
  readonly server: string;
  /** The exported path, absolute. */
  readonly path: string;
  readonly version: 3 | 4;
}

/** What a netboot kernel is told, before it is text. */
export interface KernelCommandLine {
  readonly root: NfsRoot;
  /** Consoles in the order of the command line; the last one becomes `/dev/console`. */
  readonly consoles: readonly string[];
  /** Seconds from a panic to the reboot. */
  readonly panicSeconds: number;
  /** Whether the kernel refuses modules without a valid signature (`module.sig_enforce=1`). */
  readonly enforceModuleSignatures: boolean;
  /** Further parameters, such as `{ name: 'ifb.numifbs', value: '0' }`. */
  readonly parameters?: readonly KernelParameter[];
}

/** One parameter: `name` or `name=value`. */
export interface KernelParameter {
  readonly name: string;
  readonly value?: string;
}

/** `COMMAND_LINE_SIZE` of x86 (arch/x86/include/asm/setup.h), which counts the final NUL. */
export const commandLineLimit = 2048;

/** NFS over TCP, and mountd where version 3 asks for it; given, so that the kernel needs no portmapper. */
export const nfsPort = 2049;
export const mountPort = 20048;

/**
 * What may stand in a parameter. The kernel itself only minds spaces and
 * double quotes, but the text passes through a loader first: iPXE and GRUB
 * expand `$`, GRUB also reads quotes, `;`, braces, `#` and globs.
 */
const valuePattern = /^[\w.,:/@%+=~-]*$/;
const namePattern = /^[A-Za-z0-9_.-]+$/;

function renderParameter({ name, value }: KernelParameter): string {
  if (!namePattern.test(name)) {
    throw new BootwrightError(
      'BW-PROOF-COMMAND-LINE',
      `${JSON.stringify(name)} cannot be the name of a kernel parameter.`,
    );
  }
  if (value === undefined) return name;
  if (!valuePattern.test(value)) {
    throw new BootwrightError(
      'BW-PROOF-COMMAND-LINE',
      `${JSON.stringify(value)} cannot be the value of the kernel parameter "${name}".`,
    );
  }
  return `${name}=${value}`;
}

/**
 * The value of `nfsroot=` (Documentation/admin-guide/nfs/nfsroot.rst). Block
 * sizes are set because nfsroot's own default is 4096 bytes.
 */
function nfsRootValue(root: NfsRoot): string {
  if (root.path.includes(',') || !root.path.startsWith('/')) {
    throw new BootwrightError(
      'BW-PROOF-COMMAND-LINE',
      `${JSON.stringify(root.path)} cannot be an NFS root: it must be absolute and without a comma.`,
    );
  }
  const options = [
    `vers=${root.version}`,
    'tcp',
    ...(root.version === 3 ? ['nolock', `mountport=${mountPort}`] : []),
    `port=${nfsPort}`,
    'rsize=65536',
    'wsize=65536',
  ];
  return [`${root.server}:${root.path}`, ...options].join(',');
}

/**
 * Renders the command line of a kernel that takes its address by DHCP and its root by NFS.
 *
 * @throws BootwrightError `BW-PROOF-COMMAND-LINE` for what would break out of a parameter or does not fit
 */
export function renderCommandLine(line: KernelCommandLine): string {
  if (!Number.isInteger(line.panicSeconds)) {
    throw new BootwrightError('BW-PROOF-COMMAND-LINE', 'panic= takes whole seconds.');
  }
  const parameters: KernelParameter[] = [
    { name: 'root', value: '/dev/nfs' },
    { name: 'nfsroot', value: nfsRootValue(line.root) },
    { name: 'ip', value: 'dhcp' },
    { name: 'ro' },
    { name: 'panic', value: String(line.panicSeconds) },
    ...(line.enforceModuleSignatures ? [{ name: 'module.sig_enforce', value: '1' }] : []),
    ...(line.parameters ?? []),
    ...line.consoles.map((console) => ({ name: 'console', value: console })),
  ];
  const text = parameters.map(renderParameter).join(' ');
  if (text.length >= commandLineLimit) {
    throw new BootwrightError(
      'BW-PROOF-COMMAND-LINE',
      `The kernel command line has ${text.length} characters; ${commandLineLimit - 1} fit.`,
    );
  }
  return text;
}
