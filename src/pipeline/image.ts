import { plural } from '../bundle/text-layout.ts';
import type { CompiledKernel } from '../kernel/compile/index.ts';
import {
  describeGaps,
  type FirmwareRequest,
  firmwareGaps,
  readFirmwareRequests,
} from '../kernel/firmware/index.ts';
import type { VendorDriver } from '../kernel/vendor/index.ts';
import { BootwrightError } from '../system/errors/index.ts';
import type { FindKey, Perform } from './build.ts';
import type { BuildRequest } from './request.ts';
import type { StageOutcome } from './stage.ts';
import { compileStage } from './stages/compile.ts';
import { type ConfigureResult, configureStage } from './stages/configure.ts';
import {
  embeddedDigest,
  type FirmwareResult,
  firmwareStage,
  rememberedRequests,
} from './stages/firmware.ts';
import { firmwareRequestsStage } from './stages/firmware-requests.ts';
import type { SourceResult } from './stages/source.ts';
import type { StockResult } from './stages/stock.ts';
import type { Workspace } from './workspace.ts';

/** What an image is made from. */
export interface ImageInputs {
  readonly request: BuildRequest;
  readonly drivers: readonly VendorDriver[];
  readonly workspace: Workspace;
  readonly source: StageOutcome<SourceResult>;
  /** Absent unless the modules are stock's. */
  readonly stock?: StageOutcome<StockResult>;
}

/** An image, with what it was made by. */
export interface MadeImage {
  readonly configured: StageOutcome<ConfigureResult>;
  readonly compiled: StageOutcome<CompiledKernel>;
  /** Undefined where neither the image (before 5.2) nor stock's modules tell what its drivers ask for. */
  readonly firmware?: FirmwareResult;
}

/** The chain of stages has ended before there was an image. */
export interface NoImage {
  readonly until: 'source' | 'configure' | 'compile';
}

/** Refuses gaps where none are allowed. */
function requireFirmware(request: BuildRequest, firmware: FirmwareResult | undefined): void {
  if (request.firmware?.strict !== true) return;
  if (firmware === undefined) {
    throw new BootwrightError(
      'BW-FIRMWARE-UNTOLD',
      'There is no modules.builtin.modinfo and no stock module to ask, so --firmware strict cannot be kept.',
    );
  }
  const gaps = firmwareGaps(firmware.blobs);
  if (gaps.length === 0) return;
  const blobs = gaps.reduce((sum, { missing }) => sum + missing.length, 0);
  throw new BootwrightError(
    'BW-FIRMWARE-MISSING',
    `${plural(blobs, 'blob')} of ${plural(gaps.length, 'driver')}: ${gaps.map(({ driver }) => driver).join(', ')}.`,
    { excerpt: describeGaps(gaps) },
  );
}

/** What the drivers ask for, by stock's modules; undefined if these are not at hand. */
async function askStock(
  request: BuildRequest,
  compiled: StageOutcome<CompiledKernel>,
  perform: Perform,
): Promise<readonly FirmwareRequest[] | undefined> {
  const stage = await firmwareRequestsStage(request, compiled);
  return stage === undefined ? undefined : (await perform('compile', stage))?.result;
}

/**
 * The stages from the source to an image that has the firmware its drivers ask for. Which blobs
 * those are is told by the image itself, once it is compiled; then config and image are made again
 * with them, which links and compiles little else. Where the drivers are those of the run before,
 * what they ask for is known from it, and all is made once.
 *
 * @throws BootwrightError `BW-FIRMWARE-MISSING`, `BW-FIRMWARE-UNTOLD`, and what the stages throw
 */
export async function makeImage(
  { request, drivers, workspace, source, stock }: ImageInputs,
  perform: Perform,
  findKey: FindKey,
): Promise<MadeImage | NoImage> {
  const gather = async (
    name: 'configure' | 'compile',
    requests: readonly FirmwareRequest[],
  ): Promise<FirmwareResult | undefined> => {
    const stage = await firmwareStage(request, workspace, source, requests);
    return (await perform(name, stage))?.result;
  };
  let known = await rememberedRequests(workspace);
  let firmware: FirmwareResult | undefined;
  if (known !== undefined) {
    firmware = await gather('configure', known);
    if (firmware === undefined) return { until: 'source' };
  }
  for (;;) {
    const configured = await perform(
      'configure',
      await configureStage(request, workspace, source, drivers, stock, firmware),
    );
    if (configured === undefined) return { until: 'source' };
    const signing = await findKey(configured.result.config);
    const compiled = await perform(
      'compile',
      compileStage(request, workspace, source, configured, signing, drivers, stock, firmware),
    );
    if (compiled === undefined) return { until: 'configure' };
    const asked =
      (await readFirmwareRequests(compiled.result.objects)) ??
      (await askStock(request, compiled, perform));
    if (asked === undefined) {
      requireFirmware(request, undefined);
      return { configured, compiled };
    }
    if (JSON.stringify(asked) !== JSON.stringify(known)) {
      const before = embeddedDigest(firmware);
      firmware = await gather('compile', asked);
      if (firmware === undefined) return { until: 'compile' };
      known = asked;
      // What is in the image hangs on what the drivers ask for, and not the other way round.
      if (embeddedDigest(firmware) !== before) continue;
    }
    requireFirmware(request, firmware);
    return { configured, compiled, ...(firmware === undefined ? {} : { firmware }) };
  }
}
