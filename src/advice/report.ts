import type { SystemName } from '../hardware/index.ts';
import { BootwrightError } from '../system/errors/index.ts';
import type { Advice } from './advise.ts';
import type { Configuration } from './configuration.ts';
import { isOverNetwork, type RootKind } from './root-on.ts';

/** What `bootwright advice` finds out. */
export interface AdviceReport extends Advice {
  readonly schema: 'bootwright/advice';
  readonly version: 1;
  readonly bundle: string;
  readonly kernelRelease: string;
  readonly system?: SystemName;
  /** What the root was said to be on; empty if that was not told. */
  readonly rootOn: readonly RootKind[];
  /** If it was asked for: the advice in the words of a program that makes initramfs images. */
  readonly configuration?: Configuration;
}

/** The error that an advice stands for by which no root will be found; undefined for any other. */
export function adviceError({ devices, rootOn }: AdviceReport): BootwrightError | undefined {
  const bearers =
    rootOn.length === 0 ? ['disk', 'network'] : [isOverNetwork(rootOn) ? 'network' : 'disk'];
  const words = bearers
    .map((purpose) => (purpose === 'disk' ? 'disk controller' : 'network card'))
    .join(' or ');
  const found = devices.filter(({ purpose }) => bearers.includes(purpose));
  if (found.length === 0) {
    return new BootwrightError(
      'BW-ADVICE-NO-DEVICE',
      `There are devices in the description, but no ${words}.`,
    );
  }
  if (found.every(({ state }) => state === 'unknown')) {
    return new BootwrightError(
      'BW-ADVICE-UNKNOWN',
      `No ${words} of the machine is claimed by a stock module.`,
    );
  }
  return undefined;
}
