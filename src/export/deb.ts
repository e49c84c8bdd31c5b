import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Manifest } from '../bundle/manifest.ts';
import type { Bundle } from '../bundle/open.ts';
import { run } from '../system/process.ts';
import { requireTool } from '../system/tools.ts';
import { descriptionOf, summaryOf } from './describe-package.ts';
import type { ExportWork } from './export-work.ts';
import { debName, providedName } from './package-name.ts';
import { layPackageTree } from './package-tree.ts';
import { settleTree } from './settle-tree.ts';

/** Nobody is behind a package that a program made; the field has to be there. */
const maintainer = 'Bootwright <root@localhost>';

/**
 * The control file (deb-control(5)).
 *
 * @param installedSize - in KiB
 */
export function renderControl(manifest: Manifest, installedSize: number): string {
  const { name, version } = debName(manifest);
  const paragraphs = descriptionOf(manifest).map((lines) => lines.map((line) => ` ${line}\n`));
  return [
    `Package: ${name}\n`,
    `Version: ${version}\n`,
    'Architecture: all\n',
    `Maintainer: ${maintainer}\n`,
    `Installed-Size: ${installedSize}\n`,
    `Provides: ${providedName}\n`,
    'Section: kernel\n',
    'Priority: optional\n',
    'Homepage: https://www.kernel.org/\n',
    `Description: ${summaryOf(manifest)}\n`,
    paragraphs.map((lines) => lines.join('')).join(' .\n'),
  ].join('');
}

/** The changelog that Debian Policy (12.7) asks for: what it says stands in the manifest. */
export function renderChangelog(manifest: Manifest): string {
  const { name, version } = debName(manifest);
  const date = new Date(manifest.timestamp * 1000).toUTCString().replace('GMT', '+0000');
  return [
    `${name} (${version}) unstable; urgency=medium`,
    '',
    `  * Made from the bundle ${manifest.id}.`,
    '',
    ` -- ${maintainer}  ${date}`,
    '',
  ].join('\n');
}

/** All files below a folder, relative, sorted by name. */
async function filesBelow(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

/** The size of the files in KiB, each rounded up, as dpkg counts it. */
async function installedSizeOf(folder: string, files: readonly string[]): Promise<number> {
  const sizes = await Promise.all(files.map(async (file) => (await stat(join(folder, file))).size));
  return sizes.reduce((sum, size) => sum + Math.ceil(size / 1024), 0);
}

/** The digests by which `dpkg --verify` checks an installed package (deb-md5sums(5)). */
async function renderMd5Sums(folder: string, files: readonly string[]): Promise<string> {
  const lines: string[] = [];
  for (const file of files) {
    const digest = createHash('md5').update(await readFile(join(folder, file)));
    lines.push(`${digest.digest('hex')}  ${file}\n`);
  }
  return lines.join('');
}

/**
 * Makes the `.deb` of a bundle. It has no maintainer scripts: nothing runs when it is installed or
 * removed.
 *
 * @param scratch - an empty folder
 * @returns the package's path, in the scratch folder
 * @throws BootwrightError `BW-TOOL-MISSING`, `BW-EXPORT-FAILED`, and as `unpackBundle` does
 */
export async function makeDeb(
  bundle: Bundle,
  scratch: string,
  { step, signal }: ExportWork,
): Promise<string> {
  requireTool('dpkg-deb', 'make a .deb');
  const { manifest } = bundle;
  const { name, fileName } = debName(manifest);
  const root = join(scratch, 'root');
  await mkdir(root);
  await layPackageTree(bundle, root, name, { step, signal });
  const changelog = join(root, 'usr/share/doc', name, 'changelog.Debian');
  await writeFile(changelog, renderChangelog(manifest));
  await run('gzip', ['-9n', '--', changelog], { failure: 'BW-EXPORT-FAILED', signal });
  const files = await filesBelow(root);
  const sums = await renderMd5Sums(root, files);
  const control = renderControl(manifest, await installedSizeOf(root, files));
  await mkdir(join(root, 'DEBIAN'));
  await writeFile(join(root, 'DEBIAN', 'md5sums'), sums);
  await writeFile(join(root, 'DEBIAN', 'control'), control);
  await settleTree(root, manifest.timestamp);
  const made = join(scratch, fileName);
  // xz, since dpkg reads it everywhere; zstd only where it is new, or Ubuntu's.
  await run('dpkg-deb', ['--root-owner-group', '-Zxz', '-z6', '--build', root, made], {
    env: {
      ...process.env,
      SOURCE_DATE_EPOCH: String(manifest.timestamp),
      LC_ALL: 'C',
      TZ: 'UTC',
      DPKG_DEB_COMPRESSOR_TYPE: undefined,
      DPKG_DEB_COMPRESSOR_LEVEL: undefined,
      DPKG_DEB_THREADS_MAX: undefined,
    },
    failure: 'BW-EXPORT-FAILED',
    signal,
  });
  return made;
}
