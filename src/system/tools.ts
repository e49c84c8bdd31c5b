import { accessSync, constants, readFileSync, realpathSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { BootwrightError } from './errors/index.ts';

/** Which package brings a program, by family of host. */
interface ToolPackage {
  readonly debian: string;
  readonly redhat: string;
}

/**
 * The programs that Bootwright runs and the package of each, so that a missing
 * one can be named. A program that is not in here is reported by its own name.
 */
const toolPackages: Readonly<Record<string, ToolPackage>> = {
  rpm: { debian: 'rpm', redhat: 'rpm' },
  rpm2cpio: { debian: 'rpm2cpio', redhat: 'rpm' },
  rpmbuild: { debian: 'rpm', redhat: 'rpm-build' },
  rpmspec: { debian: 'rpm', redhat: 'rpm-build' },
  bwrap: { debian: 'bubblewrap', redhat: 'bubblewrap' },
  make: { debian: 'make', redhat: 'make' },
  gcc: { debian: 'gcc', redhat: 'gcc' },
  ld: { debian: 'binutils', redhat: 'binutils' },
  strip: { debian: 'binutils', redhat: 'binutils' },
  flex: { debian: 'flex', redhat: 'flex' },
  bison: { debian: 'bison', redhat: 'bison' },
  bc: { debian: 'bc', redhat: 'bc' },
  perl: { debian: 'perl', redhat: 'perl-interpreter' },
  python3: { debian: 'python3', redhat: 'python3' },
  patch: { debian: 'patch', redhat: 'patch' },
  openssl: { debian: 'openssl', redhat: 'openssl' },
  depmod: { debian: 'kmod', redhat: 'kmod' },
  modinfo: { debian: 'kmod', redhat: 'kmod' },
  cpio: { debian: 'cpio', redhat: 'cpio' },
  pahole: { debian: 'dwarves', redhat: 'dwarves' },
  ccache: { debian: 'ccache', redhat: 'ccache' },
  tar: { debian: 'tar', redhat: 'tar' },
  xz: { debian: 'xz-utils', redhat: 'xz' },
  bzip2: { debian: 'bzip2', redhat: 'bzip2' },
  lbzip2: { debian: 'lbzip2', redhat: 'lbzip2' },
  gzip: { debian: 'gzip', redhat: 'gzip' },
  zstd: { debian: 'zstd', redhat: 'zstd' },
  ip: { debian: 'iproute2', redhat: 'iproute' },
  dnsmasq: { debian: 'dnsmasq-base', redhat: 'dnsmasq' },
  'ganesha.nfsd': { debian: 'nfs-ganesha nfs-ganesha-vfs', redhat: 'nfs-ganesha nfs-ganesha-vfs' },
  rpcbind: { debian: 'rpcbind', redhat: 'rpcbind' },
  'qemu-system-x86_64': { debian: 'qemu-system-x86 ipxe-qemu', redhat: 'qemu-kvm' },
  busybox: { debian: 'busybox-static', redhat: 'busybox' },
  setpriv: { debian: 'util-linux', redhat: 'util-linux' },
};

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

/** The command that installs a program's package on this host, or undefined if the package is not known. */
export function installCommand(name: string): string | undefined {
  const packages = toolPackages[name];
  if (packages === undefined) return undefined;
  return isRedHatHost() ? `dnf install ${packages.redhat}` : `apt-get install ${packages.debian}`;
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
