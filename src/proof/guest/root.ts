import { chmod, copyFile, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { KernelRelease } from '../../kernel/target.ts';
import { run } from '../../system/process.ts';
import { requireTool } from '../../system/tools.ts';

/** What a guest makes of the export, which is read-only: it stays with it, or puts an overlay over it. */
export const rootKinds = ['read-only', 'overlay'] as const;
export type RootKind = (typeof rootKinds)[number];

/** What the root filesystem of a guest holds. */
export interface GuestRoot {
  readonly kernelRelease: KernelRelease;
  /** The folder that becomes `lib/modules/RELEASE`. */
  readonly modulesFolder: string;
  /** Modules that the guest is to load, in this order. */
  readonly modules: readonly string[];
  /** Further ones, of which it stops trying when so many are loaded. */
  readonly sample?: { readonly count: number; readonly names: readonly string[] };
  /** URL to which the guest posts its report. */
  readonly reportUrl: string;
  readonly kind: RootKind;
}

/** What init.sh calls. */
const applets = [
  ...['awk', 'basename', 'cat', 'dmesg', 'grep', 'ip', 'mkdir', 'mount', 'od', 'readlink', 'sh'],
  ...['sleep', 'sync', 'tail', 'umount', 'uname', 'wget'],
];
/** The kernel itself calls modprobe by this path. */
const superuserApplets = ['chroot', 'mknod', 'modprobe', 'pivot_root', 'poweroff'];

/**
 * Fills a folder with the root of a guest: busybox, our init, and the modules under proof.
 *
 * @param folder - empty, on a file system that takes device nodes
 * @throws BootwrightError `BW-TOOL-MISSING` without busybox
 */
export async function makeGuestRoot(folder: string, root: GuestRoot): Promise<void> {
  const inside = (...names: readonly string[]): string => join(folder, ...names);
  const folders = ['bin', 'sbin', 'dev', 'proc', 'sys', 'run', 'tmp', 'mnt', 'etc/bootwright'];
  for (const name of folders) await mkdir(inside(name), { recursive: true });
  await mkdir(inside('lib', 'modules'), { recursive: true });

  await copyFile(requireTool('busybox', 'make the root of the guest'), inside('bin', 'busybox'));
  await chmod(inside('bin', 'busybox'), 0o755);
  for (const name of applets) await symlink('busybox', inside('bin', name));
  for (const name of superuserApplets) await symlink('../bin/busybox', inside('sbin', name));
  await copyFile(fileURLToPath(new URL('init.sh', import.meta.url)), inside('sbin', 'init'));
  await chmod(inside('sbin', 'init'), 0o755);
  // The systemd of an initramfs goes on to no root without it (systemctl-switch-root.c).
  await writeFile(inside('etc', 'os-release'), 'ID=bootwright\nNAME="Bootwright proof"\n');
  await writeFile(inside('etc', 'bootwright', 'modules'), `${root.modules.join('\n')}\n`);
  await writeFile(inside('etc', 'bootwright', 'report-url'), `${root.reportUrl}\n`);

  if (root.sample !== undefined) {
    await writeFile(inside('etc', 'bootwright', 'sample'), `${root.sample.names.join('\n')}\n`);
    await writeFile(inside('etc', 'bootwright', 'sample-count'), `${root.sample.count}\n`);
  }
  if (root.kind === 'overlay') await writeFile(inside('etc', 'bootwright', 'overlay'), '');

  // Kernels that do not mount devtmpfs by themselves look for it here.
  await run(requireTool('mknod', 'make the root of the guest'), [
    ...['-m', '600', inside('dev', 'console'), 'c', '5', '1'],
  ]);
  await run(requireTool('cp', 'make the root of the guest'), [
    ...['-r', '--preserve=mode,links', '--'],
    `${root.modulesFolder}/.`,
    inside('lib', 'modules', root.kernelRelease),
  ]);
}
