import { join } from 'node:path';
import { z } from 'zod';
import type { BundleFormat } from '../../bundle/format.ts';
import { layoutOf, type Manifest, manifestSchema, type Provenance } from '../../bundle/manifest.ts';
import { packBundle } from '../../bundle/pack.ts';
import type { CompiledKernel } from '../../kernel/compile/index.ts';
import { scopeName } from '../../kernel/configure/scope.ts';
import type { VendorDriver } from '../../kernel/vendor/index.ts';
import { formatBytes, sha256 } from '../../system/files.ts';
import { toolIdentity } from '../../system/tools.ts';
import { recordDeviations } from '../deviations.ts';
import type { BuildRequest } from '../request.ts';
import type { Stage, StageOutcome } from '../stage.ts';
import { toolVersions } from '../tool-versions.ts';
import type { Workspace } from '../workspace.ts';
import type { ConfigureResult } from './configure.ts';
import type { FirmwareResult } from './firmware.ts';
import type { ModulesResult } from './modules.ts';
import type { SourceResult } from './source.ts';
import type { StockResult } from './stock.ts';
import type { StockIndexResult } from './stock-index.ts';

const bundleResultSchema = z.object({
  folder: z.string(),
  archive: z.string(),
  archiveBytes: z.number(),
  manifest: manifestSchema,
});
/** A packed bundle. */
export interface BundleResult {
  readonly folder: string;
  readonly archive: string;
  /** Size of the archive, or of all files. */
  readonly archiveBytes: number;
  readonly manifest: Manifest;
}

/** What the earlier stages have made. */
export interface BundleInputs {
  readonly source: StageOutcome<SourceResult>;
  readonly configured: StageOutcome<ConfigureResult>;
  readonly compiled: StageOutcome<CompiledKernel>;
  readonly modules: StageOutcome<ModulesResult>;
  readonly drivers: readonly VendorDriver[];
  /** Absent unless the modules are stock's. */
  readonly stock?: StageOutcome<StockResult>;
  /** Absent if no stock kernel was given. */
  readonly stockIndex?: StageOutcome<StockIndexResult>;
  /** Undefined where the image does not tell what its drivers ask for. */
  readonly firmware?: FirmwareResult;
}

/** To be raised when this stage makes something else out of the same parts. */
const revision = 1;

/** The programs that decide what the bytes of an archive are. */
const packers: Readonly<Record<BundleFormat, readonly string[]>> = {
  'tar.zst': ['tar', 'zstd'],
  'tar.bz2': ['tar', 'lbzip2'],
  'tar.xz': ['tar', 'xz'],
  'tar.gz': ['tar', 'gzip'],
  folder: [],
};

/** Stage 5: from image and modules to the archive with its manifest. */
export async function bundleStage(
  request: BuildRequest,
  workspace: Workspace,
  { source, configured, compiled, modules, drivers, stock, stockIndex, firmware }: BundleInputs,
): Promise<Stage<BundleResult>> {
  const { package: sourcePackage, target, supplied } = source.result;
  const { deviations, wishes, fleet, kept } = await recordDeviations(
    request,
    target.kernelRelease,
    drivers,
    firmware,
  );
  const { spared, kept: keptDebugInfo } = compiled.result.debugInfo;
  const provenance: Provenance = {
    target,
    source: {
      fileName: sourcePackage.fileName,
      sha256: sourcePackage.sha256,
      spec: sourcePackage.spec,
      supplied,
    },
    toolchain: toolVersions(compiled.result.toolchain),
    settings: {
      scope: scopeName(request.scope),
      ...(fleet === undefined ? {} : { fleet }),
      debugInfo: request.debugInfo,
      debugInfoRemarks: { spared: [...spared], kept: [...keptDebugInfo] },
      modules: typeof request.modules === 'object' ? 'stock' : request.modules,
      deviations,
      wishes,
    },
    ...(firmware === undefined ? {} : { firmware: { way: firmware.way, blobs: firmware.blobs } }),
    configDelta: configured.result.shippedToStock,
    modules: modules.result.totals,
    ...(stock === undefined || modules.result.stock === undefined
      ? {}
      : {
          stock: {
            sources: stock.result.sources,
            trusted: stock.result.trusted.map(({ subject, sha256: digest }) => ({
              subject,
              sha256: digest,
            })),
            ...modules.result.stock,
          },
        }),
    ...(stockIndex === undefined
      ? {}
      : {
          stockIndex: {
            modules: stockIndex.result.modules,
            promoted: stockIndex.result.promoted,
            path: layoutOf(target.kernelRelease).stockIndex,
            sha256: stockIndex.result.sha256,
          },
        }),
    ...(modules.result.certificate === undefined
      ? {}
      : { certificate: modules.result.certificate }),
  };
  return {
    name: 'bundle',
    title: 'Pack the bundle',
    determinants: {
      revision,
      source: source.digest,
      config: configured.digest,
      kernel: compiled.digest,
      modules: modules.digest,
      // What the manifest says of the way, which may differ while the files are the same.
      provenance: sha256(JSON.stringify(provenance)),
      format: request.format,
      tools: packers[request.format].map(toolIdentity),
    },
    schema: bundleResultSchema,
    clean: [],
    outputs: ({ archive, folder, manifest }) =>
      request.format === 'folder'
        ? [...manifest.files.map(({ path }) => join(folder, path)), join(folder, 'manifest.json')]
        : [archive],
    async run({ step, signal, log }) {
      const { tree } = modules.result;
      const packed = await packBundle({
        parts: {
          image: compiled.result.image,
          config: compiled.result.config,
          stockConfig: configured.result.stockConfig,
          systemMap: compiled.result.systemMap,
          moduleSymvers: compiled.result.moduleSymvers,
          promotionReport: configured.result.report,
          moduleTree: tree,
          ...(stockIndex === undefined ? {} : { stockIndex: stockIndex.result.index }),
          kept,
        },
        provenance,
        format: request.format,
        folder: workspace.bundles,
        timestamp: sourcePackage.buildTime,
        step,
        log,
        ...(signal === undefined ? {} : { signal }),
      });
      step.note(`${packed.manifest.id}, ${formatBytes(packed.archiveBytes)}`);
      return packed;
    },
  };
}
