import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { folderSums } from '../bundle/lay-folder.ts';
import type { Bundle } from '../bundle/open.ts';
import { renderSbom } from '../bundle/sbom/document.ts';
import { sbomName } from '../bundle/sbom/name.ts';
import { unpackBundle } from '../bundle/unpack.ts';
import { sha256 } from '../system/files.ts';
import type { Step } from '../system/progress.ts';
import { renderCopyright, renderReadme } from './describe-package.ts';
import { installedFolder } from './package-name.ts';

/**
 * Lays out what a package installs: the bundle, as a folder that `bootwright verify` takes, and its
 * documents.
 *
 * @param root - an empty folder, which stands for `/`
 * @param name - the package's name
 * @throws BootwrightError as `unpackBundle` does
 */
export async function layPackageTree(
  bundle: Bundle,
  root: string,
  name: string,
  { step, signal }: { readonly step: Step; readonly signal?: AbortSignal },
): Promise<void> {
  const { manifest, manifestText } = bundle;
  const home = join(root, installedFolder(manifest));
  await unpackBundle(bundle, home, { step, ...(signal === undefined ? {} : { signal }) });
  const sbom = renderSbom(manifest);
  const documents = join('usr/share/doc', name);
  const files: readonly (readonly [path: string, text: string])[] = [
    [join(home, 'manifest.json'), manifestText],
    [join(home, sbomName), sbom],
    [join(home, 'SHA256SUMS'), folderSums(manifest, manifestText, sha256(sbom))],
    [join(root, documents, 'README'), renderReadme(manifest)],
    [join(root, documents, 'copyright'), renderCopyright(manifest)],
  ];
  for (const [path, text] of files) {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  }
}
