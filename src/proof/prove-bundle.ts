import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { layoutOf } from '../bundle/manifest.ts';
import { openBundle } from '../bundle/open.ts';
import { unpackBundle } from '../bundle/unpack.ts';
import { sha256, writeWhole } from '../system/files.ts';
import type { Step } from '../system/progress.ts';
import { type ProofOrder, proveKernel } from './prove-kernel.ts';
import type { Proof } from './record.ts';

/** On what a bundle is to be booted. */
export type BundleProofOptions = Pick<
  ProofOrder,
  | 'nic'
  | 'firmware'
  | 'loader'
  | 'transport'
  | 'nfs'
  | 'accelerator'
  | 'memory'
  | 'parameters'
  | 'patience'
  | 'signal'
  | 'rehearsal'
>;

/** A proof, and where it lies. */
export interface BundleProof {
  readonly proof: Proof;
  /** The record, in `proofs/` of the bundle's folder; the latest is `proof.json` beside the bundle too. */
  readonly record: string;
}

/** The name of a combination, fit to be a file name: `bios-e1000-nfs3`. */
function combinationName(options: BundleProofOptions): string {
  const { firmware, nic, nfs, loader, transport } = options;
  return [firmware, nic, `nfs${nfs}`, loader, transport]
    .filter((part) => part !== undefined)
    .join('-');
}

/**
 * Boots a bundle's kernel with a root over NFS, and puts the record into the
 * bundle's folder (of an archive that lies alone: beside it).
 *
 * @param path - the bundle's folder or archive
 * @throws BootwrightError as {@link proveKernel}, `openBundle` and `unpackBundle` do
 */
export async function proveBundle(
  path: string,
  options: BundleProofOptions,
  step: Step,
): Promise<BundleProof> {
  const bundle = await openBundle(path);
  const { manifest } = bundle;
  const { kernelRelease } = manifest.target;
  const folder = bundle.folder ?? dirname(bundle.archive);
  const record = join(folder, 'proofs', `${combinationName(options)}.json`);
  const logs = join(folder, 'proofs', combinationName(options));
  // Under a name of its own for each combination, so that what a killed run left is found and goes.
  const unpacked = join(folder, 'proofs', `.unpacked-${combinationName(options)}`);
  await rm(unpacked, { recursive: true, force: true });
  try {
    await step.step('Unpack the bundle', (unpacking) =>
      unpackBundle(bundle, unpacked, {
        step: unpacking,
        ...(options.signal === undefined ? {} : { signal: options.signal }),
      }),
    );
    const layout = layoutOf(kernelRelease);
    const proof = await proveKernel(
      {
        ...options,
        image: join(unpacked, layout.image),
        modulesFolder: join(unpacked, layout.modules),
        kernelRelease,
        ...buildMark(manifest.kernel.version),
        signed: manifest.modules.signed,
        bundle: { id: manifest.id, manifestSha256: sha256(bundle.manifestText) },
        record,
        logs,
      },
      step,
    );
    await writeWhole(
      join(folder, 'proof.json'),
      `${JSON.stringify({ ...proof, logs: `proofs/${combinationName(options)}` }, undefined, 2)}\n`,
    );
    return { proof, record };
  } finally {
    await rm(unpacked, { recursive: true, force: true });
  }
}

/** What `uname -v` must say, by the image's own words (`RELEASE (BUILDER) #BUILD ...`). */
function buildMark(version: string): Pick<ProofOrder, 'buildMark'> {
  const start = version.indexOf('#');
  return start === -1 ? {} : { buildMark: version.slice(start).trim() };
}
