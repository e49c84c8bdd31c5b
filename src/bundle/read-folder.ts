import { constants } from 'node:fs';
import { lstat, open, readdir } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { BootwrightError } from '../system/errors/index.ts';
import type { Member } from './archive.ts';
import { memberJudge } from './members.ts';
import { sbomName } from './sbom/name.ts';
import { signatureName } from './signature/name.ts';

/** What lies in a bundle's folder beside its files. */
const beside: ReadonlySet<string> = new Set([
  'SHA256SUMS',
  signatureName,
  sbomName,
  'proof.json',
  'proofs',
  'matrix.json',
  'matrix.xml',
]);

/** The content of a file that is no link. */
async function* contentOf(path: string, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  // The stream closes the file, however far it is read.
  for await (const chunk of file.createReadStream({ highWaterMark: 1 << 18 })) {
    signal?.throwIfAborted();
    if (chunk instanceof Uint8Array) yield chunk;
  }
}

function kindOf(found: { isFile(): boolean; isDirectory(): boolean; isSymbolicLink(): boolean }) {
  if (found.isFile()) return 'file';
  if (found.isDirectory()) return 'directory';
  return found.isSymbolicLink() ? 'symlink' : 'device';
}

/**
 * Reads a bundle whose files lie in its folder, as `readArchive` reads one that is packed: the
 * manifest first, then everything else in order of names, each judged before anybody gets it. What
 * belongs to the bundle without being of it (checksums, signature, proofs) is passed over.
 *
 * @throws BootwrightError `BW-BUNDLE-UNSAFE`
 */
export async function* readFolder(folder: string, signal?: AbortSignal): AsyncGenerator<Member> {
  const judge = memberJudge();
  async function* walk(inside: string, names: readonly string[]): AsyncGenerator<Member> {
    for (const entry of names) {
      signal?.throwIfAborted();
      const path = join(folder, inside, entry);
      const found = await lstat(path);
      const name = judge({ name: posix.join(inside, entry), type: kindOf(found) });
      if (typeof name !== 'string') {
        throw new BootwrightError(
          'BW-BUNDLE-UNSAFE',
          `"${folder}" holds ${JSON.stringify(name.name)}: ${name.reason}.`,
        );
      }
      const isFolder = found.isDirectory();
      yield {
        name,
        type: isFolder ? 'directory' : 'file',
        mode: found.mode & 0o7777,
        bytes: isFolder ? 0 : found.size,
        content: contentOf(path, signal),
      };
      if (isFolder) yield* walk(name, (await readdir(path)).sort());
    }
  }
  const names = (await readdir(folder)).filter((name) => !beside.has(name)).sort();
  const rest = names.filter((name) => name !== 'manifest.json');
  yield* walk('', [...names.filter((name) => name === 'manifest.json'), ...rest]);
}
