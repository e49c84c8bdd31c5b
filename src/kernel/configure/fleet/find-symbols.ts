import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { BootwrightError, isSystemError } from '../../../system/errors/index.ts';
import { modulesOfMakefile, symbolsOfModule } from '../../vendor/makefile.ts';
import { distance } from '../explanation/similar.ts';
import type { Fleet, FleetBus, FleetDriver } from './fleet.ts';

/** A driver of a fleet, with the symbols that have kbuild compile it: some have several. */
export interface FleetMember {
  readonly driver: FleetDriver;
  /** Without CONFIG_; at least one. */
  readonly symbols: readonly string[];
}

/** A fleet's drivers in terms of a tree. */
export interface FleetScope {
  readonly name: 'fleet';
  readonly members: readonly FleetMember[];
  /** Buses that the fleet's cards sit on; undefined if that is not known. */
  readonly buses: readonly FleetBus[] | undefined;
}

async function makefileIn(folder: string): Promise<string | undefined> {
  // Kbuild goes first where there are both (scripts/Makefile.build).
  for (const name of ['Kbuild', 'Makefile']) {
    try {
      return await readFile(join(folder, name), 'latin1');
    } catch (error) {
      if (!isSystemError(error, 'ENOENT', 'ENOTDIR')) throw error;
    }
  }
  return undefined;
}

/** The Makefiles below a tree's folder of drivers. */
async function driverMakefiles(tree: string): Promise<readonly string[]> {
  const texts: string[] = [];
  const entries = await readdir(join(tree, 'drivers'), { recursive: true, withFileTypes: true });
  for (const { name, parentPath } of entries) {
    if (/^(?:Makefile|Kbuild)$/.test(name)) {
      texts.push(await readFile(join(parentPath, name), 'latin1'));
    }
  }
  return texts;
}

const plain = (module: string): string => module.replaceAll('-', '_');

function unknownDriver(driver: FleetDriver, makefiles: readonly string[]): BootwrightError {
  const module = plain(driver.module);
  const farthest = Math.max(1, Math.floor(module.length / 4));
  const near = [...new Set(makefiles.flatMap(modulesOfMakefile))]
    .map((name) => ({ name, edits: distance(module, name, farthest) }))
    .filter(({ edits }) => edits <= farthest)
    .sort((one, two) => one.edits - two.edits || (one.name < two.name ? -1 : 1))
    .slice(0, 3)
    .map(({ name }) => name);
  return new BootwrightError(
    'BW-FLEET-UNKNOWN-DRIVER',
    `No Makefile of the tree makes the module ${module}${driver.machines.length === 0 ? '' : ` (needed by ${driver.machines.slice(0, 3).join(', ')})`}.`,
    near.length === 0 ? {} : { hint: `Did you mean ${near.join(' or ')}? Correct the fleet file.` },
  );
}

/**
 * Finds by a tree's Makefiles which symbols a fleet's drivers are compiled by. A driver's own folder
 * tells, where the fleet file names it; else all folders of drivers are looked through.
 *
 * @param tree - root folder of the kernel tree
 * @throws BootwrightError `BW-FLEET-UNKNOWN-DRIVER`
 */
export async function findFleetSymbols(tree: string, fleet: Fleet): Promise<FleetScope> {
  let all: readonly string[] | undefined;
  const members: FleetMember[] = [];
  for (const driver of fleet.drivers) {
    if (driver.symbol !== undefined) {
      members.push({ driver, symbols: [driver.symbol] });
      continue;
    }
    const module = plain(driver.module);
    const own =
      driver.path === undefined
        ? undefined
        : await makefileIn(join(tree, dirname(driver.path.replace(/^kernel\//, ''))));
    let symbols = symbolsOfModule(own ?? '', module);
    if (symbols.length === 0) {
      all ??= await driverMakefiles(tree);
      symbols = all.flatMap((text) => symbolsOfModule(text, module));
      if (symbols.length === 0) throw unknownDriver(driver, all);
    }
    members.push({ driver, symbols: [...new Set(symbols)] });
  }
  return { name: 'fleet', members, buses: fleet.buses };
}
