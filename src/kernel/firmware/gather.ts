import { readdir, readFile, rm } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { exists, jail, sha256, writeWhole } from '../../system/files.ts';
import {
  type BlobFacts,
  chooseBlobs,
  embeddedBlobs,
  type FirmwareBlob,
  wantedBlobs,
} from './choose.ts';
import { openFirmware } from './collection.ts';
import { firmwareInitramfs } from './initramfs.ts';
import type { FirmwareRequest } from './request.ts';

/** Which blobs are wanted, where they may be, and where those that are found go. */
export interface GatherRequest {
  readonly requests: readonly FirmwareRequest[];
  /** Collections of blobs, by path: the first that has one gives it. */
  readonly collections: readonly string[];
  readonly kernelRelease: string;
  /** Folder that gets them, and nothing else. */
  readonly blobs: string;
  /** File that gets an initramfs of them. */
  readonly archive: string;
  /** What the members of the initramfs bear as their time, in seconds since the epoch. */
  readonly timestamp: number;
  readonly signal?: AbortSignal;
}

/** Writes a file if it says something else: one that says the same keeps its time, by which make goes. */
async function writeChanged(path: string, content: Uint8Array): Promise<void> {
  if ((await exists(path)) && Buffer.from(content).equals(await readFile(path))) return;
  await writeWhole(path, content);
}

/** Takes files of an earlier run away. */
async function keepOnly(folder: string, names: ReadonlySet<string>): Promise<void> {
  if (!(await exists(folder))) return;
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile() && !names.has(posix.relative(folder, path))) await rm(path);
  }
}

/**
 * Finds the blobs that the drivers of an image ask for, and lays those that are to come into it
 * where kbuild gets them from.
 *
 * @returns what becomes of each, in the order of the requests
 * @throws BootwrightError as `openFirmware()` and its `find()` do
 */
export async function gatherFirmware(request: GatherRequest): Promise<readonly FirmwareBlob[]> {
  const { requests, kernelRelease, blobs: folder, archive, signal } = request;
  const contents = new Map<string, Uint8Array>();
  const facts = new Map<string, BlobFacts>();
  for (const path of request.collections) {
    const wanted = wantedBlobs(requests).filter((name) => !facts.has(name));
    await using collection = await openFirmware(path, wanted, kernelRelease, signal);
    for (const name of wanted) {
      signal?.throwIfAborted();
      const found = await collection.find(name);
      if (found === undefined) continue;
      const { bytes, file, licence } = found;
      contents.set(name, bytes);
      facts.set(name, {
        bytes: bytes.length,
        sha256: sha256(bytes),
        source: collection.name,
        sourceFile: file,
        ...(licence === undefined ? {} : { licence }),
      });
    }
  }
  const chosen = chooseBlobs(requests, facts);
  const embedded = new Map<string, Uint8Array>();
  for (const { path } of embeddedBlobs(chosen)) {
    const content = contents.get(path);
    if (content !== undefined) embedded.set(path, content);
  }
  await keepOnly(folder, new Set(embedded.keys()));
  for (const [path, content] of embedded) await writeChanged(jail(folder, path), content);
  if (embedded.size === 0) await rm(archive, { force: true });
  else await writeChanged(archive, firmwareInitramfs(embedded, request.timestamp));
  return chosen;
}
