import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { layoutOf, type Manifest } from '../bundle/manifest.ts';
import type { Bundle } from '../bundle/open.ts';
import { unpackBundle } from '../bundle/unpack.ts';
import type { ExportWork } from './export-work.ts';
import { type MediumCommandLine, renderMediumCommandLine } from './medium/command-line.ts';
import type { MediumChoice } from './medium/grub.ts';
import { makeMedium } from './medium/make-medium.ts';

/** What of a boot medium is free to choose. */
export interface IsoOptions extends MediumCommandLine {
  /** What boots if nobody chooses; the default is the kernel. */
  readonly first?: MediumChoice;
}

/** How long the menu waits for a person, in seconds. */
const menuPatience = 5;

/** What is written on the medium for whoever finds it. */
export function renderMediumReadme({ id, target }: Manifest, commandLine: string): string {
  return [
    id,
    '',
    'This medium boots machines whose firmware cannot boot from the network (PXE).',
    'It starts on BIOS and on UEFI (with Secure Boot switched off), from CD, from a',
    "USB stick, and as a management controller's virtual medium.",
    '',
    `1. Netboot kernel ${target.kernelRelease}, which is on this medium. It asks DHCP for its`,
    '   address, and mounts its root over NFS. Its command line is',
    `     ${commandLine}`,
    ...(commandLine.includes('nfsroot=')
      ? []
      : [
          '   so DHCP has to name the root too, by option 17 (root-path):',
          '     ADDRESS:/PATH,vers=3,tcp,nolock,rsize=65536,wsize=65536',
        ]),
    '   The root needs the modules of this kernel.',
    '2. iPXE, which asks DHCP what to boot, as the firmware would.',
    '',
    'To write it to a USB stick (everything on the stick is lost):',
    `     dd if=${id}.iso of=/dev/sdX bs=4M conv=fsync`,
    '',
  ].join('\n');
}

/**
 * Makes the boot medium of a bundle.
 *
 * @param scratch - an empty folder
 * @returns the image's path, in the scratch folder
 * @throws BootwrightError as `renderMediumCommandLine`, `unpackBundle` and `makeMedium` do
 */
export async function makeIso(
  bundle: Bundle,
  scratch: string,
  options: IsoOptions,
  { step, signal }: ExportWork,
): Promise<string> {
  const { manifest, manifestText } = bundle;
  const commandLine = renderMediumCommandLine(options);
  const unpacked = join(scratch, 'bundle');
  await unpackBundle(bundle, unpacked, { step, signal });
  const work = join(scratch, 'medium');
  await mkdir(work);
  const made = join(scratch, `${manifest.id}.iso`);
  await makeMedium(
    {
      folder: manifest.id,
      kernelRelease: manifest.target.kernelRelease,
      commandLine,
      first: options.first ?? 'kernel',
      patience: menuPatience,
      image: join(unpacked, manifest.kernel.image),
      ...(manifest.wrapped === undefined
        ? {}
        : { initramfs: join(unpacked, layoutOf(manifest.target.kernelRelease).initramfs) }),
      documents: new Map([
        ['README.TXT', renderMediumReadme(manifest, commandLine)],
        ['manifest.json', manifestText],
      ]),
      digits: manifest.contentKey,
      timestamp: manifest.timestamp,
    },
    made,
    work,
    signal,
  );
  return made;
}
