import type { Manifest } from '../bundle/manifest.ts';
import type { HardwareReport, SystemName } from '../hardware/index.ts';
import { BootwrightError } from '../system/errors/index.ts';
import { assessBundle, type BundleCoverage, type OwnDrivers, ownDrivers } from './assess-bundle.ts';
import { assessMachine, type MachineCoverage } from './assess-machine.ts';
import type { NetbootDrivers } from './netboot-drivers.ts';
import type { StockIndex } from './stock-index.ts';
import { stockOfWrapped } from './wrapped-stock.ts';

/** What `bootwright coverage` finds out. */
export interface CoverageReport {
  readonly schema: 'bootwright/coverage';
  readonly version: 1;
  readonly bundle: string;
  readonly kernelRelease: string;
  /** Whether the ids of stock's drivers were at hand. */
  readonly stock: boolean;
  /** If a machine was asked about. */
  readonly machine?: MachineCoverage & { readonly system?: SystemName };
  /** If none was: all network devices of stock … */
  readonly coverage?: BundleCoverage;
  /** … or, without the ids of stock, the drivers by their names. */
  readonly drivers?: OwnDrivers;
}

/**
 * Puts together what there is to say.
 *
 * @param given - what stock's drivers claim; a wrapped kernel's bundle tells it by itself
 * @param machine - the machine that is asked about; without one, the bundle by itself is told of
 */
export function coverageReport(
  manifest: Manifest,
  netboot: NetbootDrivers,
  given: StockIndex | undefined,
  machine: HardwareReport | undefined,
): CoverageReport {
  const stock = given ?? stockOfWrapped(netboot);
  const head = {
    schema: 'bootwright/coverage',
    version: 1,
    bundle: manifest.id,
    kernelRelease: manifest.target.kernelRelease,
    stock: stock !== undefined,
  } as const;
  if (machine !== undefined) {
    const { system, devices } = machine;
    const covered = assessMachine(devices, netboot, stock);
    return { ...head, machine: { ...(system === undefined ? {} : { system }), ...covered } };
  }
  return stock === undefined
    ? { ...head, drivers: ownDrivers(netboot) }
    : { ...head, coverage: assessBundle(netboot, stock) };
}

/** The error that a verdict stands for; undefined for a machine that netboots, or without one. */
export function coverageError({ machine, bundle }: CoverageReport): BootwrightError | undefined {
  switch (machine?.verdict) {
    case 'does-not':
      return new BootwrightError(
        'BW-COVERAGE-NOT-SERVED',
        `None of its ${machine.devices.length} network cards is driven by the image of ${bundle}.`,
      );
    case 'unknown':
      return new BootwrightError(
        'BW-COVERAGE-UNKNOWN',
        `Which of its ${machine.devices.length} network cards the image of ${bundle} drives is not known.`,
      );
    case 'no-network-device':
      return new BootwrightError(
        'BW-COVERAGE-NO-CARD',
        'There are devices in it, but none of a network.',
      );
    default:
      return undefined;
  }
}
