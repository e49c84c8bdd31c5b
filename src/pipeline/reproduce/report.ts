import type { MemberDifference } from '../../bundle/reproduction/report.ts';
import { BootwrightError } from '../../system/errors/index.ts';
import type { DiffoscopeOutput } from './diffoscope.ts';
import type { OtherTool } from './inputs.ts';
import type { SignedWith } from './signing.ts';

/** What came of building a bundle anew. */
export interface Reproduction {
  readonly schema: 'bootwright/reproduction';
  readonly version: 1;
  /** The bundle's id. */
  readonly bundle: string;
  /** Whether the two have the same bytes. */
  readonly verdict: 'same' | 'different';
  /** The archives; of bundles whose files lie in a folder, their manifests, which have all digests. */
  readonly original: { readonly path: string; readonly sha256: string };
  readonly rebuilt: { readonly path: string; readonly sha256: string };
  readonly signedWith: SignedWith;
  /** How the second build was surrounded. */
  readonly build: {
    readonly folder: string;
    readonly jobs: number;
    readonly ccache: boolean;
    readonly umask: string;
    readonly user: string;
    readonly home: string;
  };
  /** Tools that are not those which made the bundle. */
  readonly otherTools: readonly OtherTool[];
  /** Files that differ; none, if only the packing of the archive does. */
  readonly differences: readonly MemberDifference[];
  readonly diffoscope: readonly DiffoscopeOutput[];
  /** What is left of it to look at: absent if nothing is. */
  readonly kept?: string;
}

/** How many files an error names. */
const namedFiles = 20;

/** The error that bundles which differ stand for; undefined if they are the same. */
export function reproductionError(reproduction: Reproduction): BootwrightError | undefined {
  const { verdict, differences, bundle, kept, original, rebuilt } = reproduction;
  if (verdict === 'same') return undefined;
  const [first] = differences;
  const hint = kept === undefined ? {} : { hint: `Look at both in "${kept}", and delete it then.` };
  if (first === undefined) {
    return new BootwrightError(
      'BW-REPRODUCE-DIFFERS',
      `All files of ${bundle} came out the same; the archive was packed otherwise (SHA-256 ${original.sha256}, now ${rebuilt.sha256}).`,
      {
        hint: 'tar or the compressor is of another version than when the bundle was packed. Pack with the same, or compare the files, as was done here.',
      },
    );
  }
  const where = first.places[0]?.where;
  const others =
    differences.length === 1 ? '' : `, and ${differences.length - 1} more of its files differ`;
  return new BootwrightError(
    'BW-REPRODUCE-DIFFERS',
    `${first.path} ${first.kind === 'changed' ? 'came out otherwise' : `is ${first.kind}`}${where === undefined ? '' : ` (${where})`}${others}.`,
    {
      excerpt: differences
        .slice(0, namedFiles)
        .map(({ path, kind, places }) => `${path}: ${places[0]?.where ?? kind}`),
      ...hint,
    },
  );
}
