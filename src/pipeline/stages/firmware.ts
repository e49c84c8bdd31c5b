import { join } from 'node:path';
import { z } from 'zod';
import { plural } from '../../bundle/text-layout.ts';
import {
  chooseWay,
  embeddedBlobs,
  type FirmwareBlob,
  type FirmwareRequest,
  firmwareBlobSchema,
  firmwareRequestSchema,
  firmwareSettings,
  firmwareWays,
  gatherFirmware,
  identifyFirmware,
  readFirmwareMeans,
} from '../../kernel/firmware/index.ts';
import { BootwrightError } from '../../system/errors/index.ts';
import { formatBytes, readTextFile, sha256, sha256File, writeWhole } from '../../system/files.ts';
import { toolIdentity } from '../../system/tools.ts';
import type { BuildRequest } from '../request.ts';
import type { Stage, StageOutcome } from '../stage.ts';
import type { Workspace } from '../workspace.ts';
import type { SourceResult } from './source.ts';

const firmwareResultSchema = z.object({
  /** How the blobs come into the image; null where none does. */
  way: z.enum(firmwareWays).nullable(),
  blobs: z.array(firmwareBlobSchema),
  /** The values of the config that bring them there. */
  settings: z.array(z.object({ symbol: z.string(), value: z.string(), reason: z.string() })),
});
/** The blobs that the image's drivers ask for, and what becomes of each. */
export type FirmwareResult = z.infer<typeof firmwareResultSchema>;

/** To be raised when this stage makes something else out of the same collections. */
const revision = 1;

/** What the image asked for when it was last made. */
function requestsFile(workspace: Workspace): string {
  return join(workspace.firmware, 'requests.json');
}

/**
 * What the image asked for when it was last made: so a build whose drivers are the same knows it
 * before it compiles. Undefined if there was none, or its record cannot be read.
 */
export async function rememberedRequests(
  workspace: Workspace,
): Promise<readonly FirmwareRequest[] | undefined> {
  try {
    const text = await readTextFile(requestsFile(workspace), 'record of the firmware');
    return z.array(firmwareRequestSchema).parse(JSON.parse(text));
  } catch (error) {
    const isUnreadable = error instanceof z.ZodError || error instanceof SyntaxError;
    if (isUnreadable || (error instanceof BootwrightError && error.code === 'BW-FILE-MISSING')) {
      return undefined;
    }
    throw error;
  }
}

/** What an image is made with: a change of it is a reason to make it again. */
export function embeddedDigest(firmware: FirmwareResult | undefined): string {
  const embedded = embeddedBlobs(firmware?.blobs ?? []);
  if (firmware === undefined || embedded.length === 0) return '';
  const blobs = embedded.map(({ path, sha256: digest }) => `${path} ${digest}`);
  return sha256(JSON.stringify([firmware.settings, blobs]));
}

function describe(blobs: readonly FirmwareBlob[]): string {
  const embedded = embeddedBlobs(blobs);
  const bytes = embedded.reduce((sum, blob) => sum + (blob.bytes ?? 0), 0);
  const missing = blobs.filter(({ state }) => state === 'missing').length;
  return `${plural(embedded.length, 'blob')}, ${formatBytes(bytes)}; ${missing} missing`;
}

/** Finds the blobs that the image's drivers ask for, and lays out those that come into it. */
export async function firmwareStage(
  request: BuildRequest,
  workspace: Workspace,
  source: StageOutcome<SourceResult>,
  requests: readonly FirmwareRequest[],
): Promise<Stage<FirmwareResult>> {
  const { collections = [], way = 'auto' } = request.firmware ?? {};
  const { target, tree, package: sourcePackage } = source.result;
  const { kernelRelease } = target;
  const blobs = join(workspace.firmware, 'blobs');
  const archive = join(workspace.firmware, 'firmware.cpio');
  return {
    name: 'firmware',
    title: 'Gather the firmware',
    determinants: {
      revision,
      source: source.digest,
      requests: sha256(JSON.stringify(requests)),
      collections: await Promise.all(
        collections.map((path) => identifyFirmware(path, requests, kernelRelease)),
      ),
      way,
      config: request.config === undefined ? 'shipped' : await sha256File(request.config),
      tools: collections.length === 0 ? [] : ['xz'].map(toolIdentity),
    },
    schema: firmwareResultSchema,
    // What is there and says the same keeps its time, so that it is not linked again.
    clean: [],
    outputs: (result) => {
      const embedded = embeddedBlobs(result.blobs).map(({ path }) => join(blobs, path));
      return [requestsFile(workspace), ...embedded, ...(embedded.length === 0 ? [] : [archive])];
    },
    async run({ step, signal }) {
      const found = await gatherFirmware({
        requests,
        collections,
        kernelRelease,
        blobs,
        archive,
        timestamp: sourcePackage.buildTime,
        ...(signal === undefined ? {} : { signal }),
      });
      step.note(describe(found));
      await writeWhole(requestsFile(workspace), `${JSON.stringify(requests)}\n`);
      if (embeddedBlobs(found).length === 0) return { way: null, blobs: [...found], settings: [] };
      const config = await readTextFile(request.config ?? source.result.shippedConfig, 'config');
      const chosen = chooseWay(await readFirmwareMeans(tree, config), way);
      const places = { tree, objects: workspace.objects, blobs, archive };
      return {
        way: chosen,
        blobs: [...found],
        settings: [...firmwareSettings(found, chosen, places)],
      };
    },
  };
}
