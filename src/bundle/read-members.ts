import { BootwrightError } from '../system/errors/index.ts';
import { sha256 } from '../system/files.ts';
import type { Bundle } from './open.ts';
import { readContent } from './read.ts';

/**
 * Reads some files out of a bundle's archive, and holds them against the manifest. The rest of the
 * archive is neither read nor checked.
 *
 * @param paths - names in the archive
 * @returns their content, by name
 * @throws BootwrightError `BW-BUNDLE-MISSING-FILE`, `BW-BUNDLE-CORRUPT`, and as readContent() does
 */
export async function readMembers(
  bundle: Bundle,
  paths: readonly string[],
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, Buffer>> {
  const wanted = new Set(paths);
  const listed = new Map(bundle.manifest.files.map((file) => [file.path, file]));
  const found = new Map<string, Buffer>();
  if (wanted.size === 0) return found;
  for await (const { name, bytes, content } of readContent(bundle.archive, bundle.format, signal)) {
    if (!wanted.has(name)) continue;
    const file = listed.get(name);
    const whole = bytes === file?.bytes ? Buffer.concat(await Array.fromAsync(content)) : undefined;
    if (whole === undefined || sha256(whole) !== file?.sha256) {
      throw new BootwrightError(
        'BW-BUNDLE-CORRUPT',
        `"${name}" in "${bundle.archive}" is not what the manifest lists.`,
      );
    }
    found.set(name, whole);
    if (found.size === wanted.size) return found;
  }
  const missing = [...wanted].find((path) => !found.has(path));
  throw new BootwrightError(
    'BW-BUNDLE-MISSING-FILE',
    `"${missing}" is not in "${bundle.archive}".`,
  );
}
