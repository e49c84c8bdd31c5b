import type { FirmwareBlob } from './choose.ts';
import type { FirmwareNeed } from './need.ts';

/** A driver that lacks blobs, and what comes of that. */
export interface FirmwareGap {
  readonly driver: string;
  /** The worst of what hangs on one of them. */
  readonly need: FirmwareNeed;
  readonly missing: readonly string[];
  /** How many it has of those that it should have. */
  readonly embedded: number;
  /** Sentences without their full stops, the worst first. */
  readonly consequences: readonly string[];
}

/** From what keeps a machine from netbooting to what hardly matters. */
const worstFirst: readonly FirmwareNeed[] = [
  'link',
  'depends',
  'unknown',
  'optional',
  'no-netboot',
];

function byNeed(a: { readonly need: FirmwareNeed }, b: { readonly need: FirmwareNeed }): number {
  return worstFirst.indexOf(a.need) - worstFirst.indexOf(b.need);
}

/** The drivers that lack blobs, the worst first. */
export function firmwareGaps(blobs: readonly FirmwareBlob[]): readonly FirmwareGap[] {
  const missing = blobs.filter(({ state }) => state === 'missing');
  const drivers = [...new Set(missing.map(({ driver }) => driver))];
  return drivers
    .flatMap((driver) => {
      const own = missing.filter((blob) => blob.driver === driver).sort(byNeed);
      const [worst] = own;
      if (worst === undefined) return [];
      const embedded = blobs.filter(
        (blob) => blob.driver === driver && blob.state === 'embedded',
      ).length;
      return {
        driver,
        need: worst.need,
        missing: own.map(({ path }) => path).sort(),
        embedded,
        consequences: [...new Set(own.map(({ consequence }) => consequence))],
      };
    })
    .sort((a, b) => byNeed(a, b) || (a.driver < b.driver ? -1 : 1));
}

/** A line for each driver: its name, how much is missing, and what comes of that. */
export function describeGaps(gaps: readonly FirmwareGap[]): string[] {
  const cells = gaps.map(({ driver, missing, embedded, consequences }) => [
    driver,
    `${missing.length} of ${missing.length + embedded} missing`,
    consequences.join('; '),
  ]);
  const width = (column: number): number =>
    Math.max(...cells.map((row) => row[column]?.length ?? 0));
  return cells.map(([driver = '', count = '', consequence = '']) =>
    `${driver.padEnd(width(0))}  ${count.padEnd(width(1))}  ${consequence}`.trimEnd(),
  );
}
