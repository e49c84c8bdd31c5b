import { X509Certificate } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { stockPlacementSchema } from '../../bundle/manifest.ts';
import type { CompiledKernel } from '../../kernel/compile/index.ts';
import { installModules, type StockModules } from '../../kernel/modules/index.ts';
import { openStock } from '../../kernel/stock/index.ts';
import { toolIdentity } from '../../system/tools.ts';
import type { BuildRequest } from '../request.ts';
import type { Stage, StageOutcome } from '../stage.ts';
import type { Workspace } from '../workspace.ts';
import type { SourceResult } from './source.ts';
import type { StockResult } from './stock.ts';
import type { VendorResult } from './vendor.ts';

const modulesResultSchema = z.object({
  /** The folder `lib/modules/RELEASE`. */
  tree: z.string(),
  totals: z.object({
    count: z.int(),
    bytesBefore: z.int(),
    bytesAfter: z.int(),
    signed: z.boolean(),
  }),
  certificate: z.object({ subject: z.string(), sha256: z.string() }).exactOptional(),
  /** What became of stock's modules. */
  stock: stockPlacementSchema.exactOptional(),
});
/** The installed modules. */
export type ModulesResult = z.infer<typeof modulesResultSchema>;

/** Opens what the modules are taken from, for as long as they are. */
async function openModules(
  { modules }: BuildRequest,
  { kernelRelease }: CompiledKernel,
  stock: StockResult | undefined,
  signal: AbortSignal | undefined,
): Promise<AsyncDisposable & { readonly choice: 'all' | 'none' | StockModules }> {
  if (typeof modules !== 'object') {
    return { choice: modules, [Symbol.asyncDispose]: async () => undefined };
  }
  const kernel = await openStock({
    paths: modules.stock,
    parts: ['modules', 'indexes', 'image'],
    release: kernelRelease,
    ...(signal === undefined ? {} : { signal }),
  });
  const trusted = (stock?.trusted ?? []).map(({ pem }) => new X509Certificate(pem));
  return {
    choice: { kernel, trusted },
    [Symbol.asyncDispose]: () => kernel[Symbol.asyncDispose](),
  };
}

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

/** To be raised when this stage makes something else out of the same kernel. */
const revision = 4;

/** Stage 4: installs, strips, signs and indexes the modules, and checks every one. */
export function modulesStage(
  request: BuildRequest,
  workspace: Workspace,
  source: StageOutcome<SourceResult>,
  compiled: StageOutcome<CompiledKernel>,
  vendor: StageOutcome<VendorResult> | undefined,
  stock: StageOutcome<StockResult> | undefined,
): Stage<ModulesResult> {
  return {
    name: 'modules',
    title: 'Install the modules',
    determinants: {
      revision,
      kernel: compiled.digest,
      modules: typeof request.modules === 'object' ? 'stock' : request.modules,
      // Its own digest is of the certificates alone, which another set of modules may share.
      ...(stock === undefined ? {} : { stock: stock.result.sources.map((each) => each.sha256) }),
      // It may change the modules and leave the image as it was.
      debugInfo: request.debugInfo,
      ...(vendor === undefined ? {} : { vendor: vendor.digest }),
      ...(request.signatures === undefined ? {} : { signatures: request.signatures.folder }),
      tools: ['make', 'strip', 'openssl', 'depmod'].map(toolIdentity),
    },
    schema: modulesResultSchema,
    clean: [workspace.modules],
    outputs: ({ tree }) => filesIn(tree),
    async run({ step, signal, log }) {
      await using modules = await openModules(request, compiled.result, stock?.result, signal);
      const installed = await installModules({
        compiled: compiled.result,
        tree: source.result.tree,
        folder: workspace.modules,
        modules: modules.choice,
        ...(vendor === undefined ? {} : { vendor: vendor.result.drivers }),
        ...(request.signatures === undefined ? {} : { signatures: request.signatures.folder }),
        jobs: request.jobs,
        step,
        log,
        ...(signal === undefined ? {} : { signal }),
      });
      const { count, sizeBefore, sizeAfter } = installed.totals;
      const { certificate } = installed;
      return {
        tree: join(installed.folder, 'lib', 'modules', installed.kernelRelease),
        totals: {
          count,
          bytesBefore: sizeBefore,
          bytesAfter: sizeAfter,
          signed: certificate !== undefined,
        },
        ...(certificate === undefined
          ? {}
          : { certificate: { subject: certificate.subject, sha256: certificate.sha256 } }),
        ...(installed.stock === undefined
          ? {}
          : { stock: stockPlacementSchema.parse(installed.stock) }),
      };
    },
  };
}
