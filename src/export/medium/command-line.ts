import { BootwrightError } from '../../system/errors/index.ts';

/** What a kernel on a boot medium is told, as a person gives it. */
export interface MediumCommandLine {
  /**
   * `SERVER:/PATH` or `SERVER:/PATH,OPTION,…`; without it, the kernel takes what DHCP says
   * (option 17, root-path).
   */
  readonly nfsRoot?: string;
  /** Further parameters, such as `console=ttyS0,115200`; later ones win. */
  readonly append?: readonly string[];
}

/** nfsroot's own default for block sizes is 4096 bytes (Documentation/admin-guide/nfs/nfsroot.rst). */
const usualOptions = 'vers=3,tcp,nolock,rsize=65536,wsize=65536';

/** `COMMAND_LINE_SIZE` of x86 (arch/x86/include/asm/setup.h), which counts the final NUL. */
const limit = 2048;

function refuse(what: string): BootwrightError {
  return new BootwrightError('BW-EXPORT-COMMAND-LINE', what);
}

function nfsRootParameter(text: string): string {
  // The kernel resolves no names.
  const match = /^(\d{1,3}(?:\.\d{1,3}){3}:\/[\w./+@%:-]*)(?:,([\w=.,-]+))?$/.exec(text);
  const [, root, options = usualOptions] = match ?? [];
  if (root === undefined) {
    throw refuse(
      `${JSON.stringify(text)} cannot be an NFS root: it has to be ADDRESS:/PATH or ADDRESS:/PATH,OPTIONS, with an IPv4 address.`,
    );
  }
  return `nfsroot=${root},${options}`;
}

/**
 * The command line of the kernel on a boot medium: its address by DHCP, its root over NFS.
 *
 * @throws BootwrightError `BW-EXPORT-COMMAND-LINE` for what would not get through GRUB as it is, or
 *   is too long for the kernel
 */
export function renderMediumCommandLine({ nfsRoot, append = [] }: MediumCommandLine): string {
  for (const parameter of append) {
    if (!/^[\w.-]+(?:=[\w.,:/@%+=~-]*)?$/.test(parameter)) {
      throw refuse(`${JSON.stringify(parameter)} cannot be a kernel parameter on a boot medium.`);
    }
  }
  const text = [
    'root=/dev/nfs',
    ...(nfsRoot === undefined ? [] : [nfsRootParameter(nfsRoot)]),
    'ip=dhcp',
    'ro',
    ...append,
  ].join(' ');
  if (text.length >= limit) {
    throw refuse(`The kernel's command line has ${text.length} characters; ${limit - 1} fit.`);
  }
  return text;
}
