import { layoutOf, type Manifest } from '../bundle/manifest.ts';
import { embeddedBlobs } from '../kernel/firmware/choose.ts';
import { installedFolder } from './package-name.ts';

/** One line, without whatever could end it: what a manifest quotes may have come from anywhere. */
function line(text: string): string {
  return text.replaceAll(/[^\x20-\x7e]+/g, ' ');
}

/** What the package is, in one line of at most 79 characters where the release allows it. */
export function summaryOf({ target }: Manifest): string {
  return `Kernel ${target.kernelRelease} for booting machines over the network`;
}

/** What the package is, in paragraphs, each in lines of less than 80 characters. */
export function descriptionOf(manifest: Manifest): readonly (readonly string[])[] {
  return [
    [
      'This kernel boots machines over the network and mounts their root over NFS.',
      'It belongs on a boot server, whatever distribution that runs: it is not the',
      "kernel of the host on which it is installed, and touches nothing of that host's",
      'boot, /boot or /lib/modules.',
    ],
    manifest.wrapped === undefined
      ? [
          `Version, patches and configuration are those of ${manifest.target.distro}'s own kernel`,
          `${manifest.target.kernelRelease}, but its network drivers are built in.`,
          'The kernel, its modules and a manifest that tells every difference are in',
          `${installedFolder(manifest)}.`,
        ]
      : [
          `It is ${manifest.target.distro}'s own kernel ${manifest.target.kernelRelease}, as it was,`,
          'with a small initramfs that has its network drivers. Both, its modules and a',
          'manifest are in',
          `${installedFolder(manifest)}.`,
        ],
  ];
}

/** How to serve what is in the package: its README. */
export function renderReadme(manifest: Manifest): string {
  const { kernel, target, source, wrapped } = manifest;
  const folder = installedFolder(manifest);
  return [
    manifest.id,
    '',
    ...descriptionOf(manifest).flatMap((paragraph) => [...paragraph, '']),
    'To serve it over HTTP or TFTP, point the server at the folder, or copy it there:',
    `    cp -a ${folder} /srv/tftp/`,
    '',
    'and in pxelinux.cfg/default:',
    '    LABEL netboot',
    `      KERNEL ${manifest.id}/${kernel.image}`,
    '      APPEND root=/dev/nfs nfsroot=SERVER:/srv/root,vers=3,tcp,nolock ip=dhcp ro',
    ...(wrapped === undefined
      ? []
      : [
          `      INITRD ${manifest.id}/${layoutOf(target.kernelRelease).initramfs}`,
          '      SYSAPPEND 2',
        ]),
    '',
    'The NFS root (/srv/root here) needs the modules that belong to this kernel:',
    `    cp -a ${folder}/lib/modules/${target.kernelRelease} /srv/root/lib/modules/`,
    '',
    'To check that all of it is as it was packed:',
    `    cd ${folder} && sha256sum --check --quiet SHA256SUMS`,
    '',
    ...(wrapped === undefined
      ? [
          'What differs from the stock kernel and why stands in manifest.json;',
          '"bootwright show" explains it.',
        ]
      : ['What is in the initramfs and why stands in', `${manifest.promotion.report}.`]),
    '',
    ...(wrapped?.sources ?? [source]).flatMap(({ fileName, sha256 }) => [
      `${wrapped === undefined ? 'Made' : 'Taken'} from ${line(fileName)}`,
      `  SHA-256 ${sha256}`,
    ]),
    '',
  ].join('\n');
}

/** The firmware in the image, each blob with what is known of its licence; none for most bundles. */
function firmwareLicences({ firmware }: Manifest): readonly string[] {
  const blobs = embeddedBlobs(firmware?.blobs ?? []);
  if (blobs.length === 0) return [];
  return [
    ' .',
    ' The image holds firmware for network cards, each under a licence of its own:',
    ...blobs.map(({ path, licence }) => line(`  ${path}: ${licence ?? 'not told'}`)),
  ];
}

/**
 * Licence and source, in Debian's machine-readable form
 * (https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/).
 */
export function renderCopyright(manifest: Manifest): string {
  const { target, source, wrapped } = manifest;
  return [
    'Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/',
    'Upstream-Name: Linux',
    'Source: https://www.kernel.org/',
    'Comment:',
    ...(wrapped === undefined
      ? [
          ' Compiled from the source package',
          `  ${line(source.fileName)}`,
          `  SHA-256 ${source.sha256}`,
          ` of ${target.distro}, with the changes that manifest.json lists. Whoever passes this`,
        ]
      : [
          ` The kernel of ${target.distro} as its vendor compiled it, out of`,
          ...wrapped.sources.flatMap(({ fileName, sha256 }) => [
            `  ${line(fileName)}`,
            `  SHA-256 ${sha256}`,
          ]),
          ` and busybox (${line(wrapped.initramfs.userland.version)}). Whoever passes this`,
        ]),
    wrapped === undefined
      ? ' package on owes the recipient that source (GPL-2, section 3).'
      : ' package on owes the recipient their sources (GPL-2, section 3).',
    ...firmwareLicences(manifest),
    '',
    'Files: *',
    'Copyright: the authors of Linux, see CREDITS and MAINTAINERS in its source',
    'License: GPL-2.0-only WITH Linux-syscall-note',
    ' On Debian systems, the text of the GNU General Public License, version 2, is in',
    ' /usr/share/common-licenses/GPL-2; elsewhere, see https://www.gnu.org/licenses/.',
    '',
  ].join('\n');
}
