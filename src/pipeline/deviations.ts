import { basename, join } from 'node:path';
import { type FleetRecord, type KeptFile, layoutOf, type Provenance } from '../bundle/manifest.ts';
import { plural } from '../bundle/text-layout.ts';
import { readFleet } from '../kernel/configure/fleet/fleet.ts';
import { embeddedBlobs } from '../kernel/firmware/index.ts';
import type { VendorDriver } from '../kernel/vendor/index.ts';
import { formatBytes, sha256File } from '../system/files.ts';
import type { BuildRequest } from './request.ts';
import type { FirmwareResult } from './stages/firmware.ts';

/** What a bundle says of the build's wishes, and the files that it keeps for it. */
export interface Deviations {
  /** For a person: where the build departs from the package on request. */
  readonly deviations: Provenance['settings']['deviations'];
  /** For `build --like`: all that is needed to ask for the same again. */
  readonly wishes: NonNullable<Provenance['settings']['wishes']>;
  /** What the scope `fleet` is, likewise. */
  readonly fleet?: FleetRecord;
  /** The files to be kept, by their names in the archive. */
  readonly kept: ReadonlyMap<string, string>;
}

/** What of the package's kernel is other since there are blobs in its image. */
function firmwareDeviations(
  request: BuildRequest,
  firmware: FirmwareResult | undefined,
): Deviations['deviations'] {
  if (firmware === undefined || firmware.way === null) return [];
  const blobs = embeddedBlobs(firmware.blobs);
  const bytes = blobs.reduce((sum, blob) => sum + (blob.bytes ?? 0), 0);
  const names = (request.firmware?.collections ?? []).map((path) => `--firmware ${basename(path)}`);
  const what = `firmware in the image: ${plural(blobs.length, 'blob')}, ${formatBytes(bytes)}`;
  return [{ what, reason: `${names.join(', ')} (${firmware.way})` }];
}

/** A name that every archive and file system takes. */
function plainName(path: string): string {
  return basename(path).replace(/[^\w.+~@-]/g, '_');
}

/** What a bundle says of the fleet that it is for, if it is for one. */
async function recordFleet(
  { scope }: BuildRequest,
  keep: (path: string) => Promise<KeptFile>,
): Promise<FleetRecord | undefined> {
  if (typeof scope === 'string') return undefined;
  const { machines, drivers } = await readFleet(scope.fleet);
  return {
    file: await keep(scope.fleet),
    machines: machines.map(({ name }) => name),
    drivers: drivers.map(({ module }) => module),
  };
}

/**
 * Puts down where a build departs from its package on request, and what it takes to repeat that.
 *
 * @throws BootwrightError `BW-FILE-MISSING` and the like, for a file that is gone
 */
export async function recordDeviations(
  request: BuildRequest,
  kernelRelease: string,
  given: readonly VendorDriver[] = [],
  firmware?: FirmwareResult,
): Promise<Deviations> {
  const { promote = [], exclude = [], fragment } = request.wishes ?? {};
  const folder = layoutOf(kernelRelease).kept;
  const kept = new Map<string, string>();
  const keep = async (source: string, kind: string): Promise<KeptFile> => {
    // The name by which a repeated build will find it, so that it has the same bytes.
    const name = plainName(source);
    const path = `${folder}/${kind}/${name}`;
    kept.set(path, source);
    return { name, sha256: await sha256File(source), path };
  };
  const fleet = await recordFleet(request, (path) => keep(path, 'fleet'));
  const config = request.config === undefined ? undefined : await keep(request.config, 'config');
  const fragmentFile = fragment === undefined ? undefined : await keep(fragment, 'fragment');
  const patches: KeptFile[] = [];
  for (const patch of request.patches ?? []) {
    patches.push(await keep(patch, `patch-${patches.length + 1}`));
  }
  const drivers = given.map((driver, index) => {
    const { name, builtIn, sha256, version } = driver;
    const files = driver.files.map((file): KeptFile => {
      const path = `${folder}/module-${index + 1}/${name}/${file.path}`;
      kept.set(path, join(driver.folder, file.path));
      return { name: file.path, sha256: file.sha256, path };
    });
    return { name, builtIn, sha256, ...(version === undefined ? {} : { version }), files };
  });
  const deviations: { what: string; reason: string }[] = [];
  const add = (what: string, reason: string): number => deviations.push({ what, reason });
  if (config !== undefined) add('config', "--config: not the package's own config");
  if (request.modules === 'none') add('modules', '--modules none: the image alone');
  if (typeof request.modules === 'object') {
    add('modules', "--modules stock: the vendor's own, those in the image left out");
  }
  if (request.debugInfo === 'off') add('debug information', '--debug-info off');
  for (const name of promote) add(`built in: ${name}`, `--promote ${name}`);
  for (const name of exclude) add(`as in stock: ${name}`, `--exclude ${name}`);
  if (fragmentFile !== undefined) add('config lines', `--fragment ${fragmentFile.name}`);
  for (const { name, sha256 } of patches) add('patch', `--patch ${name}, sha256 ${sha256}`);
  for (const { name, builtIn, version, sha256 } of drivers) {
    const which = version === undefined ? '' : ` ${version}`;
    const option = `--with-module ${name}${builtIn ? '=y' : ''}`;
    add(
      `driver ${name}${which}, ${builtIn ? 'built in' : 'a module'}`,
      `${option}, sha256 ${sha256}`,
    );
  }
  for (const [name, value] of Object.entries(request.defines)) {
    add(`macro ${name}`, `--define '${name} ${value}'`);
  }
  return {
    deviations: [...deviations, ...firmwareDeviations(request, firmware)],
    wishes: {
      ...(config === undefined ? {} : { config }),
      defines: request.defines,
      promote: [...promote],
      exclude: [...exclude],
      ...(fragmentFile === undefined ? {} : { fragment: fragmentFile }),
      patches,
      ...(drivers.length === 0 ? {} : { drivers }),
    },
    ...(fleet === undefined ? {} : { fleet }),
    kept,
  };
}
