import { type FirmwareGap, firmwareGaps } from '../kernel/firmware/gaps.ts';
import { askersOf } from '../kernel/firmware/need.ts';
import type { NetbootDrivers } from './netboot-drivers.ts';

/** What a driver in the image loads into its devices, and what of it is missing there. */
export interface DriverFirmware {
  /** Names of the blobs in the image. */
  readonly embedded: readonly string[];
  /** By the module that asks; empty if nothing is missing. */
  readonly gaps: readonly FirmwareGap[];
  /** None of what a link hangs on is in the image: no device of it can have one. */
  readonly forbidsLink: boolean;
}

/**
 * The firmware of a driver. Which of several blobs a device wants is decided by its chip: that is not
 * told.
 *
 * @returns undefined for a driver that is not in the image, or asks for nothing, as far as is known
 */
export function driverFirmware(
  module: string,
  { builtIn, firmware }: NetbootDrivers,
): DriverFirmware | undefined {
  if (!builtIn.has(module)) return undefined;
  const askers = askersOf(module);
  const own = firmware.filter(
    ({ driver, need }) => askers.includes(driver) && need !== 'no-netboot',
  );
  if (own.length === 0) return undefined;
  const needed = own.filter(({ need, state }) => need === 'link' && state !== 'left-out');
  return {
    embedded: own.filter(({ state }) => state === 'embedded').map(({ path }) => path),
    gaps: firmwareGaps(own),
    forbidsLink:
      needed.length > 0 &&
      needed.length === own.filter(({ state }) => state !== 'left-out').length &&
      needed.every(({ state }) => state === 'missing'),
  };
}
