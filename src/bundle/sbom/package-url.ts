import type { KernelTarget } from '../../kernel/target.ts';

/**
 * The package URL of the source package that a kernel is made from, such as
 * `pkg:rpm/kernel@5.14.0-570.32.1.el9_6?arch=src&distro=el9_6` (package-url/purl-spec,
 * types/rpm). It names no vendor: several distros rebuild the same package, and its dist tag does
 * not tell whose it is.
 */
export function sourcePackageUrl({ name, version, release, distro }: KernelTarget): string {
  const qualifiers = distro === 'unknown' ? '' : `&distro=${encodeURIComponent(distro)}`;
  const full = encodeURIComponent(`${version}-${release}`);
  return `pkg:rpm/${encodeURIComponent(name)}@${full}?arch=src${qualifiers}`;
}
