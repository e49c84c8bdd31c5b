import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sourcePackageUrl } from '../../../src/bundle/sbom/package-url.ts';
import { kernelTargetSchema } from '../../../src/kernel/target.ts';

const target = (parts: { name?: string; version?: string; release?: string; distro?: string }) =>
  kernelTargetSchema.parse({
    distro: 'el9_6',
    name: 'kernel',
    version: '5.14.0',
    release: '570.32.1.el9_6',
    architecture: 'x86_64',
    kernelRelease: '5.14.0',
    ...parts,
  });

test.each([
  [{}, 'pkg:rpm/kernel@5.14.0-570.32.1.el9_6?arch=src&distro=el9_6'],
  [{ distro: 'unknown' }, 'pkg:rpm/kernel@5.14.0-570.32.1.el9_6?arch=src'],
  [
    { name: 'kernel+x', version: '6.1~rc1', release: '1^git', distro: 'el8' },
    'pkg:rpm/kernel%2Bx@6.1~rc1-1%5Egit?arch=src&distro=el8',
  ],
])('%o', (parts, url) => {
  expect(sourcePackageUrl(target(parts))).toBe(url);
});

test('whatever a package is called, its parts come back from its URL', () => {
  const part = fc.stringMatching(/^[0-9A-Za-z][0-9A-Za-z._+~^-]{0,12}$/);
  fc.assert(
    fc.property(part, part, part, part, (name, version, release, distro) => {
      const url = new URL(sourcePackageUrl(target({ name, version, release, distro })));
      const [path, full] = url.pathname.split('@').map(decodeURIComponent);
      expect(path).toBe(`rpm/${name}`);
      expect(full).toBe(`${version}-${release}`);
      expect(url.searchParams.get('distro')).toBe(distro === 'unknown' ? null : distro);
    }),
  );
});
