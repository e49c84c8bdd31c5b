import { accessSync, constants, readFileSync, realpathSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { BootwrightError } from './errors/index.ts';

/** Which package brings a program, by family of host. Several are separated by spaces. */
export interface ToolPackage {
  readonly debian: string;
  readonly redhat: string;
}

/** A program that Bootwright runs. */
export interface Tool extends ToolPackage {
  /** As the end of "… is there to". */
  readonly purpose: string;
  /** Arguments that make it tell its version; the default is `--version`. Null if nothing does. */
  readonly version?: readonly string[] | null;
  /** What is lost without it, where the work goes on without it, or does for some kernels. */
  readonly lost?: string;
}

/**
 * The programs that Bootwright runs, what for, and the package of each, so that a missing one can
 * be named. A program that is not in here is reported by its own name.
 */
const tools: Readonly<Record<string, Tool>> = {
  rpm: {
    debian: 'rpm',
    redhat: 'rpm',
    purpose: 'unpack source packages',
  },
  rpm2cpio: {
    debian: 'rpm2cpio',
    redhat: 'rpm',
    purpose: 'read the payload of a source package',
    version: null,
  },
  rpmbuild: {
    debian: 'rpm',
    redhat: 'rpm-build',
    purpose: 'prepare the source as its vendor does (%prep)',
  },
  rpmspec: {
    debian: 'rpm',
    redhat: 'rpm-build',
    purpose: 'read the spec of a source package',
  },
  bash: {
    debian: 'bash',
    redhat: 'bash',
    purpose: "run the spec's %prep, which is written for it",
  },
  bwrap: {
    debian: 'bubblewrap',
    redhat: 'bubblewrap',
    purpose: 'confine %prep, which is foreign code',
    lost: "%prep can read this host's files and reach the network",
  },
  setpriv: {
    debian: 'util-linux',
    redhat: 'util-linux',
    purpose: "take root's powers from %prep",
    lost: '%prep is confined by a user namespace, where the host has them',
  },
  patch: {
    debian: 'patch',
    redhat: 'patch',
    purpose: "apply the vendor's patches",
  },
  perl: {
    debian: 'perl',
    redhat: 'perl-interpreter',
    purpose: 'run scripts of the kernel tree',
  },
  python3: {
    debian: 'python3',
    redhat: 'python3',
    purpose: "run scripts of the vendor's spec and of the kernel tree",
    lost: 'specs of EL 8 and later do not get through %prep',
  },
  make: {
    debian: 'make',
    redhat: 'make',
    purpose: 'compile the kernel',
  },
  gcc: {
    debian: 'gcc',
    redhat: 'gcc',
    purpose: 'compile the kernel',
  },
  ld: {
    debian: 'binutils',
    redhat: 'binutils',
    purpose: 'link the kernel',
  },
  flex: {
    debian: 'flex',
    redhat: 'flex',
    purpose: "compile the tree's own conf and dtc",
  },
  bison: {
    debian: 'bison',
    redhat: 'bison',
    purpose: "compile the tree's own conf and dtc",
  },
  bc: {
    debian: 'bc',
    redhat: 'bc',
    purpose: 'compute constants of the kernel',
  },
  flock: {
    debian: 'util-linux',
    redhat: 'util-linux',
    purpose: 'keep two makes apart',
  },
  pahole: {
    debian: 'dwarves',
    redhat: 'dwarves',
    purpose: 'make the BTF of the kernel',
    lost: 'no kernel with BTF, which EL 8 and later have',
  },
  ccache: {
    debian: 'ccache',
    redhat: 'ccache',
    purpose: 'compile a second time in a tenth of the time',
    lost: 'each build compiles everything',
  },
  strip: {
    debian: 'binutils',
    redhat: 'binutils',
    purpose: 'strip the modules',
  },
  depmod: {
    debian: 'kmod',
    redhat: 'kmod',
    purpose: 'index the modules',
  },
  modinfo: {
    debian: 'kmod',
    redhat: 'kmod',
    purpose: 'look at modules by hand',
    lost: 'nothing that Bootwright itself does',
  },
  openssl: {
    debian: 'openssl',
    redhat: 'openssl',
    purpose: 'make the key that signs the modules',
    version: ['version'],
  },
  tar: {
    debian: 'tar',
    redhat: 'tar',
    purpose: 'pack the bundle',
  },
  zstd: {
    debian: 'zstd',
    redhat: 'zstd',
    purpose: 'compress images and modules of EL 10 and the like',
    lost: 'no kernel whose config asks for zstd',
  },
  xz: {
    debian: 'xz-utils',
    redhat: 'xz',
    purpose: 'unpack and compress sources, images and modules',
    lost: 'no source package and no modules that are packed by xz',
  },
  gzip: {
    debian: 'gzip',
    redhat: 'gzip',
    purpose: 'compress images, as EL 9 does',
    lost: 'no kernel whose config asks for gzip',
  },
  bzip2: {
    debian: 'bzip2',
    redhat: 'bzip2',
    purpose: 'write and read archives as tar.bz2',
    lost: 'no bundle as tar.bz2',
  },
  lbzip2: {
    debian: 'lbzip2',
    redhat: 'lbzip2',
    purpose: 'do what bzip2 does, on all processors',
    lost: 'tar.bz2 takes longer',
  },
  cpio: {
    debian: 'cpio',
    redhat: 'cpio',
    purpose: 'pack kernel headers (IKHEADERS)',
    lost: 'no kernel whose config has IKHEADERS',
  },
  'dpkg-deb': {
    debian: 'dpkg',
    redhat: 'dpkg',
    purpose: 'make a .deb of a bundle',
    lost: 'no export --format deb',
  },
  'grub-mkimage': {
    debian: 'grub-common grub-pc-bin grub-efi-amd64-bin',
    redhat: 'grub2-tools grub2-pc-modules grub2-efi-x64-modules',
    purpose: 'make the loader of a boot medium',
    lost: 'no export --format iso',
  },
  mformat: {
    debian: 'mtools',
    redhat: 'mtools',
    purpose: 'make the EFI partition of a boot medium',
    lost: 'no export --format iso',
  },
  xorriso: {
    debian: 'xorriso',
    redhat: 'xorriso',
    purpose: 'write a boot medium',
    lost: 'no export --format iso',
  },
  diffoscope: {
    debian: 'diffoscope-minimal',
    redhat: 'diffoscope',
    purpose: 'look into files that came out otherwise when a bundle was built anew',
    lost: 'reproduce names file and section, and says no more',
  },
  unshare: {
    debian: 'util-linux',
    redhat: 'util-linux',
    purpose: 'make the network of a proof',
  },
  nsenter: {
    debian: 'util-linux',
    redhat: 'util-linux',
    purpose: 'start programs in the network of a proof',
  },
  ip: {
    debian: 'iproute2',
    redhat: 'iproute',
    purpose: 'make bridge and tap of a proof',
    version: ['-V'],
  },
  dnsmasq: {
    debian: 'dnsmasq-base',
    redhat: 'dnsmasq',
    purpose: 'answer DHCP and TFTP in a proof',
  },
  rpcbind: {
    debian: 'rpcbind',
    redhat: 'rpcbind',
    purpose: 'serve NFS version 3 in a proof',
    version: null,
    lost: 'no proof over NFS version 3, the default',
  },
  'ganesha.nfsd': {
    debian: 'nfs-ganesha nfs-ganesha-vfs',
    redhat: 'nfs-ganesha nfs-ganesha-vfs',
    purpose: 'serve the root in a proof, over NFS',
    version: ['-v'],
  },
  'qemu-system-x86_64': {
    debian: 'qemu-system-x86 ipxe-qemu',
    redhat: 'qemu-kvm',
    purpose: 'be the machine that is booted in a proof',
  },
  busybox: {
    debian: 'busybox-static',
    redhat: 'busybox',
    purpose: 'be the system that is booted in a proof, and the userland of a wrapped kernel',
    version: [],
  },
};

/** The names of all programs that the table has. */
export const toolNames: readonly string[] = Object.keys(tools);

/** What is known of a program; undefined if it is not in the table. */
export function knownTool(name: string): Tool | undefined {
  return tools[name];
}

/**
 * Finds a program on PATH, then in the sbin folders, which an ordinary user's PATH lacks.
 *
 * @returns its absolute path, or undefined
 */
export function findTool(name: string): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin'];
  for (const folder of folders) {
    if (folder === '') continue;
    const candidate = join(folder, name);
    try {
      accessSync(candidate, constants.X_OK);
      if (statSync(candidate).isFile()) return candidate;
    } catch {
      // Not here: the next folder.
    }
  }
  return undefined;
}

