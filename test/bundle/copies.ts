import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll } from 'vitest';
import type { PackedBundle } from '../../src/bundle/pack.ts';
import { pack, writeParts } from './parts.ts';

/**
 * Packs a bundle once for a test file.
 *
 * @returns a function that gives a copy of it in another folder, to be tampered with
 */
export function bundleToCopy(): (folder: string) => Promise<PackedBundle> {
  const home = mkdtempSync(join(tmpdir(), 'bootwright-test-'));
  afterAll(() => rmSync(home, { recursive: true, force: true }));
  let packing: Promise<PackedBundle> | undefined;
  return async (folder) => {
    packing ??= pack(writeParts(join(home, 'in')), join(home, 'out'));
    const bundle = await packing;
    const copy = join(folder, bundle.manifest.id);
    cpSync(bundle.folder, copy, { recursive: true });
    return { ...bundle, folder: copy, archive: join(copy, basename(bundle.archive)) };
  };
}
