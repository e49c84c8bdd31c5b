import { posix } from 'node:path';
import { sha256 } from '../../system/files.ts';
import { isModule } from '../check-module.ts';
import { layoutOf, type Manifest } from '../manifest.ts';
import { type Component, fileComponent, kernelLicence, sha256Hash } from './component.ts';

/**
 * The module tree as a whole, with each module in it; undefined if there is none. A folder has no
 * digest of its own: the tree's is that of the lines that sha256sum(1) writes of its files, in
 * order of their names.
 */
export function modulesComponent(manifest: Manifest): Component | undefined {
  const { kernelRelease, version, release } = manifest.target;
  const { modules } = layoutOf(kernelRelease);
  const files = manifest.files.filter(({ path }) => path.startsWith(`${modules}/`));
  if (files.length === 0) return undefined;
  return {
    type: 'device-driver',
    'bom-ref': 'modules',
    name: modules,
    version: `${version}-${release}`,
    description: `The modules of ${kernelRelease} that are not built in`,
    hashes: sha256Hash(
      sha256(files.map(({ path, sha256: digest }) => `${digest}  ${path}\n`).join('')),
    ),
    licenses: kernelLicence,
    properties: [
      { name: 'bootwright:hash', value: 'of the lines of sha256sum of all files, sorted by name' },
    ],
    components: files.map((file) =>
      isModule(file.path)
        ? {
            type: 'device-driver',
            'bom-ref': file.path,
            name: posix.basename(file.path).replace(/\.ko.*$/, ''),
            hashes: sha256Hash(file.sha256),
          }
        : fileComponent(file),
    ),
  };
}

/** The drivers of vendors that were compiled along, with the name by which the document calls each. */
export function vendorComponents({ settings }: Manifest): readonly Component[] {
  return (settings.wishes?.drivers ?? []).map((driver, index) => ({
    type: 'device-driver',
    'bom-ref': `vendor-driver-${index + 1}`,
    name: driver.name,
    ...(driver.version === undefined ? {} : { version: driver.version }),
    description: `A vendor's driver, ${driver.builtIn ? 'built into the image' : 'a module in updates/'}`,
    hashes: sha256Hash(driver.sha256),
    properties: [
      { name: 'bootwright:hash', value: 'of the names and digests of all of its source files' },
      ...driver.files.map(({ path }) => ({ name: 'bootwright:source-file', value: path })),
    ],
  }));
}