/** Whether the host is of the RHEL family, by os-release(5). */
function isRedHatHost(): boolean {
  try {
    return /^ID(_LIKE)?=.*\b(rhel|fedora|centos)\b/m.test(readFileSync('/etc/os-release', 'utf8'));
  } catch {
    return false;
  }
}

/** The packages, of those that bring something, for this host. */
export function packagesHere({ debian, redhat }: ToolPackage): readonly string[] {
  return (isRedHatHost() ? redhat : debian).split(' ');
}

/** The command that installs packages on this host. */
export function installPackages(packages: readonly string[]): string {
  return `${isRedHatHost() ? 'dnf install' : 'apt-get install'} ${packages.join(' ')}`;
}

/** The command that installs a program's package on this host, or undefined if the package is not known. */
export function installCommand(name: string): string | undefined {
  const tool = tools[name];
  return tool === undefined ? undefined : installPackages(packagesHere(tool));
}

/**
 * Finds a program or says which package to install.
 *
 * @param name - the program, such as `rpmbuild`
 * @param purpose - what it is needed for, as the end of "… is needed to"
 * @throws BootwrightError `BW-TOOL-MISSING`
 */
export function requireTool(name: string, purpose: string): string {
  const found = findTool(name);
  if (found !== undefined) return found;
  const install = installCommand(name);
  throw new BootwrightError(
    'BW-TOOL-MISSING',
    `"${name}" is needed to ${purpose}, and is not on PATH.`,
    {
      ...(install === undefined
        ? {}
        : { hint: `Install it (${install}) and run the command again.` }),
    },
  );
}

/**
 * What makes one installed program differ from another under the same name:
 * its real path, size and time of change. Part of the keys of stages and caches.
 */
export function toolIdentity(name: string): string {
  const found = findTool(name);
  if (found === undefined) return `${name}: none`;
  const real = realpathSync(found);
  const { size, mtimeMs } = statSync(real);
  return `${name}: ${real} ${size} ${Math.trunc(mtimeMs)}`;
}
