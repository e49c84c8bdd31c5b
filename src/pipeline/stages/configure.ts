import { join } from 'node:path';
import { z } from 'zod';
import { changesSchema } from '../../bundle/promotion.ts';
import {
  debugInfoAbiRisk,
  debugInfoSettings,
  signingMeans,
  signingSettings,
  trustSettings,
} from '../../kernel/compile/index.ts';
import { configureNetboot } from '../../kernel/configure/configure.ts';
import { readFleet } from '../../kernel/configure/fleet/fleet.ts';
import { scopeName } from '../../kernel/configure/scope.ts';
import { noWishes } from '../../kernel/configure/wishes.ts';
import { readKbuildArch } from '../../kernel/source/index.ts';
import {
  findRivals,
  requireUsable,
  rivalSettings,
  type VendorDriver,
} from '../../kernel/vendor/index.ts';
import { BootwrightError } from '../../system/errors/index.ts';
import { readTextFile, sha256File } from '../../system/files.ts';
import { toolIdentity } from '../../system/tools.ts';
import type { BuildRequest } from '../request.ts';
import type { Stage, StageOutcome } from '../stage.ts';
import type { Workspace } from '../workspace.ts';
import type { FirmwareResult } from './firmware.ts';
import type { SourceResult } from './source.ts';
import type { StockResult } from './stock.ts';
import { toolVariables } from './tool-variables.ts';

const configureResultSchema = z.object({
  /** The netboot `.config`. */
  config: z.string(),
  stockConfig: z.string(),
  /** The promotion report, JSON. */
  report: z.string(),
  shippedToStock: changesSchema,
  /** What make's ARCH has to be with this config. */
  kbuildArch: z.string(),
  /** Variables of make that the configs hold with. */
  toolVariables: z.record(z.string(), z.string()),
});
/** The configs, and what differs between them. */
export type ConfigureResult = z.infer<typeof configureResultSchema>;

/** Refuses to turn off debug information where that would change the ABI. */
function refuseAbiRisk(request: BuildRequest, shipped: string): void {
  if (request.debugInfo !== 'off') return;
  const risk = debugInfoAbiRisk(shipped);
  if (risk === undefined) return;
  throw new BootwrightError('BW-CONFIG-ABI', `${risk.explanation} (${risk.symbols.join(', ')})`);
}

/** What of a driver has a say in the config: which of the tree's own it stands in for, and how. */
function describeDriver({ name, builtIn, modules }: VendorDriver): string {
  return `${name}=${builtIn ? 'y' : 'm'}: ${modules.join(' ')}`;
}

/** Stage 2: from the shipped config, or the user's own, to the netboot config. */
export async function configureStage(
  request: BuildRequest,
  workspace: Workspace,
  source: StageOutcome<SourceResult>,
  drivers: readonly VendorDriver[],
  stock: StageOutcome<StockResult> | undefined,
  firmware: FirmwareResult | undefined,
): Promise<Stage<ConfigureResult>> {
  const { tree } = source.result;
  const { config = source.result.shippedConfig, architecture, scope, wishes = noWishes } = request;
  const rivals = await findRivals(tree, drivers);
  const blobSettings = firmware?.settings ?? [];
  return {
    name: 'configure',
    title: 'Configure for netboot',
    determinants: {
      source: source.digest,
      config: request.config === undefined ? 'shipped' : await sha256File(request.config),
      scope: scopeName(scope),
      ...(typeof scope === 'string' ? {} : { fleet: await sha256File(scope.fleet) }),
      promote: [...wishes.promote].sort(),
      exclude: [...wishes.exclude].sort(),
      fragment: wishes.fragment === undefined ? '' : await sha256File(wishes.fragment),
      // The config is the same whether all that it asks for is compiled or not.
      debugInfo: request.debugInfo === 'off' ? 'off' : 'keep',
      ...(stock?.result.trustedKeys === undefined ? {} : { trustedKeys: 'stock' }),
      ...(drivers.length === 0 ? {} : { drivers: drivers.map(describeDriver) }),
      ...(blobSettings.length === 0
        ? {}
        : { firmware: blobSettings.map(({ symbol, value }) => `${symbol}=${value}`) }),
      tools: ['gcc', 'ld', 'make', 'pahole', 'flex', 'bison'].map(toolIdentity),
    },
    schema: configureResultSchema,
    clean: [workspace.configure],
    outputs: ({ config, stockConfig, report }) => [config, stockConfig, report],
    async run({ step, signal }) {
      const shipped = await readTextFile(config, 'config');
      const kbuildArch = await readKbuildArch(config, architecture);
      refuseAbiRisk(request, shipped);
      const variables = toolVariables(shipped);
      const means = await signingMeans(tree);
      const configured = await configureNetboot({
        tree,
        architecture: kbuildArch,
        shippedConfig: config,
        scope: typeof scope === 'string' ? scope : await readFleet(scope.fleet),
        wishes,
        settings: [
          ...signingSettings(shipped, means),
          ...(stock?.result.trustedKeys === undefined ? [] : trustSettings(shipped, means)),
          ...debugInfoSettings(shipped, request.debugInfo),
          ...rivalSettings(rivals),
          ...blobSettings,
        ],
        makeArguments: Object.entries(variables).map(([name, value]) => `${name}=${value}`),
        folder: workspace.configure,
        cacheFolder: join(workspace.folder, 'cache'),
        verify: true,
        step,
        ...(signal === undefined ? {} : { signal }),
      });
      const netboot = await readTextFile(configured.netbootConfig, 'config');
      for (const { driver, module, symbol } of requireUsable(rivals, netboot)) {
        step.info(
          `${module} is in the kernel too (CONFIG_${symbol}): ${driver.name}'s goes first.`,
        );
      }
      return {
        config: configured.netbootConfig,
        stockConfig: configured.stockConfig,
        report: configured.reportFile,
        shippedToStock: configured.delta.shippedToStock,
        kbuildArch,
        toolVariables: variables,
      };
    },
  };
}
