import { z } from 'zod';
import { proveBundle } from '../../proof/prove-bundle.ts';
import { requirePassed } from '../../proof/prove-kernel.ts';
import { type Proof, proofSchema } from '../../proof/record.ts';
import { sha256 } from '../../system/files.ts';
import { toolIdentity } from '../../system/tools.ts';
import type { ProofMachine } from '../request.ts';
import type { Stage, StageOutcome } from '../stage.ts';
import type { BundleResult } from './bundle.ts';

const proofResultSchema = z.object({ proof: proofSchema, record: z.string() });
/** A boot that has passed, and where its record lies. */
export interface ProofResult {
  readonly proof: Proof;
  readonly record: string;
}

/** Stage 6: a real boot of the bundle. */
export function proofStage(
  machine: ProofMachine,
  bundle: StageOutcome<BundleResult>,
): Stage<ProofResult> {
  const { firmware, nic, nfs, boot, root, loader, transport, trouble } = machine;
  const way = [
    loader,
    transport,
    boot === 'pxe' ? undefined : boot,
    root === 'overlay' ? root : undefined,
    trouble,
  ].filter((part) => part !== undefined);
  return {
    name: ['proof', firmware, nic, `nfs${nfs}`, ...way].join('-'),
    title: `Prove by a PXE boot: ${[firmware.toUpperCase(), nic, `NFS ${nfs}`, ...way].join(', ')}`,
    determinants: {
      bundle: bundle.digest,
      id: bundle.result.manifest.id,
      tools: ['qemu-system-x86_64', 'dnsmasq', 'ganesha.nfsd', 'busybox'].map(toolIdentity),
      machine: sha256(JSON.stringify(machine)),
    },
    schema: proofResultSchema,
    clean: [],
    outputs: ({ record }) => [record],
    async run({ step, signal }) {
      const result = await proveBundle(
        bundle.result.folder,
        { ...machine, ...(signal === undefined ? {} : { signal }) },
        step,
      );
      requirePassed(result.proof, result.record);
      step.note('passed');
      return result;
    },
  };
}
