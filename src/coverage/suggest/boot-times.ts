import type { Bundle } from '../../bundle/open.ts';
import { type ProofRecord, readProofs, type UnreadableProof } from '../../bundle/proof-record.ts';

/** What a proof has measured of a boot, in milliseconds. */
export interface BootTime {
  /** What it ran on, such as `BIOS, e1000, NFS 3 (tcg)`. */
  readonly machine: string;
  /** From the last file of the boot loader to the last byte of the image. */
  readonly transfer: number;
  /** From there to the kernel's first line: it is unpacked. */
  readonly unpacking: number;
  /** From its first line to its first request for an address: drivers start. */
  readonly toLink: number;
  /** From its first line to init. */
  readonly toInit: number;
}

function timeOf(proof: ProofRecord | UnreadableProof, imageSha256: string): BootTime | undefined {
  if (!('verdict' in proof) || proof.verdict !== 'passed') return undefined;
  if (proof.bundle.imageSha256 !== imageSha256) return undefined;
  const at = (id: string): number | undefined =>
    proof.stages?.find((stage) => stage.id === id)?.at ?? undefined;
  const [loader, image, kernel, link, init] = ['loader', 'image', 'kernel', 'link', 'init'].map(at);
  if (loader === undefined || image === undefined || kernel === undefined) return undefined;
  if (link === undefined || init === undefined) return undefined;
  const accelerator = proof.host === undefined ? '' : ` (${proof.host.accelerator})`;
  return {
    machine: proof.title + accelerator,
    transfer: image - loader,
    unpacking: kernel - image,
    toLink: link - kernel,
    toInit: init - kernel,
  };
}

/** What the proofs beside a bundle say of how long its kernel takes: those that it has passed. */
export async function readBootTimes({ folder, manifest }: Bundle): Promise<readonly BootTime[]> {
  if (folder === undefined) return [];
  const proofs = await readProofs(folder);
  return proofs.flatMap((proof) => timeOf(proof, manifest.kernel.sha256) ?? []);
}
