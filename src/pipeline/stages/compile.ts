import { z } from 'zod';
import { debugInfoRemarksSchema } from '../../bundle/manifest.ts';
import { type CompiledKernel, compileKernel } from '../../kernel/compile/index.ts';
import { kernelReleaseSchema } from '../../kernel/target.ts';
import { explainBuiltIn, requireBuiltIn, type VendorDriver } from '../../kernel/vendor/index.ts';
import { toolIdentity } from '../../system/tools.ts';
import { type BuildRequest, compiledModules } from '../request.ts';
import type { Stage, StageOutcome } from '../stage.ts';
import type { Workspace } from '../workspace.ts';
import type { ConfigureResult } from './configure.ts';
import { embeddedDigest, type FirmwareResult } from './firmware.ts';
import type { SigningResult } from './signing.ts';
import type { SourceResult } from './source.ts';
import type { StockResult } from './stock.ts';

const compiledKernelSchema = z.object({
  image: z.string(),
  systemMap: z.string(),
  moduleSymvers: z.string(),
  config: z.string(),
  kernelRelease: kernelReleaseSchema,
  objects: z.string(),
  makeVariables: z.record(z.string(), z.string()),
  toolchain: z.object({
    compiler: z.string(),
    linker: z.string(),
    make: z.string(),
    pahole: z.string().exactOptional(),
  }),
  debugInfo: debugInfoRemarksSchema,
  elapsed: z.number(),
  objectsCompiled: z.number(),
  ccache: z
    .object({ hits: z.number(), misses: z.number(), uncacheable: z.number() })
    .exactOptional(),
});

/** Stage 3: from tree and config to image and module objects. It goes on from the objects of a killed run. */
export function compileStage(
  request: BuildRequest,
  workspace: Workspace,
  source: StageOutcome<SourceResult>,
  configured: StageOutcome<ConfigureResult>,
  signing: SigningResult,
  drivers: readonly VendorDriver[],
  stock: StageOutcome<StockResult> | undefined,
  firmware: FirmwareResult | undefined,
): Stage<CompiledKernel> {
  const { target, baseVersion, tree, package: sourcePackage } = source.result;
  const blobs = embeddedDigest(firmware);
  return {
    name: 'compile',
    title: 'Compile the kernel',
    determinants: {
      source: source.digest,
      config: configured.digest,
      kernelRelease: target.kernelRelease,
      buildTime: sourcePackage.buildTime,
      modules: compiledModules(request.modules),
      debugInfo: request.debugInfo,
      certificate: signing.certificate?.sha256 ?? '',
      ...(stock?.result.trustedKeys === undefined ? {} : { stock: stock.digest }),
      ...(blobs === '' ? {} : { firmware: blobs }),
      tools: ['gcc', 'ld', 'make', 'pahole'].map(toolIdentity),
    },
    schema: compiledKernelSchema,
    clean: [],
    outputs: ({ image, systemMap, moduleSymvers, config }) => [
      image,
      systemMap,
      moduleSymvers,
      config,
    ],
    async run({ step, signal, log }) {
      const builtIn = drivers.filter((driver) => driver.builtIn);
      const compiled = await compileKernel({
        tree,
        config: configured.result.config,
        folder: workspace.objects,
        target,
        baseVersion,
        kbuildArch: configured.result.kbuildArch,
        toolVariables: configured.result.toolVariables,
        timestamp: new Date(sourcePackage.buildTime * 1000),
        jobs: request.jobs,
        modules: compiledModules(request.modules),
        debugInfo: request.debugInfo,
        ccache: request.ccache,
        ...(signing.keyFile === undefined ? {} : { signing: { keyFile: signing.keyFile } }),
        ...(stock?.result.trustedKeys === undefined
          ? {}
          : { trustedKeys: stock.result.trustedKeys }),
        step,
        log,
        ...(signal === undefined ? {} : { signal }),
      }).catch((error: unknown) => {
        throw explainBuiltIn(error, builtIn);
      });
      await requireBuiltIn(builtIn, compiled.objects);
      return compiled;
    },
  };
}
