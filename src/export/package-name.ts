import type { Manifest } from '../bundle/manifest.ts';

/** What of a manifest names its packages. */
export type Named = Pick<Manifest, 'id' | 'target'>;

/** Where packages put bundles: no place of a distro's own kernels, whose `uname -r` is the same. */
export const bundlesFolder = '/usr/lib/bootwright';

/** Where a bundle lies on a host that has its package. */
export function installedFolder({ id }: Pick<Named, 'id'>): string {
  return `${bundlesFolder}/${id}`;
}

/** What every package of a netboot kernel provides, whichever it is. */
export const providedName = 'netboot-kernel';

/** A package's name and version. */
export interface PackageName {
  readonly name: string;
  readonly version: string;
  /** The version's second part; of a Debian package it stands in `version` already. */
  readonly release?: string;
  readonly fileName: string;
}

/**
 * `netboot-` and the bundle's id without the word in it. Every bundle has a name of its own, so
 * that any number of them can be installed side by side and none ever replaces another: neither by
 * an upgrade nor by what limits how many kernels a host keeps.
 */
function packageName({ id }: Named): string {
  return `netboot-${id.replace('-netboot-', '-')}`;
}

/** The name as rpm takes it (`ALLOWED_CHARS_NAME` and `ALLOWED_CHARS_VERREL` of its parseSpec). */
export function rpmName(manifest: Named): Required<PackageName> {
  const { target } = manifest;
  const name = packageName(manifest).replaceAll(/[^A-Za-z0-9._+-]/g, '-');
  // A hyphen parts name, version and release.
  const version = target.version.replaceAll('-', '_');
  const release = target.release.replaceAll('-', '_');
  return { name, version, release, fileName: `${name}-${version}-${release}.noarch.rpm` };
}

/** The name as dpkg takes it (deb-control(5), deb-version(7)): in lower case, without underscores. */
export function debName(manifest: Named): PackageName {
  const { target } = manifest;
  const name = packageName(manifest)
    .toLowerCase()
    .replaceAll(/[^a-z0-9.+-]/g, '-');
  const version = `${target.version}-${target.release}`.replaceAll(/[^A-Za-z0-9.+~-]/g, '.');
  return { name, version, fileName: `${name}_${version}_all.deb` };
}
