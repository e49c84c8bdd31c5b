import { layoutOf, type Manifest } from '../manifest.ts';
import { plural } from '../text-layout.ts';
import {
  type Component,
  fileComponent,
  kernelLicence,
  reference,
  sha256Hash,
} from './component.ts';
import { sourcePackageUrl } from './package-url.ts';

/** How the config differs from stock's, in a sentence. */
function describeConfig({ promotion, settings, target }: Manifest): string {
  const drivers = plural(promotion.promoted.length, 'driver');
  const report = layoutOf(target.kernelRelease).promotionReport;
  const deviations = settings.deviations.map(({ what }) => what).join('; ');
  const more = deviations === '' ? '' : ` Deviations on request: ${deviations}.`;
  return `Configured to boot from the network: ${drivers} built in that stock has as modules, each with its reason in ${report}.${more}`;
}

/** The source package, which the kernel descends from. */
function sourcePackage({ target, source }: Manifest): Component {
  return {
    type: 'operating-system',
    'bom-ref': 'source',
    name: target.name,
    version: `${target.version}-${target.release}`,
    description: source.fileName,
    hashes: sha256Hash(source.sha256),
    licenses: kernelLicence,
    purl: sourcePackageUrl(target),
  };
}

/**
 * The kernel: its image by its digest, the package it is made from by its package URL and digest,
 * the user's own patches as its pedigree, and the files that belong to it.
 */
export function kernelComponent(manifest: Manifest): Component {
  const { target, source, kernel, settings, wrapped } = manifest;
  const { modules } = layoutOf(target.kernelRelease);
  const patches = settings.wishes?.patches ?? [];
  const beside = manifest.files.filter(
    ({ path }) => path !== kernel.image && !path.startsWith(`${modules}/`),
  );
  return {
    type: 'operating-system',
    'bom-ref': 'kernel',
    name: target.name,
    version: `${target.version}-${target.release}`,
    description: `${kernel.image}, ${kernel.version}`,
    hashes: sha256Hash(kernel.sha256),
    licenses: kernelLicence,
    ...(wrapped === undefined
      ? {
          purl: sourcePackageUrl(target),
          externalReferences: [
            {
              type: 'source-distribution',
              url: reference(source.fileName),
              hashes: sha256Hash(source.sha256),
            },
          ],
          pedigree: {
            ancestors: [sourcePackage(manifest)],
            ...(patches.length === 0
              ? {}
              : {
                  patches: patches.map(({ path }) => ({
                    type: 'unofficial',
                    diff: { url: reference(path) },
                  })),
                }),
            notes: describeConfig(manifest),
          },
        }
      : {
          externalReferences: wrapped.sources.map(({ fileName, sha256 }) => ({
            type: 'distribution' as const,
            url: reference(fileName),
            hashes: sha256Hash(sha256),
          })),
          pedigree: { notes: "The vendor's own image, unchanged." },
        }),
    properties: [{ name: 'bootwright:file', value: kernel.image }],
    components: beside.map(fileComponent),
  };
}

/** The program that is the userland of a wrapped kernel's initramfs. */
export function userlandComponents({ wrapped }: Manifest): readonly Component[] {
  if (wrapped === undefined) return [];
  const { version, sha256 } = wrapped.initramfs.userland;
  return [
    {
      type: 'application',
      'bom-ref': 'userland',
      name: 'busybox',
      version: version.replace(/^BusyBox v/, ''),
      description: 'The userland of the initramfs',
      hashes: sha256Hash(sha256),
    },
  ];
}
