import { readFleet } from '../kernel/configure/fleet/fleet.ts';
import { readFragment } from '../kernel/configure/wishes.ts';
import { assertCollection } from '../kernel/firmware/index.ts';
import { readPatch } from '../kernel/source/index.ts';
import { readVendorDrivers, type VendorDriver } from '../kernel/vendor/index.ts';
import { BootwrightError } from '../system/errors/index.ts';
import { exists } from '../system/files.ts';
import type { BuildRequest } from './request.ts';

/** What has been read of the files and folders that a person has given to a build. */
export interface Given {
  readonly drivers: readonly VendorDriver[];
}

/**
 * Looks at the files that a person has named before anything that takes time: that a patch's name
 * was misspelt should not be told after the package has been prepared.
 *
 * @throws BootwrightError `BW-FILE-MISSING`, `BW-PATCH-EMPTY`, `BW-CONFIG-NOT-A-CONFIG`,
 *   `BW-FLEET-INVALID`, `BW-FLEET-IS-HARDWARE`, `BW-VENDOR-SOURCE`, `BW-VENDOR-NO-MODULES`,
 *   `BW-STOCK-DEBUG-INFO`
 */
export async function readGiven(request: BuildRequest): Promise<Given> {
  const { patches = [], scope, wishes, stock = [], firmware } = request;
  for (const patch of patches) await readPatch(patch);
  if (wishes?.fragment !== undefined) await readFragment(wishes.fragment);
  if (typeof scope !== 'string') await readFleet(scope.fleet);
  for (const path of stock) {
    if (await exists(path)) continue;
    throw new BootwrightError('BW-FILE-MISSING', `There is no stock kernel at "${path}".`);
  }
  for (const collection of firmware?.collections ?? []) await assertCollection(collection);
  const drivers = await readVendorDrivers(request.drivers ?? []);
  const asModule = drivers.find(({ builtIn }) => !builtIn);
  if (asModule !== undefined && request.modules === 'none') {
    throw new BootwrightError('BW-VENDOR-NO-MODULES', `"${asModule.folder}" is to be a module.`);
  }
  if (typeof request.modules === 'object' && request.debugInfo === 'off') {
    throw new BootwrightError('BW-STOCK-DEBUG-INFO', '--debug-info off beside --modules stock.');
  }
  return { drivers };
}
