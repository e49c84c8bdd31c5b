import type { Bundle } from '../../bundle/open.ts';
import { BootwrightError } from '../../system/errors/index.ts';
import type { BootTime } from './boot-times.ts';
import type { ImageEstimate, Share } from './price.ts';
import type { MachineVerdict, Suggestion } from './suggest.ts';

/** What a bundle weighs and takes, as it was built and proved. */
export interface MeasuredBundle {
  readonly bundle: string;
  readonly scope: string;
  /** Of the kernel image. */
  readonly bytes: number;
  readonly boots: readonly BootTime[];
}

/** What `bootwright coverage --suggest` finds out. */
export interface FleetReport {
  readonly schema: 'bootwright/fleet-suggestion';
  readonly version: 1;
  readonly kernelRelease: string;
  /** Whether the ids of stock's drivers were at hand. */
  readonly stock: boolean;
  readonly suggestion: Suggestion;
  readonly price: {
    /** The bundle that was asked, if one was. */
    readonly now?: MeasuredBundle;
    /** The drivers with what they need, unpacked, as stock's modules have them. */
    readonly drivers?: Share;
    /** Of the image with the suggested scope; only stock's modules can tell. */
    readonly estimate?: ImageEstimate;
    /** A bundle that was built with it. */
    readonly built?: MeasuredBundle;
  };
  /** The fleet file that was written. */
  readonly file?: string;
}

export function measuredBundle(
  { manifest }: Pick<Bundle, 'manifest'>,
  boots: readonly BootTime[],
): MeasuredBundle {
  const { id, settings, kernel } = manifest;
  return { bundle: id, scope: settings.scope, bytes: kernel.bytes, boots };
}

/**
 * Makes sure that a bundle that is said to be built for the fleet is: it is of the same kernel, and has
 * what is suggested in its image.
 *
 * @param builtIn - names of what it has in its image
 * @throws BootwrightError `BW-FLEET-OTHER-BUNDLE`
 */
export function requireComparable(
  built: Pick<Bundle, 'manifest'>,
  builtIn: ReadonlySet<string>,
  kernelRelease: string,
  { drivers }: Suggestion,
): void {
  const { id, target } = built.manifest;
  if (target.kernelRelease !== kernelRelease) {
    throw new BootwrightError(
      'BW-FLEET-OTHER-BUNDLE',
      `${id} is of ${target.kernelRelease}; the suggestion is for ${kernelRelease}.`,
    );
  }
  const missing = drivers.filter(({ module }) => !builtIn.has(module));
  if (missing.length === 0) return;
  throw new BootwrightError(
    'BW-FLEET-OTHER-BUNDLE',
    `${id} does not have in its image: ${missing.map(({ module }) => module).join(', ')}.`,
  );
}

/** The error that a suggestion stands for; undefined if it boots every machine. */
export function fleetError({ suggestion: { machines } }: FleetReport): BootwrightError | undefined {
  const names = (...verdicts: readonly MachineVerdict[]): string =>
    machines
      .filter(({ verdict }) => verdicts.includes(verdict))
      .map(({ name }) => name)
      .join(', ');
  const notServed = names('not-served');
  if (notServed !== '') {
    return new BootwrightError('BW-FLEET-NOT-SERVED', `No driver serves: ${notServed}.`);
  }
  const open = names('unknown', 'no-network-device');
  return open === '' ? undefined : new BootwrightError('BW-FLEET-UNKNOWN', `Not known: ${open}.`);
}
