import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Manifest } from '../bundle/manifest.ts';
import type { Bundle } from '../bundle/open.ts';
import {
  defineArguments,
  folderDefines,
  makeRpmFolders,
  rpmEnvironment,
} from '../kernel/source/rpmbuild.ts';
import { run } from '../system/process.ts';
import { requireTool } from '../system/tools.ts';
import { descriptionOf, summaryOf } from './describe-package.ts';
import type { ExportWork } from './export-work.ts';
import { bundlesFolder, installedFolder, providedName, rpmName } from './package-name.ts';
import { layPackageTree } from './package-tree.ts';
import { settleTree } from './settle-tree.ts';

/** Whether there is firmware in the image, which is not under the kernel's licence. */
function hasFirmware({ firmware }: Manifest): boolean {
  return firmware !== undefined && firmware.way !== null;
}

/**
 * The spec of a bundle's package. It runs nothing when it is installed or removed, and neither
 * requires nor provides what rpm would find in kernel modules: they are not for the host.
 */
export function renderSpec(manifest: Manifest): string {
  const { name, version, release } = rpmName(manifest);
  return [
    `Name: ${name}`,
    `Version: ${version}`,
    `Release: ${release}`,
    `Summary: ${summaryOf(manifest)}`,
    `License: GPL-2.0-only${hasFirmware(manifest) ? ' AND LicenseRef-Firmware' : ''}`,
    'URL: https://www.kernel.org/',
    'Group: System Environment/Kernel',
    'BuildArch: noarch',
    'AutoReqProv: no',
    `Provides: ${providedName} = ${version}-${release}`,
    '',
    '%description',
    descriptionOf(manifest)
      .map((paragraph) => paragraph.join('\n'))
      .join('\n\n'),
    '',
    '%install',
    'mkdir -p "$RPM_BUILD_ROOT"',
    'mv "$RPM_SOURCE_DIR"/root/usr "$RPM_BUILD_ROOT"/',
    '',
    '%files',
    '%defattr(0644,root,root,0755)',
    `%dir ${bundlesFolder}`,
    installedFolder(manifest),
    `%dir /usr/share/doc/${name}`,
    `%doc /usr/share/doc/${name}/README`,
    `%doc /usr/share/doc/${name}/copyright`,
    '',
  ].join('\n');
}

/**
 * What makes rpmbuild write the same bytes on any host with the same rpm. xz, since every rpm from
 * EL 6 on can read it; with several threads, since one alone makes other bytes.
 */
const reproducible: Readonly<Record<string, string>> = {
  _buildhost: 'bootwright',
  vendor: 'Bootwright',
  packager: 'Bootwright',
  source_date_epoch_from_changelog: '0',
  use_source_date_epoch_as_buildtime: '1',
  clamp_mtime_to_source_date_epoch: '1',
  _binary_payload: 'w6T4.xzdio',
  _rpmfilename: '%%{NAME}-%%{VERSION}-%%{RELEASE}.%%{ARCH}.rpm',
  optflags: '%{nil}',
};

/** What rpmbuild would do to files that are not this host's: strip, compress, look for build ids. */
const untouched: Readonly<Record<string, string>> = {
  __os_install_post: '%{nil}',
  debug_package: '%{nil}',
  _build_id_links: 'none',
  _binaries_in_noarch_packages_terminate_build: '0',
};

/**
 * Gives a folder a name that rpm can work in, since it calls its scripts by way of a shell: one
 * with a space in it would be torn apart.
 */
async function withPlainName<T>(folder: string, work: (name: string) => Promise<T>): Promise<T> {
  const home = await mkdtemp(join(tmpdir(), 'bootwright-rpm-'));
  try {
    const link = join(home, 'work');
    await symlink(resolve(folder), link);
    return await work(link);
  } finally {
    await rm(home, { recursive: true });
  }
}

/**
 * Makes the `.rpm` of a bundle.
 *
 * @param scratch - an empty folder
 * @returns the package's path, in the scratch folder
 * @throws BootwrightError `BW-TOOL-MISSING`, `BW-EXPORT-FAILED`, and as `unpackBundle` does
 */
export async function makeRpm(
  bundle: Bundle,
  scratch: string,
  { step, signal }: ExportWork,
): Promise<string> {
  const rpmbuild = requireTool('rpmbuild', 'make an .rpm');
  const { manifest } = bundle;
  const { name, fileName } = rpmName(manifest);
  return withPlainName(scratch, async (home) => {
    const folders = await makeRpmFolders(home);
    const root = join(folders.sources, 'root');
    await mkdir(root);
    await layPackageTree(bundle, root, name, { step, signal });
    await settleTree(root, manifest.timestamp);
    const spec = join(folders.specs, 'netboot-kernel.spec');
    await writeFile(spec, renderSpec(manifest));
    const defines = { ...folderDefines(folders), ...reproducible, ...untouched };
    const target = ['--target', 'noarch-linux'];
    await run(rpmbuild, ['-bb', ...target, ...defineArguments(defines), spec], {
      cwd: folders.top,
      env: {
        ...rpmEnvironment(folders, process.env.PATH ?? ''),
        SOURCE_DATE_EPOCH: String(manifest.timestamp),
        TZ: 'UTC',
      },
      failure: 'BW-EXPORT-FAILED',
      signal,
    });
    return join(scratch, 'RPMS', fileName);
  });
}
