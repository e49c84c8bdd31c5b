import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parseInitramfsReport } from '../bundle/initramfs-report.ts';
import { layoutOf, type Manifest } from '../bundle/manifest.ts';
import { openBundle } from '../bundle/open.ts';
import { unpackBundle } from '../bundle/unpack.ts';
import { readTextFile, sha256, writeWhole } from '../system/files.ts';
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
  | 'boot'
  | 'nfs'
  | 'root'
  | 'trouble'
  | 'medium'
  | 'sample'
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
export function combinationName(options: BundleProofOptions): string {
  const { firmware, nic, nfs, medium, loader, transport, boot, root, trouble, sample } = options;
  const method = boot === 'pxe' ? undefined : boot;
  const overlay = root === 'overlay' ? root : undefined;
  const modules = sample === undefined ? undefined : `modules${sample.count}-${sample.seed}`;
  return [firmware, nic, `nfs${nfs}`, medium, loader, transport, method, overlay, trouble, modules]
    .filter((part) => part !== undefined)
    .join('-');
}

/** A bundle whose kernel and modules lie unpacked for boots. */
export interface UnpackedBundle {
  readonly manifest: Manifest;
  readonly manifestSha256: string;
  /** The bundle's folder: proofs go into its folder `proofs`. */
  readonly folder: string;
  readonly image: string;
  /** A wrapped stock kernel has none. */
  readonly systemMap: string;
  readonly modulesFolder: string;
  /** Of a wrapped stock kernel. */
  readonly initramfs?: ProofOrder['initramfs'];
}

/** The initramfs of a bundle that lies unpacked; none for a kernel that was built. */
async function initramfsIn(
  unpacked: string,
  { target, wrapped }: Manifest,
): Promise<Pick<UnpackedBundle, 'initramfs'>> {
  if (wrapped === undefined) return {};
  const { initramfs, initramfsReport } = layoutOf(target.kernelRelease);
  const path = join(unpacked, initramfsReport);
  const { modules } = parseInitramfsReport(await readTextFile(path, 'report'), path);
  return {
    initramfs: {
      path: join(unpacked, initramfs),
      modules: new Set(modules.map(({ name }) => name)),
    },
  };
}

/**
 * Unpacks a bundle for as long as some work takes.
 *
 * @param path - the bundle's folder or archive (of one that lies alone, proofs go beside it)
 * @param name - tells the work from others on the same bundle
 * @throws BootwrightError as `openBundle`, `unpackBundle` and the work do
 */
export async function withUnpacked<T>(
  path: string,
  name: string,
  signal: AbortSignal | undefined,
  step: Step,
  work: (bundle: UnpackedBundle) => Promise<T>,
): Promise<T> {
  const bundle = await openBundle(path);
  const { manifest } = bundle;
  const folder = bundle.folder ?? dirname(bundle.archive);
  // Under a name of its own, so that what a killed run left is found and goes.
  const unpacked = join(folder, 'proofs', `.unpacked-${name}`);
  await rm(unpacked, { recursive: true, force: true });
  try {
    await step.step('Unpack the bundle', (unpacking) =>
      unpackBundle(bundle, unpacked, {
        step: unpacking,
        ...(signal === undefined ? {} : { signal }),
      }),
    );
    const layout = layoutOf(manifest.target.kernelRelease);
    return await work({
      manifest,
      manifestSha256: sha256(bundle.manifestText),
      folder,
      image: join(unpacked, layout.image),
      systemMap: join(unpacked, layout.systemMap),
      modulesFolder: join(unpacked, layout.modules),
      ...(await initramfsIn(unpacked, manifest)),
    });
  } finally {
    await rm(unpacked, { recursive: true, force: true });
  }
}

/**
 * Boots an unpacked bundle's kernel with a root over NFS, and puts the record into the folder
 * `proofs`.
 *
 * @param name - of the record and of the folder of its logs, in `proofs`
 * @throws BootwrightError as {@link proveKernel} does
 */
export async function proveUnpacked(
  { manifest, manifestSha256, folder, image, modulesFolder, initramfs }: UnpackedBundle,
  options: BundleProofOptions,
  step: Step,
  name = combinationName(options),
): Promise<BundleProof> {
  const record = join(folder, 'proofs', `${name}.json`);
  const proof = await proveKernel(
    {
      ...options,
      image,
      modulesFolder,
      ...(initramfs === undefined ? {} : { initramfs }),
      kernelRelease: manifest.target.kernelRelease,
      ...buildMark(manifest.kernel.version),
      signed: manifest.modules.signed,
      bundle: { id: manifest.id, manifestSha256 },
      record,
      logs: join(folder, 'proofs', name),
    },
    step,
  );
  return { proof, record };
}

/** Makes a proof the one that lies beside the bundle as `proof.json`. */
export async function writeLatest(
  { folder }: UnpackedBundle,
  options: BundleProofOptions,
  proof: Proof,
): Promise<void> {
  await writeWhole(
    join(folder, 'proof.json'),
    `${JSON.stringify({ ...proof, logs: `proofs/${combinationName(options)}` }, undefined, 2)}\n`,
  );
}

/**
 * Boots a bundle's kernel with a root over NFS, and puts the record into the
 * bundle's folder (of an archive that lies alone: beside it).
 *
 * @param path - the bundle's folder or archive
 * @throws BootwrightError as {@link proveKernel}, `openBundle` and `unpackBundle` do
 */
export function proveBundle(
  path: string,
  options: BundleProofOptions,
  step: Step,
): Promise<BundleProof> {
  return withUnpacked(path, combinationName(options), options.signal, step, async (bundle) => {
    const result = await proveUnpacked(bundle, options, step);
    await writeLatest(bundle, options, result.proof);
    return result;
  });
}

/** What `uname -v` must say, by the image's own words (`RELEASE (BUILDER) #BUILD ...`). */
function buildMark(version: string): Pick<ProofOrder, 'buildMark'> {
  const start = version.indexOf('#');
  return start === -1 ? {} : { buildMark: version.slice(start).trim() };
}
