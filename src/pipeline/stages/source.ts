import { basename, join } from 'node:path';
import { z } from 'zod';
import { inspectSourcePackage, prepareSource } from '../../kernel/source/index.ts';
import { kernelTargetSchema } from '../../kernel/target.ts';
import { writeWhole } from '../../system/files.ts';
import { toolIdentity } from '../../system/tools.ts';
import type { BuildRequest } from '../request.ts';
import type { Stage } from '../stage.ts';
import type { Workspace } from '../workspace.ts';

const sourceResultSchema = z.object({
  package: z.object({
    fileName: z.string(),
    sha256: z.string(),
    spec: z.string(),
    /** Seconds since the epoch; what the kernel and all packed files bear as their time. */
    buildTime: z.int(),
  }),
  target: kernelTargetSchema,
  baseVersion: z.string(),
  tree: z.string(),
  shippedConfig: z.string(),
  supplied: z.array(z.object({ name: z.string(), value: z.string(), reason: z.string() })),
});
/** The prepared tree, and what the later stages have to know of its package. */
export type SourceResult = z.infer<typeof sourceResultSchema>;

/** To be raised when this stage makes something else out of the same package. */
const revision = 4;

/**
 * A file in the tree that says what it was prepared from. The stage stands by it: patches may change
 * any other file of the tree, and two packages may differ in files that nobody looks at here.
 */
const markName = '.bootwright-prepared';

/** Stage 1: from the source package to a prepared tree. */
export async function sourceStage(
  request: BuildRequest,
  workspace: Workspace,
  signal?: AbortSignal,
): Promise<Stage<SourceResult>> {
  // A bad package is told at once, before the workspace is touched.
  const inspected = await inspectSourcePackage(
    request.srpm,
    signal === undefined ? {} : { signal },
  );
  const origin = {
    revision,
    package: inspected.sha256,
    architecture: request.architecture,
    variant: request.variant ?? '',
    defines: Object.entries(request.defines)
      .map(([name, value]) => `${name} ${value}`)
      .sort(),
  };
  return {
    name: 'source',
    title: 'Prepare the source',
    determinants: {
      ...origin,
      // What is in a config of the user's own matters to the next stage only.
      config: request.config === undefined ? 'shipped' : 'own',
      sandbox: request.sandbox,
      tools: ['rpm', 'rpmbuild', 'patch', 'bash'].map(toolIdentity),
    },
    schema: sourceResultSchema,
    clean: [workspace.source],
    // Not the whole tree of 1.7 GB: what names it, and what the next stages start from.
    outputs: ({ tree, shippedConfig }) => [join(tree, markName), shippedConfig],
    async run({ step, signal: stop, log }) {
      const prepared = await prepareSource({
        srpm: request.srpm,
        folder: workspace.source,
        architecture: request.architecture,
        ...(request.variant === undefined ? {} : { variant: request.variant }),
        ...(request.config === undefined ? {} : { config: request.config }),
        defines: request.defines,
        sandbox: request.sandbox,
        step,
        log,
        ...(stop === undefined ? {} : { signal: stop }),
      });
      step.note(prepared.target.kernelRelease);
      await writeWhole(join(prepared.tree, markName), `${JSON.stringify(origin)}\n`);
      const { path, sha256, specFile, buildTime } = prepared.package;
      return {
        package: { fileName: basename(path), sha256, spec: specFile, buildTime },
        target: prepared.target,
        baseVersion: prepared.baseVersion,
        tree: prepared.tree,
        shippedConfig: prepared.shippedConfig,
        supplied: prepared.supplied.map(({ name, value, reason }) => ({
          name,
          value: value ?? '',
          reason,
        })),
      };
    },
  };
}
