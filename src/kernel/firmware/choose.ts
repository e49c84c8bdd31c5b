import { z } from 'zod';
import { type FirmwareNeed, firmwareNeedSchema, needOf, newestFirst, seriesOf } from './need.ts';
import { type FirmwareRequest, firmwareRequestSchema, isBlobName } from './request.ts';

/** What becomes of a blob that a driver may ask for. */
const blobStates = [
  /** It is in the image. */
  'embedded',
  /** It would be, but there is none. */
  'missing',
  /** It is not meant to be: no netboot hangs on it, or a newer one stands in for it. */
  'left-out',
] as const;

/** A blob that a driver may ask for, what hangs on it, and what has become of it. */
export const firmwareBlobSchema = z.object({
  ...firmwareRequestSchema.shape,
  need: firmwareNeedSchema,
  /** What happens without it, as a sentence without its full stop. */
  consequence: z.string(),
  state: z.enum(blobStates),
  /** Of one that is embedded: size in bytes, unpacked. */
  bytes: z.int().nonnegative().exactOptional(),
  sha256: z.string().exactOptional(),
  /** The collection that it is from, and its name there. */
  source: z.string().exactOptional(),
  sourceFile: z.string().exactOptional(),
  /** What the collection says of its licence. */
  licence: z.string().exactOptional(),
});
export type FirmwareBlob = z.infer<typeof firmwareBlobSchema>;

/** What is known of a blob that was found. */
export interface BlobFacts {
  readonly bytes: number;
  readonly sha256: string;
  readonly source: string;
  readonly sourceFile: string;
  readonly licence?: string;
}

/** Needs of which the blobs come into an image. */
const embeddedNeeds: readonly FirmwareNeed[] = ['link', 'depends', 'optional', 'unknown'];

/** The names of the blobs that an image should have, if they are to be had. */
export function wantedBlobs(requests: readonly FirmwareRequest[]): readonly string[] {
  const paths = requests
    .filter((request) => embeddedNeeds.includes(needOf(request).need) && isBlobName(request.path))
    .map(({ path }) => path);
  return [...new Set(paths)].sort();
}

/** The names, by series of which one blob is enough: the newest that was found, or the newest of all. */
function chosenOfSeries(
  requests: readonly FirmwareRequest[],
  found: ReadonlyMap<string, BlobFacts>,
): ReadonlyMap<string, string> {
  const series = new Map<string, string[]>();
  for (const request of requests) {
    const name = seriesOf(request);
    if (name !== undefined) series.set(name, [...(series.get(name) ?? []), request.path]);
  }
  const chosen = new Map<string, string>();
  for (const [name, paths] of series) {
    const sorted = paths.sort(newestFirst);
    const best = sorted.find((path) => found.has(path)) ?? sorted[0];
    if (best !== undefined) chosen.set(name, best);
  }
  return chosen;
}

/**
 * Decides what becomes of each blob that the drivers of an image may ask for.
 *
 * @param found - what the collections have, by name
 */
export function chooseBlobs(
  requests: readonly FirmwareRequest[],
  found: ReadonlyMap<string, BlobFacts>,
): readonly FirmwareBlob[] {
  const chosen = chosenOfSeries(requests, found);
  return requests.map((request) => {
    const { need, consequence } = needOf(request);
    const facts = found.get(request.path);
    const series = seriesOf(request);
    const standIn = series === undefined ? undefined : chosen.get(series);
    if (!embeddedNeeds.includes(need)) return { ...request, need, consequence, state: 'left-out' };
    if (standIn !== undefined && standIn !== request.path) {
      const instead = `${standIn} stands in for it`;
      return { ...request, need, consequence: instead, state: 'left-out' };
    }
    if (facts === undefined) return { ...request, need, consequence, state: 'missing' };
    return { ...request, need, consequence, state: 'embedded', ...facts };
  });
}

/** The blobs in an image, each once: two drivers may ask for the same. */
export function embeddedBlobs(blobs: readonly FirmwareBlob[]): readonly FirmwareBlob[] {
  const embedded = new Map<string, FirmwareBlob>();
  for (const blob of blobs) if (blob.state === 'embedded') embedded.set(blob.path, blob);
  return [...embedded.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}
