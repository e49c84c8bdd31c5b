import { join, resolve } from 'node:path';
import { z } from 'zod';
import type { CompiledKernel } from '../../kernel/compile/index.ts';
import { compileVendorModules, type VendorDriver } from '../../kernel/vendor/index.ts';
import { toolIdentity } from '../../system/tools.ts';
import type { BuildRequest } from '../request.ts';
import type { Stage, StageOutcome } from '../stage.ts';
import type { Workspace } from '../workspace.ts';
import type { SourceResult } from './source.ts';

const vendorResultSchema = z.object({
  drivers: z.array(
    z.object({ name: z.string(), folder: z.string(), modules: z.array(z.string()) }),
  ),
});
/** Vendors' drivers, compiled as modules. */
export type VendorResult = z.infer<typeof vendorResultSchema>;

/** What follows the compilation of the kernel where vendors' drivers are to be modules of it. */
export function vendorStage(
  request: BuildRequest,
  workspace: Workspace,
  source: StageOutcome<SourceResult>,
  compiled: StageOutcome<CompiledKernel>,
  drivers: readonly VendorDriver[],
): Stage<VendorResult> {
  return {
    name: 'vendor',
    title: "Compile the vendors' drivers",
    determinants: {
      kernel: compiled.digest,
      drivers: drivers.map(({ name, sha256 }) => `${name} ${sha256}`),
      tools: ['gcc', 'ld', 'make'].map(toolIdentity),
    },
    schema: vendorResultSchema,
    clean: [workspace.vendor],
    outputs: ({ drivers: made }) =>
      made.flatMap(({ folder, modules }) => modules.map((path) => join(folder, path))),
    async run({ step, signal, log }) {
      const made = await compileVendorModules(drivers, {
        compiled: compiled.result,
        tree: resolve(source.result.tree),
        folder: workspace.vendor,
        jobs: request.jobs,
        log,
        ...(signal === undefined ? {} : { signal }),
      });
      step.note(made.flatMap(({ modules }) => modules).join(', '));
      return {
        drivers: made.map(({ name, folder, modules }) => ({ name, folder, modules: [...modules] })),
      };
    },
  };
}
